import PasselCore
import PasselGit
import PasselPosix

/// What the messages of a merge say, each decrypted once.
final class MergeTexts {
    private let merge: StoreMerge
    private var known: [GitID: Result<Secret, Problem>] = [:]
    private var ciphertexts: [GitID: [UInt8]] = [:]
    private lazy var ownKeys = Result { try merge.store.cipher.secretKeys() }
    private var canDecrypt = false

    /// The longest message that is decrypted, in bytes.
    private static let limit = 64 << 20

    init(_ merge: StoreMerge) { self.merge = merge }

    /// What git has, as it is encrypted.
    func ciphertext(_ leaf: GitLeaf) throws -> [UInt8] {
        if let found = ciphertexts[leaf.id] { return found }
        let content = try merge.repository.content(of: leaf.id, limit: Self.limit)
        ciphertexts[leaf.id] = content
        return content
    }

    /// The user's own keys.
    func secretKeys() throws -> [PublicKey] { try ownKeys.get() }

    /// Decrypts what is not known yet, on two threads: gpg's start-up is the limit.
    ///
    /// - Throws: a `Problem` when the user's key cannot be used at all at the moment.
    func read(_ leaves: [(leaf: GitLeaf, name: Text)]) throws {
        var work: [Job] = []
        for (leaf, name) in leaves where known[leaf.id] == nil {
            // Replaced below, unless it need not be tried.
            known[leaf.id] = .failure(Problem("it is no file"))
            guard leaf.isFile else { continue }
            let ciphertext = try ciphertext(leaf)
            do throws(EncryptedMessage.Flaw) {
                let message = try EncryptedMessage(ciphertext)
                guard try mayBeOurs(message) else {
                    known[leaf.id] = .failure(Problem("you cannot read it"))
                    continue
                }
                work.append(Job(id: leaf.id, ciphertext: ciphertext, name: name))
            } catch {
                known[leaf.id] = .failure(Problem("\(error.description)"))
            }
        }
        let reader = merge.store.messageReader(for: work.map(\.ciphertext))
        let results = Parallel.map(work, width: 2) { job in
            Result<OpenedMessage, any Error> {
                try reader.open(job.ciphertext, name: job.name)
            }
        }
        var learned: [(ciphertext: [UInt8], message: OpenedMessage)] = []
        defer { merge.store.learn(learned) }
        for (job, result) in zip(work, results) {
            switch result {
            case .success(let message):
                known[job.id] = .success(message.plaintext)
                canDecrypt = true
                learned.append((job.ciphertext, message))
            case .failure(let error):
                try refuseUnusableKey(error)
                known[job.id] = .failure(Problem("it cannot be decrypted"))
            }
        }
    }

    /// What a message says.
    func text(_ leaf: GitLeaf, _ name: Text) throws -> Result<Secret, Problem> {
        try read([(leaf, name)])
        return known[leaf.id] ?? .failure(Problem("it cannot be decrypted"))
    }

    /// Forgets all that was decrypted.
    func forget() {
        known = [:]
        ciphertexts = [:]
    }

    private struct Job: Sendable {
        let id: GitID
        let ciphertext: [UInt8]
        let name: Text
    }

    /// Whether one of the user's keys is named, or somebody is who is not named.
    ///
    /// Where no key is known gpg is asked.
    private func mayBeOurs(_ message: EncryptedMessage) throws(EncryptedMessage.Flaw) -> Bool {
        // What is wrong with the keyring shows when gpg is asked.
        guard let keys = try? ownKeys.get(), !keys.isEmpty else { return true }
        let own = keys.reduce(into: Set<KeyID>()) { $0.formUnion($1.readerIDs) }
        return message.recipients.contains { $0 == .hidden || own.contains($0) }
    }

    /// Tells a message that cannot be decrypted from a key that cannot be used now, for want of its
    /// passphrase: a whole merge of entries that "cannot be read" would be nobody's wish.
    private func refuseUnusableKey(_ error: any Error) throws {
        guard !canDecrypt, let keys = try? ownKeys.get(), !keys.isEmpty else { return }
        let cipher = merge.store.cipher
        for key in keys {
            // A key that cannot even be encrypted to says nothing about the passphrase.
            guard
                let probe = try? cipher.encrypt(
                    Secret(plain: "probe"), to: [key.fingerprint.recipient])
            else { continue }
            if (try? cipher.decrypt(probe, name: "probe")) != nil {
                canDecrypt = true
                return
            }
        }
        throw error as? Problem ?? Problem("your key cannot be used; nothing was merged")
    }
}
