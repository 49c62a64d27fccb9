import PasselCore
import PasselStore

/// `index clear`: forgets the index.
struct IndexClear: Command {
    static let word = "clear"
    static let summary = "remove the index"
    static let discussion = """
        Copies of it, such as in backups, are of no use afterwards. The entries stay as they are.
        """
    static let parameters: [any Parameter] = [Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let wasThere = try session.store.clearIndex()
        if arguments[Flag.json] {
            session.output.json(["cleared": .bool(wasThere)])
        } else {
            session.output.line(wasThere ? "the index is gone" : "there was no index")
        }
        return .done
    }
}
