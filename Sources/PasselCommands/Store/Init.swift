import PasselCore
import PasselStore

/// `init`: says for whom a folder's entries are encrypted.
struct Init {
    let session: Session
    let word: Text

    private var usage: Text {
        "Usage: \(session.program) \(word) [--path=subfolder,-p subfolder] gpg-id..."
    }

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        let options = try Options(
            [.init(letter: "p", name: "path", argument: .required)], arguments,
            program: session.program, usage: usage)
        let ids = options.operands
        guard !ids.isEmpty else { throw OptionProblem(usage: usage) }
        let folder = Path(options.argument("p") ?? [])
        try EntryName.refuseSneaky(folder)
        if !folder.components.isEmpty { try EntryName.refuseUnstorable(folder) }
        try session.store.initialise(ids == [[]] ? [] : ids, folder: folder)
        return 0
    }
}
