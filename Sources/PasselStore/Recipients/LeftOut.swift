import PasselCore

/// Who was left out of what a run of the program wrote, because the user said so.
///
/// One for each store: what is written says it in its commit.
final class LeftOut {
    private var people: [Fingerprint: Text] = [:]

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
