import PasselCore
import PasselStore

/// Who and what may have had a secret that others know: what is to be looked at after it was
/// revoked.
struct EmergencyReport {
    let session: Session
    let entry: Path

    /// Prints it beside what the command prints; what cannot be found out is told, too.
    func show(_ arguments: Arguments) {
        guard !arguments[Flag.json] else { return }
        session.output.error("who and what may have had it:")
        do {
            try showAll()
        } catch let problem as Problem {
            session.warn(problem)
        } catch {
            session.warn(Problem("the rest of it cannot be found out"))
        }
        let word = ShellWord.text(entry.bytes)
        session.hint("what was done with it before: \(session.program) log \(word)")
        session.hint("rewrite what was exported: \(session.program) exports refresh")
    }

    private func showAll() throws {
        let output = session.output
        for found in try session.store.readers(below: entry)
        where found.name == Text(entry.bytes) {
            for reader in found.readers {
                output.error("  can read the entry: \(reader.description)")
            }
        }
        // What was exported is known of this machine only.
        for status in try session.store.exportListing().statuses
        where status.record.items.contains(where: { Reference($0.reference.bytes)?.name == entry })
        {
            output.error(
                "  was exported to: \(status.record.path) (\(Text(status.state.rawValue.utf8)))")
        }
    }
}
