import PasselCore
import PasselStore

/// `exports shred`: takes secrets out of exported files.
struct ExportsShred: Command {
    static let word = "shred"
    static let summary = "take the secrets out of exported files, and forget them"
    static let discussion = """
        A file that is ours is overwritten and removed; of a file with more in it, what is ours \
        goes and the rest stays as it is. Without FILE all of them. What a disk or a snapshot kept \
        of earlier versions is out of reach: change a secret that must not be found there.
        """
    static let parameters: [any Parameter] = [files, replace, Flag.yes, Flag.json]
    private static let files = Operands("FILE", .file, "a file that was exported")
    private static let replace = Flag("replace", "also remove what somebody else changed")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let known = try session.store.exportRegister().records.map(\.path)
        let named = arguments[Self.files].map(PlaintextFile.place)
        let wanted = named.isEmpty ? known : named
        if named.isEmpty, !wanted.isEmpty {
            try session.approve(wanted.map { "- \($0)" }, question: "Shred all?", arguments)
        }
        var consent = ExportConsent()
        consent.replacesForeign = arguments[Self.replace]
        var removed: [Path] = []
        var kept: [Path] = []
        var failed: [Path] = []
        for path in wanted {
            do {
                if try session.store.shredExport(path, consent) {
                    removed.append(path)
                } else {
                    kept.append(path)
                }
            } catch let problem as Problem where wanted.count > 1 {
                failed.append(path)
                session.warn(problem)
            }
        }
        if arguments[Flag.json] {
            session.output.json([
                "removed": .array(removed.map { .path($0) }),
                "cleaned": .array(kept.map { .path($0) }),
                "failed": .array(failed.map { .path($0) }),
            ])
        } else {
            for path in removed + kept { session.output.line("\(path)") }
        }
        return failed.isEmpty ? .done : .inPart
    }
}
