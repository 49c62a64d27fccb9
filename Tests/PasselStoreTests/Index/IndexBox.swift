import PasselCore
import PasselPosix
import PasselTesting
import Synchronization
import Testing

@testable import PasselStore

/// A store with an index, and a cipher that counts what needs the user's key.
final class IndexBox {
    let box: StoreBox
    let cipher: CountingCipher
    var settings: Store.Settings
    private(set) var warned: [String] = []

    static let me = "A" + String(repeating: "1", count: 39)
    static let somebody = "B" + String(repeating: "2", count: 39)

    init(_ names: [String] = [], history: Bool = false) throws {
        box = try StoreBox(history: history)
        cipher = CountingCipher(ownKeys: Bytes("key \(Self.me) ann\n".utf8))
        settings = box.settings
        settings.stateFolder = Path(box.sandbox.root + "/state")
        for name in names { try entry(name, "secret of \(name)\nurl: https://\(name)\n") }
    }

    /// As in a process of its own.
    var store: Store {
        Store(
            settings, cipher: cipher,
            observer: Store.Observer(
                told: { _ in }, warned: { [unowned self] in warned.append($0.message.bytes.text) }))
    }

    func entry(_ name: String, _ text: String, for who: String = me) throws {
        let message = try cipher.memory.encrypt(
            Secret(plain: text), to: [Recipient(who.utf8)])
        try Disk.makeFolder(Path(box.path(name)).parent.repaired)
        try Disk.write(message, to: Bytes(box.path(name + ".gpg").utf8))
    }

    var folder: StateFolder { StateFolder(settings.stateFolder ?? "", store: settings.root) }

    func file(_ name: Path) -> String { folder.file(name).repaired }

    var takeWarnings: [String] {
        defer { warned = [] }
        return warned
    }
}

/// A cipher that counts the operations that need the user's secret key, and those that do not; what
/// is not encrypted to that key it cannot read, and while it is locked nothing.
final class CountingCipher: Cipher {
    let memory: MemoryCipher
    private let counts = Mutex((own: 0, session: 0))

    private let isLocked: Bool

    init(ownKeys: [UInt8], isLocked: Bool = false) {
        memory = MemoryCipher(ownKeys: ownKeys)
        self.isLocked = isLocked
    }

    private func use(_ ciphertext: [UInt8]) throws {
        counts.withLock { $0.own += 1 }
        let own = try memory.secretKeys().reduce(into: Set<KeyID>()) {
            $0.formUnion($1.readerIDs)
        }
        let readers = try EncryptedMessage(ciphertext).recipients
        guard !isLocked, readers.contains(where: own.contains) else {
            throw Problem("no secret key")
        }
    }

    /// How many since the last time.
    var taken: (own: Int, session: Int) {
        counts.withLock { counts in
            defer { counts = (0, 0) }
            return counts
        }
    }

    func decrypt(_ ciphertext: [UInt8], name: Text) throws -> Secret {
        try use(ciphertext)
        return try memory.decrypt(ciphertext, name: name)
    }

    func openMessage(_ ciphertext: [UInt8], name: Text) throws -> OpenedMessage {
        try use(ciphertext)
        return try memory.openMessage(ciphertext, name: name)
    }

    func decrypt(_ ciphertext: [UInt8], with sessionKey: SessionKey, name: Text) throws -> Secret {
        counts.withLock { $0.session += 1 }
        return try memory.decrypt(ciphertext, with: sessionKey, name: name)
    }

    // MARK: As it is in memory

    func encrypt(_ plaintext: Secret, to recipients: [Recipient]) throws -> [UInt8] {
        try memory.encrypt(plaintext, to: recipients)
    }

    func encrypt(_ plaintext: Secret, to keys: [Fingerprint], in keyring: Path) throws -> [UInt8] {
        try memory.encrypt(plaintext, to: keys, in: keyring)
    }

    func readers(of recipients: [Recipient]) throws -> [KeyID] {
        try memory.readers(of: recipients)
    }

    func sign(_ content: [UInt8], with keys: [Recipient]) throws -> [UInt8] {
        try memory.sign(content, with: keys)
    }

    func sign(_ content: [UInt8], by key: Fingerprint) throws -> [UInt8] {
        try memory.sign(content, by: key)
    }

    func signers(of content: [UInt8], signature: Path) throws -> Set<String> {
        try memory.signers(of: content, signature: signature)
    }

    func signers(of content: [UInt8], signature: [UInt8], in keyring: Path) throws
        -> Set<Fingerprint>
    { try memory.signers(of: content, signature: signature, in: keyring) }

    func keys(_ names: [Recipient], in keyring: Keyring) throws -> [PublicKey] {
        try memory.keys(names, in: keyring)
    }

    func secretKeys() throws -> [PublicKey] { try memory.secretKeys() }

    func keys(inFile content: [UInt8]) throws -> [PublicKey] { try memory.keys(inFile: content) }

    func export(_ key: Fingerprint, from keyring: Keyring) throws -> [UInt8] {
        try memory.export(key, from: keyring)
    }

    func makeKeyring(_ keyFiles: [[UInt8]], at file: Path) throws {
        try memory.makeKeyring(keyFiles, at: file)
    }

    func merged(_ keyFiles: [[UInt8]]) throws -> [UInt8] { try memory.merged(keyFiles) }
}
