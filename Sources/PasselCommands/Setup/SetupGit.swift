import PasselCore
import PasselStore

/// `setup git`: lets a plain git merge and show the store's files as passel does.
struct SetupGit: Command {
    static let word = "git"
    static let summary = "let a plain git merge entries as sync does"
    static let discussion = """
        Sets merge.passel and diff.passel in this clone's configuration and commits a \
        .gitattributes, by which git pull, merge and rebase merge entries by their fields and lists \
        as sets. git diff and git log -p then show which fields changed, secrets masked. Every clone \
        is set up by itself; where it is not, git merges as ever.
        """
    static let parameters: [any Parameter] = [remove]
    private static let remove = Flag("remove", "undo it")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let isChanged = try session.store.setUpGit(removing: arguments[Self.remove])
        session.output.error(isChanged ? "set up" : "nothing to be done")
        return .done
    }
}
