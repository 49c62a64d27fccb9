import PasselCore

/// Who was left out of what a run of the program wrote, because the user said so.
///
/// One for each store: what is written says it in its commit.
final class LeftOut {
    private var people: Set<Text> = []

    /// Remembers somebody.
    func add(_ key: Fingerprint, _ name: Text) { people.insert("\(key.hex) \(name)") }

    /// The trailers of the commit: one for each person.
    var trailers: Text? {
        guard !people.isEmpty else { return nil }
        return people.sorted { $0.bytes.precedes($1.bytes) }
            .map { "Skipped-recipient: \($0)" as Text }.joined(separator: "\n")
    }
}
