import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

/// A store whose readers are keys with subkeys: bare, or with a roster that this machine has
/// acknowledged.
final class ReaderBox {
    let box: StoreBox
    let cipher = KeyedCipher()
    private(set) var warned: [String] = []

    let ann = PublicKey.made("Ann", "A")
    let bob = PublicKey.made("Bob", "B")
    let carol = PublicKey.made("Carol", "C")

    init(history: Bool = false) throws {
        box = try StoreBox(history: history)
        box.settings.stateFolder = Path(box.sandbox.root + "/state")
        box.settings.now = { KeyedCipher.now }
        for key in [ann, bob, carol] { cipher.add(key) }
        try list("ann@example.org\n")
    }

    var store: Store {
        Store(
            box.settings, cipher: cipher,
            observer: Store.Observer(
                told: { _ in },
                warned: { [unowned self] in warned.append($0.message.bytes.text) }))
    }

    var root: String { box.root }

    func list(_ text: String, _ folder: String = ".") throws { try box.list(text, folder) }

    /// Writes an entry that names these ids.
    func entry(_ name: String, _ ids: [KeyID], aead: Bool = false, text: String = "x") throws {
        try Disk.makeFolder(Path(box.path(name)).parent.repaired)
        let message = Message.bytes(Secret(plain: text), ids: ids, aead: aead)
        try Disk.write(message, to: Bytes(box.path(name + ".gpg").utf8))
    }

    /// Writes an entry for the first subkey of each of these people.
    func entry(_ name: String, for people: PublicKey...) throws {
        try entry(name, people.map { $0.subkeys[0].keyID })
    }

    /// The store gets a roster that is acknowledged, with the lists that follow from it.
    @discardableResult
    func roster(_ folders: [Path: [(PublicKey, Roster.Membership)]]) throws -> Roster {
        var roster = Roster()
        var pins = Pins()
        let stored = try #require(store.storedPins)
        let keyring = PrivateKeyring(folder: stored.folder, cipher: cipher)
        for (folder, people) in folders {
            for (key, membership) in people {
                let file = KeyedCipher.file(key.fingerprint)
                roster.folders[folder, default: [:]][key.fingerprint] = membership
                roster.keys[key.fingerprint] = Roster.Key(
                    digest: Digest(of: file), name: key.name.bytes)
                try keyring.keep(file)
                pins.keys[key.fingerprint] = Digest(of: file)
            }
            pins.readers[folder] = Pins.readers(people.map(\.0), at: KeyedCipher.now)
        }
        for folder in roster.folders.keys {
            let list = try #require(roster.list(of: folder))
            pins.lists[folder] = list
            try self.list(list.text, folder.repaired)
        }
        try box.write(roster.content.text, Roster.file.repaired)
        pins.roster = try Pins.AcceptedRoster(content: roster.content, signature: [1])
        try stored.save(pins)
        _ = try store.keyring(of: pins.keys)
        _ = cipher.asked
        return roster
    }
}
