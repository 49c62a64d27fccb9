import PasselCore
import PasselPosix
import PasselStore

/// `rm`: removes an entry or, with `-r`, a folder.
struct Remove {
    let session: Session
    let word: Text

    private var usage: Text {
        "Usage: \(session.program) \(word) [--recursive,-r] [--force,-f] pass-name"
    }

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        let options = try Options(
            [.init(letter: "r", name: "recursive"), .init(letter: "f", name: "force")],
            arguments, program: session.program, usage: usage)
        guard options.operands.count == 1, let operand = options.operands.first else {
            throw OptionProblem(usage: usage)
        }
        let name = Path(operand)
        try EntryName.refuseSneaky(name)
        guard !name.components.isEmpty, !name.components.allSatisfy({ $0 == ".".bytes }) else {
            throw Problem(
                "that would remove the whole store",
                hints: ["name an entry or a folder: \(session.program) \(word) NAME"])
        }
        try EntryName.refuseUnstorable(name)
        let store = session.store
        // With a slash at its end a name means a folder, never an entry.
        let file = store.path(name).appending(EntryName.suffix)
        let folder = store.path(name.withoutTrailingSlashes)
        let folderExists = FileStatus.isFolder(folder)
        let fileExists = try !name.hasTrailingSlash && FileStatus(of: file, following: false) != nil
        let isFolder = folderExists && !fileExists
        guard isFolder || fileExists else {
            throw Problem.pass("Error: \(name) is not in the password store.")
        }
        if !options.has("f") {
            try Prompt(output: session.output).confirm(
                "Are you sure you would like to delete \(name)?")
        }
        guard isFolder else {
            try store.remove(file, subject: CommitSubject.remove(Text(name.bytes)))
            return 0
        }
        let spelled = folder.appending("/")
        guard options.has("r") else {
            // pass leaves it at rm's complaint, with exit status 0.
            let quoted = QuotedName.text(spelled.bytes, utf8: session.settings.showsUTF8)
            session.output.error("rm: cannot remove \(quoted): Is a directory")
            return 0
        }
        try store.remove(spelled, subject: CommitSubject.remove(Text(name.bytes)))
        return 0
    }
}
