import PasselCore
import PasselPosix

/// What comparing entries with what somebody knew came to, remembered outside the store so that
/// nothing is decrypted twice.
///
/// Nothing in it comes from a secret: each line is a digest of an entry's name and of the versions
/// that were compared, and whether the secret changed.
struct Verdicts {
    private let folder: StateFolder?
    private var known: [Digest: Bool] = [:]
    private var added: [Digest: Bool] = [:]

    private static let file: Path = "offboard-verdicts"

    init(_ folder: StateFolder?) throws {
        self.folder = folder
        let lines =
            try folder.flatMap { try Files.readIfPresent($0.file(Self.file)) } ?? []
        // A line that is damaged is forgotten: its versions are compared again.
        for line in lines.split(separator: .newline) {
            let words = line.split(separator: 0x20)
            guard words.count == 2, let digest = Digest(words[0]) else { continue }
            known[digest] = words[1].elementsEqual("changed".utf8)
        }
    }

    /// The line's digest for an entry, its version now and those that were known.
    static func digest(
        _ name: [UInt8], _ now: OffboardingList.Content, _ known: Set<OffboardingList.Content>
    ) -> Digest {
        let versions = [now.hex] + known.sorted().map(\.hex)
        return Digest(of: PercentEncoding.encode(name) + " \(versions.joined(separator: " "))".utf8)
    }

    /// Whether the secret changed; nothing when that was not found out yet.
    subscript(_ digest: Digest) -> Bool? {
        get { added[digest] ?? known[digest] }
        set { added[digest] = newValue }
    }

    /// Remembers what is new.
    func save() throws {
        guard let folder, !added.isEmpty else { return }
        let all = known.merging(added) { _, new in new }.sorted { $0.key.hex < $1.key.hex }
        let lines = all.map { "\($0.key.hex) \($0.value ? "changed" : "same")\n" }
        try folder.write(Array(lines.joined().utf8), to: Self.file)
    }
}
