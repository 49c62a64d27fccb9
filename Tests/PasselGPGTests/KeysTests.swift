import PasselCore
import PasselGPG
import PasselPosix
import PasselTesting
import Testing

/// Keys as gpg lists them.
@Suite struct KeysTests {
    private let home: GPGHome
    private let ann: Key
    private let bob: Key

    init() throws {
        home = try GPGHome()
        ann = try home.box.makeKey("ann")
        bob = try home.box.makeKey("bob", .twoSubkeys)
    }

    @Test func `without a name all keys are listed`() throws {
        let keys = try home.gpg().keys([], in: .own)
        #expect(keys.map(\.fingerprint.hex) == [ann.fingerprint, bob.fingerprint])
        #expect(keys.map(\.name) == ["ann <ann@example.org>", "bob <bob@example.org>"])
        #expect(keys.map(\.readerIDs) == [Set(ann.ids), Set(bob.ids)])
        #expect(keys.allSatisfy { $0.state(at: 1_800_000_000) == .ok(expires: nil) })
    }

    @Test func `names of all kinds lead to their keys, unknown ones to none`() throws {
        let spellings = [
            ann.fingerprint, "0x" + ann.fingerprint.suffix(16), "ann@example.org", "=ann",
            "0x\(ann.encryptionKeyIDs[0])", "<ann@example.org>",
        ]
        for name in spellings where name != "=ann" {
            let found = try home.gpg().keys(recipients(name, "nobody@example.org"), in: .own)
            #expect(found.map(\.fingerprint.hex) == [ann.fingerprint], "\(name)")
        }
        #expect(try home.gpg().keys(recipients("nobody", "=ann"), in: .own) == [])
    }

    @Test(arguments: ["", "0x12", "#", "&1234", "/", "-x", "--list-config", "=", "!"])
    func `a name that cannot be one hides no other`(name: String) throws {
        let both = recipients(name, bob.fingerprint)
        #expect(try home.gpg().keys(both, in: .own).map(\.fingerprint.hex) == [bob.fingerprint])
        #expect(try home.gpg().keys(recipients(name), in: .own) == [])
        let ring = try home.keyring(ann, bob)
        let found = try home.gpg().keys(both, in: .file(ring))
        #expect(found.map(\.fingerprint.hex) == [bob.fingerprint])
    }

    @Test func `a key is there once, however often it is named`() throws {
        let names = recipients(ann.fingerprint, "", "ann@example.org", ann.fingerprint)
        #expect(try home.gpg().keys(names, in: .own).map(\.fingerprint.hex) == [ann.fingerprint])
    }

    @Test func `states are those of the keys, the same from each place`() throws {
        let kinds: [(Key, KeyState)] = [
            (try home.box.makeKey("carol", .expired), .expired(1_577_923_200)),
            (try home.box.makeKey("dan", .revoked), .revoked),
            (try home.box.makeKey("eve", .signOnly), .unusable),
            (try home.box.makeKey("fay", .expiredSubkey), .ok(expires: nil)),
        ]
        let gpg = home.gpg()
        let ring = try home.folder / "keyring"
        try gpg.makeKeyring(try kinds.map { try home.file($0.0) }, at: ring)
        for (key, state) in kinds {
            let listed = [
                try gpg.keys([key.recipient], in: .own),
                try gpg.keys([key.recipient], in: .file(ring)),
                try gpg.keys(inFile: home.file(key)),
            ]
            for found in listed {
                #expect(found.map(\.fingerprint.hex) == [key.fingerprint])
                #expect(found.first?.state(at: 1_800_000_000) == state, "\(key.name)")
                #expect(found.first?.readerIDs == Set(key.ids), "\(key.name)")
            }
        }
    }

