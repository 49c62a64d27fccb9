import PasselCore
import PasselStore

/// Rotates what somebody who left still knows, one entry after the other.
struct OffboardingRotation {
    let session: Session
    let arguments: Arguments

    func run(for member: Recipient) throws -> ExitStatus {
        guard arguments[Rotate.generate] || Prompt.isInteractive else {
            throw Problem(
                "there is no terminal to ask for each new secret on",
                hints: [arguments.commandLine(adding: Rotate.generate.shape.label)])
        }
        var isAll = true
        for entry in try open(for: member) {
            session.output.error("")
            session.output.error("\(entry):")
            do {
                isAll = try rotate(entry) == .done && isAll
            } catch let problem as Problem {
                // The others are rotated all the same.
                session.warn(problem.about(Text(entry.bytes)))
                isAll = false
            }
        }
        let left = try statuses(member).reduce(0) { $0 + $1.openCount }
        if left > 0 {
            session.warn(
                Problem(
                    "\(left) on the list \(left == 1 ? "is" : "are") still open",
                    hints: ["\(session.program) offboard --status"]))
        }
        return isAll && left == 0 ? .done : .inPart
    }

    private func rotate(_ entry: Path) throws -> ExitStatus {
        let rotation = try Rotation(entry, session: session, arguments)
        // One that was begun before is not begun again.
        if let kept = try KeptRotation(of: entry, session: session) {
            return try rotation.resume(kept)
        }
        return try rotation.begin()
    }

    /// The entries of the list that are there, and have the secret that is known.
    private func open(for member: Recipient) throws -> [Path] {
        let open = try statuses(member).flatMap(\.items).filter { item in
            if case .open(let reason) = item.state { reason != .gone } else { false }
        }
        return Set(open.flatMap(\.places).map { Path($0.bytes) }).sorted {
            $0.bytes.precedes($1.bytes)
        }
    }

    private func statuses(_ member: Recipient) throws -> [OffboardingStatus] {
        try session.store.offboardingStatus(of: member)
    }
}
