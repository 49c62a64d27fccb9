import PasselCore
import PasselGit
import PasselPosix

/// What was found of commits' signatures, so that each is verified once: 6 ms with gpg.
///
/// A good signature stays one: its commit came while its signer was of the team. What was not good is
/// looked at again with other keys. A file of text, `COMMIT KEYS WORD [FINGERPRINT]` a line; one
/// that is damaged is as good as none.
struct TrustCache {
    private let folder: StateFolder?
    private let keys: Digest
    private var known: [GitID: CommitTrust] = [:]
    private var added: [GitID: CommitTrust] = [:]

    private static let file: Path = "trust"
    /// In lines; the oldest go.
    private static let limit = 50_000

    init(_ folder: StateFolder?, keys: Digest) throws {
        self.folder = folder
        self.keys = keys
        for line in try Self.lines(folder) {
            let words = line.split(separator: 0x20)
            guard words.count >= 3, let commit = GitID(hex: words[0]) else { continue }
            let fingerprint = words.count > 3 ? Fingerprint(words[3]) : nil
            switch (String(decoding: words[2], as: UTF8.self), fingerprint) {
            case ("good", let signer?): known[commit] = .good(signer)
            case ("not-in-team", let signer?) where words[1].elementsEqual(keys.hex.utf8):
                known[commit] = .notInTeam(signer)
            case ("bad", nil) where words[1].elementsEqual(keys.hex.utf8): known[commit] = .bad
            default: break
            }
        }
    }

    private static func lines(_ folder: StateFolder?) throws -> [ArraySlice<UInt8>] {
        try folder.flatMap { try Files.readIfPresent($0.file(file)) }?.split(separator: .newline)
            ?? []
    }

    subscript(commit: GitID) -> CommitTrust? { known[commit] }

    mutating func add(_ trust: CommitTrust, of commit: GitID) {
        known[commit] = trust
        added[commit] = trust
    }

    /// Writes what was added.
    ///
    /// Another process may do the same meanwhile: what gets lost is found again.
    func save() throws {
        guard let folder, !added.isEmpty else { return }
        let lines = added.compactMap { commit, trust -> Text? in
            switch trust {
            case .good(let signer), .notInTeam(let signer):
                "\(commit.hex) \(keys.hex) \(trust.word) \(signer.hex)"
            case .bad: "\(commit.hex) \(keys.hex) \(trust.word)"
            // The others are told without gpg, or may change with time.
            case .unsigned, .unknownKey, .expired, .foreign: nil
            }
        }
        guard !lines.isEmpty else { return }
        let all = try Self.lines(folder) + lines.map { $0.bytes[...] }
        try folder.write(all.suffix(Self.limit).flatMap { $0 + [.newline] }, to: Self.file)
    }
}
