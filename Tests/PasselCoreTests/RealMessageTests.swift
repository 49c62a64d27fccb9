import PasselCore
import PasselTesting
import Testing

/// Messages that gpg makes, whole and damaged.
@Suite struct RealMessageTests {
    private let box: Sandbox
    private let ann: Key
    private let bob: Key

    init() throws {
        box = try Sandbox()
        ann = try box.makeKey("ann")
        bob = try box.makeKey("bob")
    }

    private func gpg(_ arguments: String..., stdin: [UInt8] = Array("hunter2\n".utf8)) throws
        -> [UInt8]
    {
        let options = ["--batch", "--quiet", "--yes", "--trust-model", "always", "-o", "-"]
        let outcome = try box.run("gpg", options + arguments, input: .bytes(stdin))
        try #require(outcome.status == 0, "gpg \(arguments): \(outcome.stderr.text)")
        return outcome.stdout
    }

    private func id(_ key: Key) throws -> KeyID {
        try #require(KeyID(hex: Array((key.encryptionKeyIDs.last ?? "").utf8)))
    }

    private func flaw(_ bytes: [UInt8]) -> EncryptedMessage.Flaw? {
        do throws(EncryptedMessage.Flaw) {
            _ = try EncryptedMessage(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test func `recipients are those whom gpg encrypted to`() throws {
        let message = try gpg("-e", "-r", ann.fingerprint, "-r", bob.fingerprint)
        #expect(try EncryptedMessage(message).recipients == [id(ann), id(bob)])
    }

    @Test func `armour makes no difference`() throws {
        let message = try gpg("-e", "-a", "-r", bob.fingerprint)
        #expect(try EncryptedMessage(message).recipients == [id(bob)])
        let withReturns = message.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        #expect(try EncryptedMessage(withReturns).recipients == [id(bob)])
    }

    @Test func `hidden recipients are seen but not named`() throws {
        let hidden = try gpg("-e", "-R", ann.fingerprint, "-r", bob.fingerprint)
        #expect(try EncryptedMessage(hidden).recipients == [.hidden, id(bob)])
        let thrown = try gpg("-e", "--throw-keyids", "-r", ann.fingerprint)
        #expect(try EncryptedMessage(thrown).recipients == [.hidden])
    }

    @Test func `long messages in parts are read to their end`() throws {
        let content = [UInt8](repeating: 0x61, count: 200_000)
        let message = try gpg(
            "-e", "-r", ann.fingerprint, "--compress-algo", "none", stdin: content)
        #expect(try EncryptedMessage(message).recipients == [id(ann)])
        #expect(flaw(message.dropLast()) == .truncated)
        #expect(flaw(message + [0x00]) == .trailingData)
    }

    @Test func `messages that are no entries are told apart`() throws {
        #expect(flaw(try gpg("--store")) == .notEncrypted)
        #expect(flaw(try gpg("--sign", "-u", ann.fingerprint)) == .notEncrypted)
        let phrase = ["--pinentry-mode", "loopback", "--passphrase", "words"]
        let symmetric = try box.run(
            "gpg", ["--batch", "-o", "-"] + phrase + ["-c"], input: .bytes([0x61]))
        #expect(flaw(symmetric.stdout) == .passphraseOnly)
        #expect(flaw(try gpg("--export", ann.fingerprint)) == .notOpenPGP)
    }

    @Test func `a message is refused wherever it is cut off`() throws {
        let message = try gpg("-e", "-r", ann.fingerprint, "-r", bob.fingerprint)
        for length in message.indices {
            #expect(flaw(Array(message[..<length])) != nil, "cut off after \(length) bytes")
        }
    }

    @Test func `armour may be cut off anywhere without a trap`() throws {
        let message = try gpg("-e", "-a", "-r", ann.fingerprint)
        let refused = message.indices.filter { flaw(Array(message[..<$0])) != nil }
        // The checksum and the last line are gpg's to judge.
        #expect(refused.count > message.count - 40)
    }

    @Test func `a changed byte never traps`() throws {
        let binary = try gpg("-e", "-r", ann.fingerprint)
        let armoured = try gpg("-e", "-a", "-r", ann.fingerprint)
        for message in [binary, armoured] {
            for index in message.indices {
                for change in [0x01, 0x20, 0x40, 0x80, 0xFF] as [UInt8] {
                    var changed = message
                    changed[index] ^= change
                    if let read = try? EncryptedMessage(changed) {
                        #expect(!read.recipients.isEmpty)
                    }
                }
            }
        }
    }
}
