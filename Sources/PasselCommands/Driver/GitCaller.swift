import PasselCore
import PasselPosix
import PasselStore

/// The store of the git that runs us.
struct GitCaller {
    let session: Session

    /// The user's store if it lies in the work tree whose top git started us in, else that work
    /// tree.
    func store() throws -> Store {
        let own = session.store
        guard let here = Files.resolved(".") else { return own }
        if let top = Files.resolved(own.root), top.isWithin(here) { return own }
        var environment = session.settings.environment
        environment["PASSWORD_STORE_DIR"] = here.bytes
        return Session(
            program: session.program, environment: environment, output: session.output
        ).store
    }
}
