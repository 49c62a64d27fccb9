import PasselCore
import PasselTesting
import Testing

/// The beginning of a message, read without the rest.
@Suite struct MessageHeadTests {
    private static let toAnn: [UInt8] = [0xC1, 13, 3, 1, 2, 3, 4, 5, 6, 7, 8, 18, 0, 1, 1]
    private static let ann = KeyID(0x0102_0304_0506_0708)

    private func flaw(_ bytes: [UInt8]) -> EncryptedMessage.Flaw? {
        do throws(EncryptedMessage.Flaw) {
            _ = try EncryptedMessage.head(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            ("protected", [0xD2, 3, 1, 0xAA, 0xBB], false),
            ("of version 2", [0xD2, 5, 2, 9, 2, 16, 0], true),
            ("authenticated", [0xD4, 5, 1, 9, 2, 16, 0], true),
        ] as [(String, [UInt8], Bool)])
    func `whether the content is authenticated is told`(
        _ case: String, content: [UInt8], usesAEAD: Bool
    ) throws {
        let message = Self.toAnn + content
        #expect(try EncryptedMessage(message).usesAEAD == usesAEAD)
        // The header and the version are enough.
        for length in (Self.toAnn.count + 3)...message.count {
            let head = try EncryptedMessage.head(Array(message[..<length]))
            #expect(head.recipients == [Self.ann] && head.usesAEAD == usesAEAD)
        }
    }

    @Test(
        arguments: [
            [0xD2, 0xC1, 0, 1], [0xD2, 0xFF, 0, 1, 0, 0, 1], [0xD2, 0xEC, 1],
            [0xD4, 0xE9, 1], [0xD4, 0xDF, 0xFF, 1],
        ] as [[UInt8]])
    func `lengths of all kinds are passed over`(content: [UInt8]) throws {
        let head = try EncryptedMessage.head(Self.toAnn + Self.toAnn + content + [7, 7, 7])
        #expect(head.recipients == [Self.ann, Self.ann])
        #expect(head.usesAEAD == (content[0] == 0xD4))
    }

    @Test func `a start that ends before the content is cut off`() {
        for length in 1...(Self.toAnn.count + 1) {
            let bytes = Self.toAnn + [0xD2, 3, 1, 0xAA, 0xBB]
            #expect(flaw(Array(bytes[..<length])) == .truncated, "after \(length) bytes")
        }
        #expect(flaw([]) == .empty)
    }

    @Test func `what is no message is told apart as in a whole one`() {
        let content: [UInt8] = [0xD2, 200]
        #expect(flaw(Array("hunter2".utf8)) == .notOpenPGP)
        #expect(flaw([0xCB, 200, 0x62]) == .truncated)
        #expect(flaw([0xCB, 1, 0x62]) == .notEncrypted)
        #expect(flaw(content) == .noRecipients)
        #expect(flaw([0xD2, 2, 1, 1]) == .noRecipients)
        #expect(flaw([0xC3, 4, 4, 9, 3, 8] + [0xD2, 2, 1, 1]) == .passphraseOnly)
        #expect(flaw(Self.toAnn + [0xC9, 1, 1]) == .noIntegrityProtection)
    }

    @Test func `of real messages the first bytes are enough, in armour, too`() throws {
        let box = try Sandbox()
        let (ann, bob) = (try box.makeKey("ann"), try box.makeKey("bob"))
        let content = [UInt8](repeating: 0x61, count: 100_000)
        let people = ["-R", ann.fingerprint, "-r", bob.fingerprint]
        for options in [["--compress-algo", "none"], ["--armor"], ["--compress-algo", "zlib"]] {
            let outcome = try box.run(
                "gpg", ["--batch", "--quiet", "-o", "-", "-e"] + options + people,
                input: .bytes(content))
            try #require(outcome.status == 0)
            let whole = try EncryptedMessage(outcome.stdout)
            #expect(whole.recipients.count == 2 && !whole.usesAEAD)
            #expect(try EncryptedMessage.head(outcome.stdout) == whole)
            #expect(try EncryptedMessage.head(Array(outcome.stdout.prefix(420))) == whole)
        }
    }

    @Test func `random heads never trap`() {
        var random = SmallRandom(seed: 4)
        for _ in 0..<20_000 {
            let tail = random.bytes(count: Int(random.next() % 12))
            let starts: [[UInt8]] = [Self.toAnn, [0xD2], [0xD4], []]
            let known = starts.randomElement(using: &random) ?? []
            if let head = try? EncryptedMessage.head(Self.toAnn + known + tail) {
                #expect(head.recipients.first == Self.ann)
            }
        }
    }
}
