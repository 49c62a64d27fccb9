import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

/// Somebody with a key that needs no gpg.
struct Somebody {
    let name: String
    let fingerprint: Fingerprint

    static let ann = Somebody("ann", "A1")
    static let bob = Somebody("bob", "B2")
    static let carol = Somebody("carol", "C3")

    private init(_ name: String, _ digits: String) {
        self.name = name
        // 40 digits always make a fingerprint.
        fingerprint = Fingerprint(String(repeating: digits, count: 20).utf8) ?? Self.none
    }

    private static let none = Self.ann.fingerprint

    var keyFile: [UInt8] { MemoryCipher.keyFile(fingerprint, named: Text(name.utf8)) }
}

extension StoreBox {
    /// A store that remembers what was acknowledged; the last of `keys` is the user's own.
    static func team(_ keys: [Somebody], history: Bool = true) throws -> StoreBox {
        let box = try StoreBox(history: history)
        box.settings.stateFolder = Path(box.sandbox.root + "/state")
        box.settings.now = { MemoryCipher.now }
        box.cipher.ownKeys = Array(keys.map(\.keyFile).joined())
        return box
    }

    /// Puts an entry as passel does.
    func put(_ name: String, _ text: String = "secret") throws {
        try Disk.makeFolder(Path(path(name)).parent.repaired)
        try store.put(
            Secret(plain: text), in: Path(path(name + ".gpg")), known: .anything,
            subject: "Add \(name).")
    }

    /// Whether exactly these can read an entry, by their keys.
    func isRead(_ name: String, by people: [Somebody]) throws -> Bool {
        let bytes = try #require(Disk.read(path(name + ".gpg")))
        return try EncryptedMessage(bytes).recipients.sorted()
            == people.map(\.fingerprint.keyID).sorted()
    }

    /// The pins as another run of the program would find them.
    func pins() throws -> Pins? { try store.storedPins?.load(settling: false) }

    func add(_ person: Somebody, _ role: Role = .member, to folder: Path = Roster.top) throws {
        var draft = try store.draft()
        draft.add(
            try store.person(person.fingerprint.recipient), as: Roster.Membership(role), to: folder)
        try store.perform(TeamChange(draft, subject: "Add \(person.name)."))
    }
}
