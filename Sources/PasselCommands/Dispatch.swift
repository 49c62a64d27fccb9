import PasselCore
import PasselPosix
import PasselStore

/// Finds the command that the first argument alone selects, as pass does, and runs it.
struct Dispatch {
    let session: Session

    /// Every command word of pass, with the words that mean the same.
    static let words: [(word: String, aliases: [String])] = [
        ("init", []), ("ls", ["list", "show"]), ("find", ["search"]), ("grep", []),
        ("insert", ["add"]), ("edit", []), ("generate", []), ("rm", ["remove", "delete"]),
        ("mv", ["rename"]), ("cp", ["copy"]), ("git", []), ("help", ["--help"]),
        ("version", ["--version"]),
    ]

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        let word = arguments.first ?? []
        // Completion must be quick, and an edit under way cleans up after itself.
        if !word.starts(with: "--".bytes) {
            PrivateFolder.removeLeftOvers(session.settings.environment)
        }
        let rest = Array(arguments.dropFirst())
        let typed = Text(word)
        switch String(decoding: word, as: UTF8.self) {
        case "init": return try Init(session: session, word: typed).run(rest)
        case "ls", "list", "show": return try Show(session: session, word: typed).run(rest)
        case "find", "search": return try Find(session: session, word: typed).run(rest)
        case "grep": return try Grep(session: session, word: typed).run(rest)
        case "insert", "add": return try Insert(session: session, word: typed).run(rest)
        case "edit": return try Edit(session: session, word: typed).run(rest)
        case "generate": return try Generate(session: session, word: typed).run(rest)
        case "rm", "remove", "delete": return try Remove(session: session, word: typed).run(rest)
        case "mv", "rename":
            return try Relocate(session: session, word: typed, isMove: true).run(rest)
        case "cp", "copy":
            return try Relocate(session: session, word: typed, isMove: false).run(rest)
        case "git": return try GitCommand(session: session).run(rest)
        case "help", "--help": return try help(rest)
        case "version", "--version":
            Help(session: session).printVersion()
            return 0
        // Hidden: pass refuses every other word that starts with two dashes.
        case "--complete": return try Complete(session: session).run(rest)
        case "--extension": return try ExtensionCall(session: session).run(rest)
        case "--merge-driver": return try MergeDriver(session: session).run(rest)
        case "--textconv": return try TextConversion(session: session).run(rest)
        case "--edit": return try EditorSession(session: session).run(rest)
        case Autosyncing.word: return Autosyncing(session: session).run()
        default: return try other(arguments)
        }
    }

    /// The help of one of our own commands, or of everything.
    private func help(_ words: [[UInt8]]) throws -> Int32 {
        if !session.isPass, let word = words.first, let item = session.ownCommands.item(word) {
            return try session.ownCommands.run(
                item, words.prefix(2) + ["--help".bytes], session: session)
        }
        Help(session: session).print()
        return 0
    }

    /// A command of our own, an extension or an entry.
    ///
    /// Where we stand in for pass, ours comes last: neither an extension nor an entry may be hidden
    /// by a word that pass has not.
    private func other(_ arguments: [[UInt8]]) throws -> Int32 {
        let word = arguments.first ?? []
        let own = session.ownCommands.item(word)
        if let own, !session.isPass {
            return try session.ownCommands.run(own, arguments, session: session)
        }
        try EntryName.refuseSneaky(Path(word))
        if let found = try Extension.find(word, session: session) {
            return try found.run(Array(arguments.dropFirst()))
        }
        if let own, !isStored(Path(word)) {
            return try session.ownCommands.run(own, arguments, session: session)
        }
        return try Show(session: session, word: "show").run(arguments)
    }

    /// Whether an entry or a folder has this name.
    private func isStored(_ name: Path) -> Bool {
        let store = session.store
        return FileStatus.isFile(store.file(name)) || FileStatus.isFolder(store.path(name))
    }
}
