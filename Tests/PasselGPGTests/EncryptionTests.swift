import PasselCore
import PasselGPG
import PasselPosix
import PasselTesting
import Testing

@Suite struct EncryptionTests {
    private let home: GPGHome
    private let ann: Key
    private let bob: Key

    init() throws {
        home = try GPGHome()
        ann = try home.box.makeKey("ann")
        bob = try home.box.makeKey("bob")
    }

    @Test(arguments: [
        "hunter2\n", "", "no line feed", "a\r\nb\r\n", "\u{0}\u{1}\u{7f}", "é\n\n",
        String(repeating: "long ", count: 60_000),
    ]) func `what was encrypted comes back byte for byte`(text: String) throws {
        let message = try home.gpg().encrypt(Secret(plain: text), to: [ann.recipient])
        #expect(try home.gpg().decrypt(message, name: "web/shop") == Secret(plain: text))
        #expect(try home.plain("-d", stdin: message).stdout.text == text)
    }

    @Test func `the message names every recipient and nobody else`() throws {
        let message = try home.gpg().encrypt(
            Secret(plain: "x"), to: [ann.recipient, bob.recipient, ann.recipient])
        #expect(Set(try EncryptedMessage(message).recipients) == Set(ann.ids + bob.ids))
        #expect(try EncryptedMessage(message).recipients.count == 2)
    }

    @Test func `encrypt-to in the user's settings adds nobody`() throws {
        try home.add("encrypt-to \(bob.fingerprint)\n")
        let message = try home.gpg().encrypt(Secret(plain: "x"), to: [ann.recipient])
        #expect(try EncryptedMessage(message).recipients == ann.ids)
    }

    @Test func `the message is neither compressed nor armoured and is protected`() throws {
        let content = Secret(plain: String(repeating: "a", count: 10_000))
        let message = try home.gpg().encrypt(content, to: [ann.recipient])
        #expect(message.count > 10_000)
        let listing = try home.plain("--list-packets", stdin: message).stdout.text
        #expect(listing.contains("mdc_method: 2") && !listing.contains("compressed packet"))
    }

    @Test func `with one unknown recipient nothing is encrypted`() throws {
        let problem = try #require(throws: Problem.self) {
            try home.gpg().encrypt(
                Secret(plain: "x"), to: [ann.recipient] + recipients("nobody@example.org"))
        }
        #expect(problem.message == "Password encryption aborted." && problem.form == .pass)
        #expect(home.said.contains("nobody@example.org"))
    }

    @Test(arguments: [Key.Kind.expired, .revoked, .signOnly])
    func `nothing is encrypted to a key that cannot take it`(kind: Key.Kind) throws {
        let carol = try home.box.makeKey("carol", kind)
        #expect(throws: Problem.self) {
            try home.gpg().encrypt(Secret(plain: "x"), to: [ann.recipient, carol.recipient])
        }
    }

    @Test func `nobody is no list of recipients`() throws {
        let problem = try #require(throws: Problem.self) {
            try home.gpg().encrypt(Secret(plain: "x"), to: [])
        }
        #expect(problem.message == "there is nobody to encrypt to")
    }

    @Test func `an untrusted key is refused without a terminal, and taken where the user says so`()
        throws
    {
        try Disk.write(
            Bytes("\(bob.fingerprint):2:\n".utf8), to: Bytes((home.box.root + "/trust").utf8))
        try home.box.run("gpg", ["--batch", "--import-ownertrust", home.box.root + "/trust"])
        #expect(throws: Problem.self) {
            try home.gpg(batch: true).encrypt(Secret(plain: "x"), to: [bob.recipient])
        }
        let trusting = home.gpg(["--trust-model", "always"])
        #expect(
            try EncryptedMessage(trusting.encrypt(Secret(plain: "x"), to: [bob.recipient]))
                .recipients == bob.ids)
    }

    @Test func `a program that is not there is told`() throws {
        let missing = GPG(
            program: "/nonexistent/gpg", userOptions: [], batch: false, environment: .current)
        let problem = try #require(throws: Problem.self) {
            try missing.encrypt(Secret(plain: "x"), to: [ann.recipient])
        }
        #expect(problem.message == "cannot run /nonexistent/gpg: No such file or directory")
    }
}

@Suite struct ReadersTests {
    private let home: GPGHome
    private let ann: Key
    private let bob: Key