    @Test func `a keyring of its own has nothing from the user's`() throws {
        let ring = try home.keyring(ann)
        #expect(
            try home.gpg().keys([], in: .file(ring)).map(\.fingerprint.hex) == [ann.fingerprint])
        #expect(try home.gpg().keys([bob.recipient], in: .file(ring)) == [])
    }

    @Test func `a keyring that is missing or damaged is told, and not made`() throws {
        let missing = try home.folder / "missing"
        let problem = try #require(throws: Problem.self) {
            try home.gpg().keys([], in: .file(missing))
        }
        #expect(problem.message == "the keyring \(missing) is missing")
        #expect(Disk.facts(missing.bytes) == nil)
        let damaged = try home.folder / "damaged"
        try Disk.write(Bytes("hunter2".utf8), to: damaged.bytes)
        for names in [[], [ann.recipient]] {
            #expect(throws: Problem.self) { try home.gpg().keys(names, in: .file(damaged)) }
        }
    }

    @Test func `nothing is said on the terminal, and options go to the own keyring only`() throws {
        let ring = try home.keyring(ann)
        let log = try home.spy()
        let gpg = GPG(
            program: Path(home.box.bin + "/gpg"), userOptions: [Bytes("--no-greeting".utf8)],
            batch: false, environment: ProcessEnvironment(home.box.environment))
        func said(_ work: () throws -> Void) throws -> [String] {
            Disk.remove(log)
            try work()
            return (Disk.read(log)?.text ?? "").split(separator: "\n").map(String.init)
        }
        let own = try said {
            _ = try gpg.keys(recipients("nobody"), in: .own)
            _ = try gpg.secretKeys()
        }
        #expect(own.filter { $0 == "/dev/null" }.count == 2)
        #expect(own.filter { $0 == "--no-greeting" }.count == 2)
        #expect(!own.contains("--no-options"))
        let alone = try said {
            _ = try gpg.keys(recipients("nobody"), in: .file(ring))
            _ = try gpg.keys(inFile: home.file(ann))
            _ = try gpg.encrypt(Secret(plain: "x"), to: [ann.print], in: ring)
            _ = try gpg.signers(of: [1], signature: home.signature([1], by: ann), in: ring)
        }
        // Two of the calls are the tests' own.
        #expect(alone.filter { $0 == "/dev/null" }.count == 4)
        #expect(alone.filter { $0 == "--no-options" }.count == 4)
        #expect(!alone.contains("--no-greeting"))
    }

    // MARK: Key files

    @Test func `key files are looked at in both forms, one or several keys at once`() throws {
        let binary = try home.file(ann, bob)
        let armoured = try home.file(ann, bob, options: ["--armor"])
        for file in [binary, armoured, Bytes("From: bob\n\n".utf8) + armoured] {
            let keys = try home.gpg().keys(inFile: file)
            #expect(keys.map(\.fingerprint.hex) == [ann.fingerprint, bob.fingerprint])
        }
    }

    @Test func `what holds no key gives none`() throws {
        let file = try home.file(ann)
        let secret = try home.box.run("gpg", ["--batch", "--export-secret-keys", ann.fingerprint])
        try #require(!secret.stdout.isEmpty)
        let message = try home.gpg().encrypt(Secret(plain: "x"), to: [ann.recipient])
        let cases = [
            [], Bytes("hunter2\n".utf8), Bytes(file.dropLast()), file + [0x0A], message,
            secret.stdout, Bytes(repeating: 0xFF, count: 5000),
            Bytes("-----BEGIN PGP PUBLIC KEY BLOCK-----\n".utf8),
        ]
        for bytes in cases { #expect(try home.gpg().keys(inFile: bytes) == []) }
        let large = try #require(throws: Problem.self) {
            try home.gpg().keys(inFile: Bytes(repeating: 0, count: 1 << 20 + 1))
        }
        #expect(large.message == "a key file of 1048577 bytes is too large")
    }

    @Test func `looking at a key file leaves no trace`() throws {
        let before = home.content(of: home.box.root)
        let file = try home.file(ann)
        #expect(try home.gpg().keys(inFile: file).count == 1)
        #expect(home.content(of: home.box.root) == before)
        let nowhere = try GPGHome()
        Disk.remove(nowhere.box.gnupgHome)
        #expect(try nowhere.gpg().keys(inFile: file).count == 1)
        #expect(Disk.facts(nowhere.box.gnupgHome) == nil)
    }

    // MARK: Secret keys

    @Test func `secret keys are those of which a part is here`() throws {
        let stranger = try GPGHome()
        try stranger.box.makeKey("carol", .plain)
        let imported = try home.box.run(
            "gpg", ["--batch", "--quiet", "--import"],
            input: .bytes(try stranger.file(try #require(stranger.box.key("carol")))))
        try #require(imported.status == 0)
        #expect(
            try home.gpg().secretKeys().map(\.fingerprint.hex) == [
                ann.fingerprint, bob.fingerprint,
            ])
        try home.box.forget("ann")
        #expect(try home.gpg().secretKeys().map(\.fingerprint.hex) == [bob.fingerprint])
    }

    @Test func `a part without its secret can do nothing for its owner`() throws {
        let grip = try #require(ann.keygrips.first)
        Disk.remove("\(home.box.gnupgHome)/private-keys-v1.d/\(grip).key")
        let found = try home.gpg().secretKeys().first { $0.fingerprint.hex == ann.fingerprint }
        let key = try #require(found)
        #expect(!key.primary.canSign && key.subkeys.map(\.canEncrypt) == [true])
        #expect(try home.gpg().keys([ann.recipient], in: .own).first?.primary.canSign == true)
    }

    @Test func `a home without secret keys has none`() throws {
        let empty = try GPGHome()
        #expect(try empty.gpg().secretKeys() == [])
        #expect(try empty.gpg().keys([], in: .own) == [])
    }
}
