import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct KeyCheckTests {
    private static let now: Int64 = 1_800_000_000

    /// A key with an encryption subkey, as gpg would describe it.
    private func key(
        _ change: (inout PublicKey) -> Void = { _ in }
    ) throws -> PublicKey {
        var primary = PublicKey.Part(
            fingerprint: Somebody.bob.fingerprint, created: 0, algorithm: 22, bits: 255)
        primary.canSign = true
        var subkey = PublicKey.Part(
            fingerprint: Somebody.carol.fingerprint, created: 0, algorithm: 18, bits: 255)
        subkey.canEncrypt = true
        var key = PublicKey(primary: primary)
        key.subkeys = [subkey]
        key.userIDs = [Bytes("Bob".utf8)]
        change(&key)
        return key
    }

    private func check(_ key: PublicKey, _ file: Bytes = []) -> KeyCheck {
        KeyCheck(Person(key: key, file: file), at: Self.now)
    }

    @Test func `a good key passes`() throws {
        let check = check(try key())
        #expect(check.failure == nil)
        #expect(check.doubts(beside: []).isEmpty)
    }

    @Test func `what cannot be encrypted to is refused, with what its owner can type`() throws {
        let bob = Somebody.bob.fingerprint.hex
        let expired = check(try key { $0.primary.expires = 86_400 }).failure
        #expect(expired?.message == "cannot encrypt to Bob: it expired on 1970-01-02")
        #expect(expired?.hints.first == "let Bob do: gpg --quick-set-expire \(bob) 1y")
        let part = check(try key { $0.subkeys[0].expires = 86_400 }).failure
        let subkey = Somebody.carol.fingerprint.hex
        #expect(part?.hints.first == "let Bob do: gpg --quick-set-expire \(bob) 1y \(subkey)")
        let revoked = check(try key { $0.primary.isRevoked = true }).failure
        #expect(revoked?.message == "cannot encrypt to Bob: they revoked it")
        let none = check(try key { $0.subkeys = [] }).failure
        #expect(none?.message == "cannot encrypt to Bob: no part of the key encrypts")
        #expect(none?.hints.first == "let Bob do: gpg --quick-add-key \(bob) default encr")
        let disabled = check(try key { $0.isDisabled = true }).failure
        #expect(disabled?.hints == ["enable it again: gpg --edit-key \(bob) enable quit"])
        #expect(check(try key { $0.subkeys[0].isRevoked = true }).failure != nil)
        #expect(check(try key { $0.primary.isInvalid = true }).failure != nil)
    }

    @Test(arguments: [
        (1, 1024, true), (1, 2047, true), (1, 2048, false), (17, 1024, true), (16, 1536, true),
        (22, 255, false), (18, 256, false),
    ])
    func `short keys are weak`(_ algorithm: Int, _ bits: Int, _ isWeak: Bool) throws {
        for isPrimary in [true, false] {
            let key = try key {
                if isPrimary {
                    ($0.primary.algorithm, $0.primary.bits) = (algorithm, bits)
                } else {
                    ($0.subkeys[0].algorithm, $0.subkeys[0].bits) = (algorithm, bits)
                }
            }
            #expect(check(key).doubts(beside: []).isEmpty != isWeak)
        }
    }

    @Test func `a short part that is not used does not matter`() throws {
        let key = try key {
            var old = $0.subkeys[0]
            (old.algorithm, old.bits, old.isRevoked) = (1, 1024, true)
            $0.subkeys.append(old)
        }
        #expect(check(key).doubts(beside: []).isEmpty)
    }

    @Test func `later versions are doubtful`() throws {
        let long = try #require(Fingerprint(String(repeating: "D4", count: 32).utf8))
        var key = try key()
        key.primary.fingerprint = long
        let doubts = check(key).doubts(beside: [])
        #expect(
            doubts.map(\.message) == [
                "the key of Bob is of version 5, which many programs cannot use"
            ])
    }

    @Test(arguments: [UInt8(0x03), 0x07, 0x08])
    func `a key that asks for authenticated encryption is doubtful where nobody does not`(
        _ features: UInt8
    ) throws {
        let (modern, plain) = (Self.keyFile(features), Self.keyFile(0x05))
        let check = check(try key(), modern)
        #expect(check.doubts(beside: []).count == 1)
        #expect(check.doubts(beside: [modern, modern]).count == 1)
        #expect(check.doubts(beside: [modern, plain]).isEmpty)
        #expect(self.check(try key(), plain).doubts(beside: [modern]).isEmpty)
        let hints = check.doubts(beside: []).first?.hints.map(\.description) ?? []
        #expect(
            hints.first?.hasSuffix(
                "gpg --edit-key \(Somebody.bob.fingerprint.hex) 'setpref AES256 AES192 AES SHA512 SHA384 SHA256 SHA224 ZLIB BZIP2 ZIP Uncompressed' save"
            ) == true)
        #expect(hints.last == "use it as it is: add --force")
    }

    @Test func `a draft refuses a doubtful key unless it is forced`() throws {
        let modern = Self.keyFile(0x03)
        var draft = TeamDraft(roster: Roster(), files: [:], base: Pins())
        let person = Person(key: try key(), file: modern)
        draft.add(person, as: Roster.Membership(.member), to: Roster.top)
        let refusal = message {
            try draft.check(person, in: [Roster.top, "web"], at: Self.now, force: false)
        }
        #expect(refusal?.contains("AEAD") == true)
        let doubts = try draft.check(person, in: [Roster.top, "web"], at: Self.now, force: true)
        #expect(doubts.count == 1)
        let ann = Person(
            key: PublicKey(
                primary: .init(
                    fingerprint: Somebody.ann.fingerprint, created: 0, algorithm: 22, bits: 255)),
            file: Self.keyFile(0x01))
        draft.add(ann, as: Roster.Membership(.signer), to: Roster.top)
        let none = try draft.check(person, in: [Roster.top], at: Self.now, force: false)
        #expect(none.isEmpty)
    }

    /// A key file whose self-signature, good or not, advertises these features.
    private static func keyFile(_ features: UInt8) -> Bytes {
        func packet(_ tag: UInt8, _ body: Bytes) -> Bytes {
            [0xC0 | tag, UInt8(body.count)] + body
        }
        let key = packet(6, [4, 0, 0, 0, 1, 22] + Bytes(repeating: 7, count: 40))
        let issuer = KeyFile(key)?.fingerprints.first?.keyID ?? .hidden
        let id = (0..<8).map { UInt8(truncatingIfNeeded: issuer.value >> (56 - 8 * $0)) }
        let signed: Bytes = [5, 2, 0, 0, 0, 9, 2, 30, features]
        let other: Bytes = [9, 16] + id
        let signature: Bytes =
            [4, 0x13, 22, 10, 0, UInt8(signed.count)] + signed + [0, UInt8(other.count)] + other
            + [1, 2, 0, 1, 1, 0, 1, 1]
        return key + packet(13, Bytes("Bob".utf8)) + packet(2, signature)
    }
}
