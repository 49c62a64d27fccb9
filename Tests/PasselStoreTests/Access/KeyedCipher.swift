import PasselCore
import PasselTesting
import Synchronization

@testable import PasselStore

/// A cipher that knows keys with subkeys, in the user's keyring and in others, and counts what it is
/// asked.
///
/// Messages are those of `MemoryCipher`. A key file is `FINGERPRINT` and a line feed, a keyring
/// several; `encrypt` takes the newest usable subkey of a key.
final class KeyedCipher: Cipher {
    private let memory = MemoryCipher()
    private let state = Mutex(State())

    private struct State {
        var keys: [Fingerprint: PublicKey] = [:]
        var own: Set<Fingerprint> = []
        var groups: [[UInt8]: [Fingerprint]] = [:]
        var asked: [String] = []
    }

    /// What was asked since the last time, by the names of the functions.
    var asked: [String] {
        state.withLock { state in
            defer { state.asked = [] }
            return state.asked
        }
    }

    /// Makes a key known; in the user's keyring if `own`.
    @discardableResult
    func add(_ key: PublicKey, own: Bool = true) -> PublicKey {
        state.withLock { state in
            state.keys[key.fingerprint] = key
            if own { state.own.insert(key.fingerprint) }
        }
        return key
    }

    /// Makes a name stand for several keys, as a group in gpg.conf.
    func group(_ name: String, _ keys: [PublicKey]) {
        state.withLock { $0.groups[Array(name.utf8)] = keys.map(\.fingerprint) }
    }

    private func note(_ function: String) { state.withLock { $0.asked.append(function) } }

    private func key(_ fingerprint: Fingerprint) -> PublicKey? {
        state.withLock { $0.keys[fingerprint] }
    }

    private func own(_ name: Recipient) -> [PublicKey] {
        state.withLock { state in
            if let group = state.groups[name.bytes] { return group.compactMap { state.keys[$0] } }
            let digits = name.bytes.filter { $0 != UInt8(ascii: "!") }
            return state.own.sorted().compactMap { state.keys[$0] }.filter { key in
                key.matches(name) || key.subkeys.contains { $0.fingerprint == Fingerprint(digits) }
            }
        }
    }

    static let now: Int64 = 1_800_000_000

    private func readerID(_ key: PublicKey) throws -> KeyID {
        let parts = key.subkeys.filter { $0.canEncrypt && $0.isUsable(at: Self.now) }
        guard key.state(at: Self.now).isUsable,
            let newest = parts.max(by: { $0.created < $1.created })
        else { throw Problem("unusable key of \(key.name)") }
        return newest.keyID
    }

    // MARK: Cipher

    func encrypt(_ plaintext: Secret, to recipients: [Recipient]) throws -> [UInt8] {
        note("encrypt")
        return Message.bytes(plaintext, ids: try ids(of: recipients))
    }

    func decrypt(_ ciphertext: [UInt8], name: Text) throws -> Secret {
        note("decrypt")
        return try memory.decrypt(ciphertext, name: name)
    }

    func openMessage(_ ciphertext: [UInt8], name: Text) throws -> OpenedMessage {
        note("decrypt")
        return try memory.openMessage(ciphertext, name: name)
    }

    func decrypt(_ ciphertext: [UInt8], with sessionKey: SessionKey, name: Text) throws -> Secret {
        note("decrypt with session key")
        return try memory.decrypt(ciphertext, with: sessionKey, name: name)
    }

    func readers(of recipients: [Recipient]) throws -> [KeyID] {
        note("readers")
        return try ids(of: recipients)
    }

    private func ids(of recipients: [Recipient]) throws -> [KeyID] {
        let found = try recipients.flatMap { name in
            let keys = own(name)
            guard !keys.isEmpty else { throw Problem("no key for \(Text(name.bytes))") }
            return try keys.map(readerID)
        }
        return Set(found).sorted()
    }

    func sign(_ content: [UInt8], with keys: [Recipient]) throws -> [UInt8] {
        try memory.sign(content, with: keys)
    }

    func signers(of content: [UInt8], signature: Path) throws -> Set<String> {
        try memory.signers(of: content, signature: signature)
    }

