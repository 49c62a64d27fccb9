import PasselCore
import Testing

/// Messages put together by hand; `RealMessageTests` has those that gpg makes.
@Suite struct EncryptedMessageTests {
    private static func packet(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
        [0xC0 | tag, UInt8(body.count)] + body
    }

    private static func sessionKey(_ id: [UInt8], version: UInt8 = 3) -> [UInt8] {
        packet(1, [version] + id + [18, 0x00, 0x01, 0x01])
    }

    private static let ann: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    private static let toAnn = sessionKey(ann)
    private static let toNobody = sessionKey([0, 0, 0, 0, 0, 0, 0, 0])
    private static let byPassphrase = packet(3, [4, 9, 3, 8])
    private static let content = packet(18, [1, 0xAA, 0xBB])

    @Test(
        arguments: [
            ("nothing", [], .empty),
            ("text", Array("hunter2\n".utf8), .notOpenPGP),
            ("a literal packet", packet(11, [0x62, 0, 0, 0, 0, 0, 0x61]), .notEncrypted),
            ("a compressed packet", packet(8, [1, 2]), .notEncrypted),
            ("a signature", packet(2, [4]), .notEncrypted),
            ("a one-pass signature", packet(4, [3]), .notEncrypted),
            ("a public key", packet(6, [4]), .notOpenPGP),
            ("a passphrase only", byPassphrase + content, .passphraseOnly),
            ("nobody", content, .noRecipients),
            (
                "a session key of another version", sessionKey(ann, version: 9) + content,
                .noRecipients
            ),
            ("a session key without room for an id", packet(1, [3, 1]) + content, .noRecipients),
            ("session keys only", toAnn, .truncated),
            ("content cut off", toAnn + content.dropLast(), .truncated),
            ("no integrity protection", toAnn + packet(9, [1]), .noIntegrityProtection),
            ("a packet after it", toAnn + content + packet(11, [0x62]), .trailingData),
            ("a second message after it", toAnn + content + toAnn + content, .trailingData),
            ("a line feed after it", toAnn + content + [0x0A], .trailingData),
            ("a literal packet before it", packet(11, [0x62]) + toAnn + content, .notEncrypted),
            (
                "armour without an end", Array("-----BEGIN PGP MESSAGE-----\n\nhF4D".utf8),
                .notOpenPGP
            ),
            ("armour without a blank line", Array("-----BEGIN PGP MESSAGE-----".utf8), .notOpenPGP),
            (
                "armour around text",
                Array("-----BEGIN PGP MESSAGE-----\n\naGVsbG8=\n=aaaa\n-----END".utf8), .notOpenPGP
            ),
            (
                "armour with other characters",
                Array("-----BEGIN PGP MESSAGE-----\n\naG*s\n-----END".utf8), .notOpenPGP
            ),
            (
                "empty armour",
                Array("-----BEGIN PGP MESSAGE-----\n\n-----END PGP MESSAGE-----\n".utf8), .empty
            ),
        ] as [(String, [UInt8], EncryptedMessage.Flaw)])
    func `what is no entry is told apart`(
        _ case: String, bytes: [UInt8], flaw: EncryptedMessage.Flaw
    ) {
        #expect(throws: flaw) { try EncryptedMessage(bytes) }
        #expect(!flaw.description.isEmpty)
    }

    @Test func `recipients come in the order of the file, hidden ones too`() throws {
        let message = try EncryptedMessage(Self.toNobody + Self.toAnn + Self.content)
        #expect(message.recipients == [.hidden, KeyID(0x0102_0304_0506_0708)])
    }

    @Test func `a passphrase beside a key does no harm`() throws {
        let message = try EncryptedMessage(Self.toAnn + Self.byPassphrase + Self.content)
        #expect(message.recipients == [KeyID(0x0102_0304_0506_0708)])
    }

    @Test func `markers and padding are passed over`() throws {
        let bytes =
            Self.packet(10, Array("PGP".utf8)) + Self.toAnn + Self.content
            + Self.packet(21, [7, 7])
        #expect(try EncryptedMessage(bytes).recipients.count == 1)
    }

    @Test func `authenticated encryption counts as protected`() throws {
        let bytes = Self.toAnn + Self.packet(20, [1, 9, 2, 16, 0])
        #expect(try EncryptedMessage(bytes).recipients.count == 1)
    }

    @Test func `random packets never trap`() {
        var random = SmallRandom(seed: 2)
        let starts = [Self.toAnn, Self.byPassphrase, Self.content, []]
        for _ in 0..<20_000 {
            let start = starts.randomElement(using: &random) ?? []
            let bytes = start + random.bytes(count: Int(random.next() % 24))
            if let message = try? EncryptedMessage(bytes) { #expect(!message.recipients.isEmpty) }
        }
    }

    @Test func `random armour never traps`() {
        var random = SmallRandom(seed: 3)
        let pieces = ["A", "z", "9", "+", "/", "=", "\n", "\r\n", " ", "-----END", "é", ":", "x"]
        for _ in 0..<5_000 {
            let text = random.text(of: pieces, count: Int(random.next() % 30))
            let armour = "-----BEGIN PGP MESSAGE-----\n\n" + text
            if let message = try? EncryptedMessage(Array(armour.utf8)) {
                #expect(!message.recipients.isEmpty)
            }
        }
    }
}