    init() throws {
        home = try GPGHome()
        ann = try home.box.makeKey("ann")
        bob = try home.box.makeKey("bob", .twoSubkeys)
    }

    /// The ids that plain gpg encrypts to for these names, sorted.
    private func chosen(_ names: String...) throws -> [KeyID] {
        let message = try home.box.run(
            "gpg", ["--batch", "-q", "-o", "-", "-e"] + names.flatMap { ["-r", $0] },
            input: .bytes([0x78]))
        return try EncryptedMessage(message.stdout).recipients.sorted()
    }

    @Test func `readers are sorted and each there once`() throws {
        let readers = try home.gpg().readers(of: [bob.recipient, ann.recipient, ann.recipient])
        #expect(try readers == chosen(ann.fingerprint, bob.fingerprint))
        #expect(readers.count == 2)
    }

    @Test(arguments: ["ann@example.org", "<ann@example.org>", "=ann <ann@example.org>", "ANN"])
    func `a user id leads to its key`(name: String) throws {
        #expect(try home.gpg().readers(of: recipients(name)) == ann.ids)
    }

    @Test func `short, long and subkey ids lead to their key`() throws {
        let spellings = [
            String(ann.fingerprint.suffix(16)), "0x" + ann.fingerprint.suffix(8),
            ann.fingerprint.lowercased(), try #require(ann.encryptionKeyIDs.last),
        ]
        for spelling in spellings {
            #expect(try home.gpg().readers(of: recipients(spelling)) == ann.ids, "\(spelling)")
        }
    }

    @Test func `of two subkeys gpg's choice is taken, unless one is forced`() throws {
        #expect(bob.ids.count == 2)
        #expect(try home.gpg().readers(of: [bob.recipient]) == chosen(bob.fingerprint))
        for (id, hex) in zip(bob.ids, bob.encryptionKeyIDs) {
            #expect(try home.gpg().readers(of: recipients(hex + "!")) == [id])
        }
    }

    @Test func `a group stands for its members`() throws {
        try home.add("group the team = \(ann.fingerprint) bob@example.org\n")
        let readers = try home.gpg().readers(of: recipients("the team"))
        #expect(try readers == chosen(ann.fingerprint, bob.fingerprint))
    }

    @Test func `ids that an option throws away are told`() throws {
        let readers = try home.gpg(["--throw-keyids"]).readers(of: [ann.recipient, bob.recipient])
        #expect(try readers == chosen(ann.fingerprint, bob.fingerprint))
    }

    @Test func `hidden recipients are counted but not named`() throws {
        let gpg = home.gpg(["--hidden-recipient", bob.fingerprint])
        #expect(try gpg.readers(of: [ann.recipient]) == ([.hidden] + ann.ids).sorted())
    }

    @Test func `an unknown recipient has no readers`() {
        #expect(throws: Problem.self) { try home.gpg().readers(of: recipients("nobody")) }
    }

    @Test func `the user's options reach gpg`() throws {
        let other = home.box.root + "/other.kbx"
        let exported = try home.plain("--export", bob.fingerprint, stdin: []).stdout
        let alone = ["--no-default-keyring", "--keyring", other]
        try home.box.run(
            "gpg", ["--batch", "--quiet"] + alone + ["--import"], input: .bytes(exported))
        let gpg = home.gpg(alone + ["--trust-model", "always"])
        #expect(try gpg.readers(of: [bob.recipient]) == chosen(bob.fingerprint))
        #expect(throws: Problem.self) { try gpg.readers(of: [ann.recipient]) }
    }

    @Test func `options come first and in pass's order`() {
        let gpg = GPG(
            program: "gpg", userOptions: [Bytes("--no-greeting".utf8)], batch: true,
            environment: .current)
        #expect(
            gpg.commonOptions.map(\.text) == [
                "--no-greeting", "--quiet", "--yes", "--compress-algo=none", "--no-encrypt-to",
                "--batch", "--use-agent",
            ])
    }

    @Test func `status lines that the user sends elsewhere are not missed`() throws {
        let status = home.box.root + "/status"
        let gpg = home.gpg(["--status-file", status])
        let message = try gpg.encrypt(Secret(plain: "x"), to: [ann.recipient])
        #expect(try gpg.decrypt(message, name: "a") == Secret(plain: "x"))
        #expect(Disk.read(status)?.text.contains("DECRYPTION_OKAY") == true)
    }
}
