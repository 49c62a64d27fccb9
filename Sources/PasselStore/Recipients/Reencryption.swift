import PasselCore
import PasselPosix

/// Finds the entries that are not encrypted to whom they should be, and encrypts them anew.
///
/// An entry is right when its packets name exactly the keys that gpg would choose now for the
/// recipients of its folder. Unnamed recipients cannot be compared: such an entry is encrypted anew
/// only when its folder's list changed.
struct Reencryption {
    let store: Store
    /// Audiences of folders that are about to change, or to lose their own.
    var pending: [Path: Audience?] = [:]
    /// What will be acknowledged once the change is done; nothing for what is now.
    var pins: Pins?

    /// What came of it: new ciphertexts, lines to tell, and what failed.
    struct Result {
        var changes: [FileChange] = []
        var lines: [Text] = []
        var failed: [(name: Text, problem: Problem)] = []
    }

    /// An entry to look at: where its ciphertext is now, where it will be, and under which name it
    /// is told.
    struct Candidate: Sendable {
        let source: Path
        let destination: Path
        let listChanged: Bool
        /// Whether it is encrypted anew though it names the right keys.
        var anew = false
    }

    /// The entries below `folder` (or the one file), links and reserved folders left out.
    static func files(below path: Path) throws -> [Path] {
        guard let status = try FileStatus(of: path, following: false) else { return [] }
        if status.kind == .file {
            return path.hasSuffixIgnoringCase(EntryName.suffix) ? [path] : []
        }
        guard status.kind == .folder else { return [] }
        return try Files.names(in: path).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
            .filter { !EntryName.isReserved($0.bytes) }
            .flatMap { try files(below: path / $0.bytes) }
    }

    /// Encrypts anew what needs it.
    ///
    /// Decrypts on two threads: gpg's start-up, not the agent, is the limit.
    func run(_ candidates: [Candidate]) throws -> Result {
        var work: [Work] = []
        var result = Result()
        var audiences: [Path: Audience] = [:]
        var readers: [Audience: [KeyID]] = [:]
        for candidate in candidates {
            let folder = candidate.destination.parent
            let audience = try audiences[folder] ?? store.audience(of: folder, pending: pending)
            audiences[folder] = audience
            let wanted = try readers[audience] ?? audience.readers(with: store.cipher)
            readers[audience] = wanted
            let name = store.entryName(candidate.destination)
            let ciphertext = try Files.read(candidate.source)
            guard let message = try? EncryptedMessage(ciphertext) else {
                // The flaw is told by decrypting it.
                work.append(Work(candidate, name, ciphertext, audience, wanted))
                continue
            }
            let hidden = message.recipients.contains(.hidden) || wanted.contains(.hidden)
            let same = message.recipients.sorted() == wanted
            guard candidate.anew || !same || (hidden && candidate.listChanged) else { continue }
            if hidden, !candidate.listChanged, message.recipients.count == wanted.count { continue }
            work.append(Work(candidate, name, ciphertext, audience, wanted))
        }
        let cipher = store.cipher
        let outcomes = Parallel.map(work, width: 2) { item in
            Swift.Result<[UInt8], any Error> {
                let plaintext = try cipher.decrypt(item.ciphertext, name: item.name)
                return try item.audience.encrypt(plaintext, with: cipher)
            }
        }
        let pins = try pins ?? store.pins()
        for (item, outcome) in zip(work, outcomes) {
            let ids = Text(item.wanted.map(\.hex).joined(separator: " ").utf8)
            result.lines.append("\(item.name): reencrypting to \(ids)")
            switch outcome {
            case .success(let ciphertext):
                try store.check(ciphertext, for: item.audience, pins: pins)
                result.changes.append(
                    .write(item.candidate.destination, ciphertext, mode: .fresh))
            case .failure(let error):
                let problem = error as? Problem ?? Problem("cannot be encrypted anew")
                result.failed.append((item.name, problem))
            }
        }
        return result
    }

    private struct Work: Sendable {
        let candidate: Candidate
        let name: Text
        let ciphertext: [UInt8]
        let audience: Audience
        let wanted: [KeyID]

        init(
            _ candidate: Candidate, _ name: Text, _ ciphertext: [UInt8], _ audience: Audience,
            _ wanted: [KeyID]
        ) {
            self.candidate = candidate
            self.name = name
            self.ciphertext = ciphertext
            self.audience = audience
            self.wanted = wanted
        }
    }
}
