import PasselCore
import PasselStore

/// `location rm`: a place that is no matter of an entry any more.
struct LocationRemove: Command {
    static let word = "rm"
    static let summary = "say that a place is no matter of an entry any more"
    static let discussion = "What is in the place stays there."
    static let parameters: [any Parameter] = [
        LocationAdd.entry, LocationAdd.location, dryRun, Flag.json,
    ]
    private static let dryRun = Flag("dry-run", letter: "n", "only say what would be changed")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let typed = arguments[LocationAdd.location]
        let entry = try StoredEntry(arguments[LocationAdd.entry], session: session)
        let known = entry.text.values(.location)
        // What is no location can have been typed by hand, and must go, too.
        let location = try? Location(typed.bytes)
        let kept = known.filter { $0 != typed && $0 != location?.spelling }
        guard kept.count < known.count else {
            throw Problem(
                "\(entry.name) does not name \(ShellWord.text(typed.bytes))",
                hints: ["\(session.program) location ls \(ShellWord.text(entry.name.bytes))"])
        }
        if !arguments[Self.dryRun] {
            try LocationEdit.set(kept, in: entry)
            if let location {
                try session.store.changeLocationRegister { $0.forget(location, of: entry.name) }
            }
        }
        if arguments[Flag.json] {
            session.output.json([
                "name": .path(entry.name), "location": .string(typed), "changed": true,
            ])
        } else {
            session.output.line("\(entry.name): \(typed): removed")
        }
        return .done
    }
}