    func encrypt(_ plaintext: Secret, to keys: [Fingerprint], in keyring: Path) throws -> [UInt8] {
        note("encrypt in keyring")
        let known = try self.keys(inFile: Disk.read(keyring.bytes) ?? [])
        let ids = try keys.map { key in
            guard let found = known.first(where: { $0.fingerprint == key }) else {
                throw Problem("no key \(key.hex)")
            }
            return try readerID(found)
        }
        return Message.bytes(plaintext, ids: ids)
    }

    func keys(_ names: [Recipient], in keyring: Keyring) throws -> [PublicKey] {
        let found: [PublicKey]
        switch keyring {
        case .own:
            note("keys")
            found = names.flatMap(own)
        case .file(let path):
            note("keys in keyring")
            let all = try keys(inFile: Disk.read(path.bytes) ?? [])
            found = names.isEmpty ? all : all.filter { key in names.contains(where: key.matches) }
        }
        var seen: Set<Fingerprint> = []
        return found.filter { seen.insert($0.fingerprint).inserted }
    }

    func secretKeys() throws -> [PublicKey] { [] }

    func keys(inFile content: [UInt8]) throws -> [PublicKey] {
        content.split(separator: 0x0A).compactMap { Fingerprint($0).flatMap(key) }
    }

    func export(_ key: Fingerprint, from keyring: Keyring) throws -> [UInt8] { Self.file(key) }

    static func file(_ key: Fingerprint) -> [UInt8] { key.bytes + [0x0A] }

    func makeKeyring(_ keyFiles: [[UInt8]], at file: Path) throws {
        note("makeKeyring")
        try Disk.write(Array(keyFiles.joined()), to: file.bytes)
    }

    func merged(_ keyFiles: [[UInt8]]) throws -> [UInt8] { keyFiles.last ?? [] }

    func sign(_ content: [UInt8], by key: Fingerprint) throws -> [UInt8] {
        try memory.sign(content, by: key)
    }

    func signers(of content: [UInt8], signature: [UInt8], in keyring: Path) throws
        -> Set<Fingerprint>
    {
        let key = signature.prefix { $0 != 0x0A }
        let known = try keys([], in: .file(keyring)).map(\.fingerprint)
        guard signature.dropFirst(key.count + 1).elementsEqual(content),
            let signer = Fingerprint(key), known.contains(signer)
        else { return [] }
        return [signer]
    }
}

/// Messages that name whatever keys a test wants.
enum Message {
    static func bytes(_ plaintext: Secret, ids: [KeyID], aead: Bool = false) -> [UInt8] {
        let keys = ids.flatMap { id in
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: id.value >> (56 - 8 * $0)) }
            return [0xC1, 12, 3] + bytes + [18, 0, 0]
        }
        let body = [1] + Array("saltsalt".utf8) + plaintext.withBytes { $0.map { $0 ^ 0x5A } }
        let length = (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (24 - 8 * $0)) }
        return keys + [aead ? 0xD4 : 0xD2, 0xFF] + length + body
    }
}

extension PublicKey {
    /// A key that signs, with subkeys that encrypt; every part has a fingerprint of one digit.
    static func made(
        _ name: String, _ digit: Character, expires: Int64? = nil, subkeys: [Part]? = nil
    ) -> PublicKey {
        var primary = Part.made(digit, expires: expires)
        primary.canEncrypt = false
        primary.canSign = true
        var key = PublicKey(primary: primary)
        key.userIDs = [Array("\(name) <\(name.lowercased())@example.org>".utf8)]
        key.subkeys = subkeys ?? [.made(digit, "5")]
        return key
    }
}

extension PublicKey.Part {
    /// A part whose fingerprint is `digit` forty times, the last one `last`.
    static func made(
        _ digit: Character, _ last: Character? = nil, created: Int64 = 0, expires: Int64? = nil,
        revoked: Bool = false
    ) -> Self {
        let hex = String(repeating: digit, count: 39) + String(last ?? digit)
        guard let fingerprint = Fingerprint(hex.utf8) else { preconditionFailure("not a digit") }
        var part = Self(
            fingerprint: fingerprint, created: created, expires: expires, algorithm: 18, bits: 255)
        part.canEncrypt = true
        part.isRevoked = revoked
        return part
    }
}
