import PasselCore
import PasselGPG
import PasselPosix
import PasselTesting
import Testing

/// Encryption to acknowledged keys, whatever the user's gpg is told.
@Suite struct PrivateEncryptionTests {
    private let home: GPGHome
    private let ann: Key
    private let bob: Key
    private let text = Secret(plain: "hunter2\n")

    init() throws {
        home = try GPGHome()
        ann = try home.box.makeKey("ann")
        bob = try home.box.makeKey("bob", .twoSubkeys)
    }

    @Test func `the message names each key once and can be read`() throws {
        let ring = try home.keyring(ann, bob)
        let keys = [try bob.print, try ann.print, try bob.print]
        let message = try home.gpg().encrypt(text, to: keys, in: ring)
        let chosen = try home.gpg().readers(of: [ann.recipient, bob.recipient])
        #expect(try EncryptedMessage(message).recipients.sorted() == chosen)
        #expect(try home.gpg().decrypt(message, name: "a") == text)
    }

    @Test func `the user's settings and options have no say`() throws {
        let ring = try home.keyring(ann)
        try home.add(
            """
            encrypt-to \(bob.fingerprint)
            hidden-encrypt-to \(bob.fingerprint)
            default-key \(bob.fingerprint)
            encrypt-to-default-key
            group \(ann.fingerprint) = \(bob.fingerprint)
            throw-keyids
            armor
            trust-model direct
            keyring \(home.box.gnupgHome)/pubring.kbx

            """)
        let gpg = home.gpg(["--throw-keyids", "--hidden-encrypt-to", bob.fingerprint, "-a"])
        let message = try gpg.encrypt(text, to: [ann.print], in: ring)
        #expect(try EncryptedMessage(message).recipients == ann.ids)
        #expect(message.first.map { $0 & 0x80 } == 0x80, "binary")
        // And nobody is found in the user's keyring.
        #expect(throws: Problem.self) { try gpg.encrypt(text, to: [bob.print], in: ring) }
    }

    @Test func `the user's home need not be there and is not made`() throws {
        let ring = try home.keyring(ann)
        Disk.remove(home.box.gnupgHome)
        let message = try home.gpg().encrypt(text, to: [ann.print], in: ring)
        #expect(try EncryptedMessage(message).recipients == ann.ids)
        #expect(Disk.facts(home.box.gnupgHome) == nil)
    }

    @Test func `the message is neither compressed nor unprotected`() throws {
        let ring = try home.keyring(ann)
        let content = Secret(plain: String(repeating: "a", count: 10_000))
        let message = try home.gpg().encrypt(content, to: [ann.print], in: ring)
        let listing = try home.plain("--list-packets", stdin: message).stdout.text
        #expect(listing.contains("mdc_method: 2") && !listing.contains("compressed packet"))
        #expect(try !EncryptedMessage(message).usesAEAD)
    }

    @Test(
        arguments: [
            (Key.Kind.expired, "the key expired on 2020-01-02"), (.revoked, "the key is revoked"),
            (.signOnly, "the key has no part that gpg can encrypt to"),
        ] as [(Key.Kind, String)])
    func `a key that cannot take it is named, with the reason`(
        kind: Key.Kind, reason: String
    ) throws {
        let carol = try home.box.makeKey("carol", kind)
        let ring = try home.keyring(ann, carol)
        let problem = try #require(throws: Problem.self) {
            try home.gpg().encrypt(text, to: [ann.print, carol.print], in: ring)
        }
        // Of a revoked key gpg calls the user ids revoked, too.
        let name = kind == .revoked ? "" : carol.userID
        let message = problem.message.bytes.text
        #expect(message.hasPrefix("cannot encrypt to \(name)"))
        #expect(message.contains(carol.fingerprint) && message.hasSuffix(": \(reason)"))
        #expect(problem.hints == ["once they have a good one: passel recipients refresh"])
        #expect(problem.form == .own && home.said == "")
    }

    @Test func `of several subkeys an expired one is passed over`() throws {
        let fay = try home.box.makeKey("fay", .expiredSubkey)
        let ring = try home.keyring(fay)
        let message = try home.gpg().encrypt(text, to: [fay.print], in: ring)
        #expect(try EncryptedMessage(message).recipients == [try #require(fay.ids.last)])
    }

    @Test func `a key that the keyring does not hold is named`() throws {
        let ring = try home.keyring(ann)
        let problem = try #require(throws: Problem.self) {
            try home.gpg().encrypt(text, to: [ann.print, bob.print], in: ring)
        }
        let key = Text(bob.fingerprint.utf8)
        #expect(
            problem.message
                == "cannot encrypt to \(key): the key is not in the keyring \(ring)")
        #expect(problem.hints.count == 1 && home.said == "")
    }

    @Test func `a keyring that is missing, empty or damaged is told, and not made`() throws {
        let ring = try home.folder / "keyring"
        let missing = try #require(throws: Problem.self) {
            try home.gpg().encrypt(text, to: [ann.print], in: ring)
        }
        #expect(missing.message == "the keyring \(ring) is missing")
        #expect(Disk.facts(ring.bytes) == nil)
        for content in [[], Bytes("hunter2".utf8)] {
            try Disk.write(content, to: ring.bytes)
            #expect(throws: Problem.self) {
                try home.gpg().encrypt(text, to: [ann.print], in: ring)
            }
            #expect(Disk.read(ring.bytes) == content)
        }
    }

    @Test func `nobody is no list of keys`() throws {
        let ring = try home.keyring(ann)
        let problem = try #require(throws: Problem.self) {
            try home.gpg().encrypt(text, to: [] as [Fingerprint], in: ring)
        }
        #expect(problem.message == "there is nobody to encrypt to")
    }

    @Test func `many encrypt with one keyring at once`() async throws {
        let ring = try home.keyring(ann, bob)
        let (gpg, keys) = (home.gpg(), [try ann.print, try bob.print])
        let messages = try await withThrowingTaskGroup(of: Bytes.self) { group in
            for number in 0..<24 {
                group.addTask { try gpg.encrypt(Secret(plain: "\(number)"), to: keys, in: ring) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let read = try messages.map { try home.gpg().decrypt($0, name: "a").text }
        #expect(Set(read) == Set((0..<24).map { "\($0)" }))
    }
}
