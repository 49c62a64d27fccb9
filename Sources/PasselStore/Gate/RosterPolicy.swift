import PasselCore
import PasselGit

/// Refuses a roster that takes the team back to what it was.
///
/// One that somebody made without knowing of ours is not older but another: merging the two is for a
/// review.
struct RosterPolicy {
    let repository: GitRepository
    let objects: ForeignObjects
    /// The roster that this machine has acknowledged.
    let accepted: Pins.AcceptedRoster

    private static let limit = FilePolicy.sizeLimit(of: .roster)

    /// What is wrong with the roster of an incoming head, if something is.
    ///
    /// `base` is the newest commit that it has in common with ours.
    func judge(_ incoming: GitID, ours: GitID, base: GitID?) throws -> GateReport.Violation? {
        let theirs = try roster(incoming)
        guard theirs != GitID(ofFile: accepted.content) else { return nil }
        let before = try base.flatMap { try roster($0) }
        // As long as they did not touch it, ours stays.
        if base != nil, theirs == before { return nil }
        guard let theirs else {
            // Where there was none before the team was made, none was removed.
            return before == nil ? nil : violation("the roster of the team is gone")
        }
        guard let found = read(theirs) else { return violation("it is no roster") }
        let earlier = before.flatMap { read($0) }?.generation ?? 0
        guard found.generation < accepted.roster.generation,
            found.generation <= earlier || base == ours,
            try !isKeptBeside(incoming) || isKnown(theirs, in: ours)
        else { return nil }
        return violation(
            "roster \(found.generation) is older than roster \(accepted.roster.generation), which this machine has acknowledged"
        )
    }

    /// Whether a merge by somebody else kept the acknowledged roster beside theirs, until a signer
    /// makes one of both.
    private func isKeptBeside(_ incoming: GitID) throws -> Bool {
        let id = GitID(ofFile: accepted.content)
        return try repository.leaves(in: incoming).contains { name, leaf in
            leaf.id == id && ConflictName.parse(Path(name))?.original == Roster.file
        }
    }

    /// Whether a roster was ever ours: then it is an older one, whatever lies beside it.
    private func isKnown(_ roster: GitID, in ours: GitID) throws -> Bool {
        try repository.revisions(of: Roster.file.bytes, from: ours)
            .contains { $0.leaf?.id == roster }
    }

    private func roster(_ commit: GitID) throws -> GitID? {
        try repository.leaf(at: Roster.file.bytes, in: commit).flatMap {
            $0.kind == .file ? $0.id : nil
        }
    }

    /// Nothing for what is no roster.
    private func read(_ id: GitID) -> Roster? {
        // Why it is none does not matter: it has no generation.
        guard let content = try? objects.content(of: id, .file, limit: Self.limit) else {
            return nil
        }
        return try? Roster(content)
    }

    private func violation(_ text: Text) -> GateReport.Violation {
        GateReport.Violation(name: Roster.file, rule: .roster, text: text, commit: nil)
    }
}
