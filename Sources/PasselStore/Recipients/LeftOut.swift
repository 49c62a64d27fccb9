import PasselCore

/// Who was left out of what a run of the program wrote, because the user said so.
///
/// One for each store: what is written says it in its commit.
final class LeftOut {
    private var people: [Fingerprint: Text] = [:]
    private var understood: Set<Recipient> = []

    /// Remembers that the user's word for somebody means a recipient of what is written.
    func understand(_ word: Recipient) { understood.insert(word) }

    /// Refuses to write while one of the user's words has meant nobody: it may be misspelled, and the
    /// one who is meant would be left in, or be in the way.
    ///
    /// - Throws: a `Problem` that names it.
    func refuseUnknown(among words: [Recipient]) throws {
        guard let unknown = words.first(where: { !understood.contains($0) }) else { return }
        throw Problem(
            "no recipient of what would be written is called \(Text(unknown.bytes)); nothing was written",
            hints: ["see who they are: passel recipients"])
    }

    /// Remembers somebody.
    func add(_ key: Fingerprint, _ name: Text) { people[key] = name }

    /// Whether somebody was left out.
    func has(_ key: Fingerprint) -> Bool { people[key] != nil }

    /// The trailers of the commit: one for each person.
    var trailers: Text? {
        guard !people.isEmpty else { return nil }
        return people.sorted { $0.key < $1.key }
            .map { "Skipped-recipient: \($0.key.hex) \($0.value)" as Text }.joined(separator: "\n")
    }
}
