import PasselCore
import PasselPosix
import PasselStore

/// `conflicts resolve`: makes one version of two, or two entries.
struct ConflictsResolve: Command {
    static let word = "resolve"
    static let summary = "settle an entry that two people changed at once"
    static let discussion = """
        Each is one commit, encrypted to the recipients of the folder. What is given up stays in \
        history. ENTRY is the entry or, where several versions are kept, the one that is meant.
        """
    static let parameters: [any Parameter] = [ours, theirs, edit, keepBoth, entry]
    private static let ours = Flag("ours", "keep what stands, remove the kept version")
    private static let theirs = Flag("theirs", "put the kept version in its place")
    private static let edit = Flag("edit", "make one of both in the editor")
    private static let keepBoth = Flag("keep-both", "make the kept version an entry, NAME-2")
    private static let entry = Operand("ENTRY", .entry, "the entry, or a kept version of it")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let chosen = [Self.ours, Self.theirs, Self.edit, Self.keepBoth].filter { arguments[$0] }
        guard chosen.count == 1 else {
            throw arguments.problem("one of --ours, --theirs, --edit and --keep-both is needed")
        }
        let name = arguments[Self.entry]
        if arguments[Self.edit] {
            try resolve(name, ConflictText(session: session).edited(name))
        } else if arguments[Self.keepBoth] {
            for new in try session.store.resolve(name, .keepBoth) { session.output.line("\(new)") }
        } else {
            try resolve(name, arguments[Self.ours] ? .ours : .theirs)
        }
        return .done
    }

    private func resolve(_ name: Path, _ resolution: ConflictResolution) throws {
        try session.store.resolve(name, resolution)
    }
}
