import PasselTesting
import Testing

@testable import PasselCore

/// Key files taken apart without gpg.
@Suite struct KeyFileTests {
    private let box: Sandbox
    private let ann: Key
    private let bob: Key

    init() throws {
        box = try Sandbox()
        ann = try box.makeKey("ann")
        bob = try box.makeKey("bob", .twoSubkeys)
    }

    private func export(_ options: String...) throws -> [UInt8] {
        let outcome = try box.run("gpg", ["--batch", "--quiet", "--export"] + options)
        try #require(outcome.status == 0 && !outcome.stdout.isEmpty)
        return outcome.stdout
    }

    @Test func `the fingerprints are those that gpg computes`() throws {
        let rsa = ["--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "eve", "rsa2048"]
        try box.run("gpg", rsa)
        let listing = try box.run(
            "gpg", ["--list-keys", "--with-colons", "--with-subkey-fingerprint"])
        let all = listing.stdout.text.split(separator: "\n").filter { $0.hasPrefix("fpr") }
            .map { String($0.split(separator: ":")[1]) }
        let file = try #require(KeyFile(try export()))
        #expect(file.fingerprints.count == 3 && file.subkeys.count == 3)
        #expect(Set((file.fingerprints + file.subkeys).map(\.hex)) == Set(all))
    }

    @Test func `a file is written as gpg writes it, out of armour, too`() throws {
        let binary = try export()
        #expect(KeyFile(binary)?.bytes == binary)
        let armoured = try export("--armor")
        #expect(KeyFile(armoured)?.bytes == binary)
        #expect(KeyFile(armoured.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })?.bytes == binary)
        let apart = try export("--armor", ann.fingerprint) + export("--armor", bob.fingerprint)
        #expect(KeyFile(apart)?.bytes == binary)
        #expect(KeyFile(Array("hello\n".utf8) + armoured)?.bytes == binary)
    }

    // FIPS 180-4's own examples, and lengths around a block's end.
    @Test(arguments: [
        ("abc", "A9993E364706816ABA3E25717850C26C9CD0D89D"),
        ("", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983E441C3BD26EBAAE4AA1F95129E5E54670F1"
        ),
        (String(repeating: "a", count: 55), "C1C8BBDC22796E28C0E15163D20899B65621D65A"),
        (String(repeating: "a", count: 64), "0098BA824B5C16427BD7A1122A5A442A25EC644D"),
    ]) func `digests are those of the standard`(text: String, digest: String) {
        #expect(SHA1.digest(of: Array(text.utf8)).hex == digest)
    }

    /// RFC 9580, appendix A.3.
    private static let versionSix = """
        -----BEGIN PGP PUBLIC KEY BLOCK-----

        xioGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laPCsQYf
        GwoAAABCBYJjh3/jAwsJBwUVCg4IDAIWAAKbAwIeCSIhBssYbE8GCaaX5NUt+mxy
        KwwfHifBilZwj2Ul7Ce62azJBScJAgcCAAAAAK0oIBA+LX0ifsDm185Ecds2v8lw
        gyU2kCcUmKfvBXbAf6rhRYWzuQOwEn7E/aLwIwRaLsdry0+VcallHhSu4RN6HWaE
        QsiPlR4zxP/TP7mhfVEe7XWPxtnMUMtf15OyA51YBM4qBmOHf+MZAAAAIIaTJINn
        +eUBXbki+PSAld2nhJh/LVmFsS+60WyvXkQ1wpsGGBsKAAAALAWCY4d/4wKbDCIh
        BssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJAAAAAAQBIKbpGG2dWTX8
        j+VjFM21J0hqWlEg+bdiojWnKfA5AQpWUWtnNwDEM0g12vYxoWM8Y81W+bHBw805
        I8kWVkXU6vFOi+HWvv/ira7ofJu16NnoUkhclkUrk0mXubZvyl4GBg==
        -----END PGP PUBLIC KEY BLOCK-----

        """

    @Test func `a version 6 key has a longer fingerprint`() throws {
        let file = try #require(KeyFile(Array(Self.versionSix.utf8)))
        let expected = "CB186C4F0609A697E4D52DFA6C722B0C1F1E27C18A56708F6525EC27BAD9ACC9"
        #expect(file.fingerprints.map(\.hex) == [expected] && file.subkeys.count == 1)
        #expect(file.withoutForeignSignatures == file)
        let preferences = try #require(KeyPreferences(Array(Self.versionSix.utf8)))
        #expect(preferences.version == 6 && preferences.algorithm == 27)
        #expect(preferences.advertisesAEAD)
    }

    @Test func `what is not whole public keys is none`() throws {
        let file = try export()
        let secret = try box.run("gpg", ["--batch", "--export-secret-keys", ann.fingerprint])
        try #require(!secret.stdout.isEmpty)
        let userID: [UInt8] = [0xB4, 1, 0x61]
        let versionThree: [UInt8] = [0x99, 0, 8, 3, 0, 0, 0, 0, 0, 0, 1]
        let cases = [
            [], Array("hunter2\n".utf8), file + [0], file + file.dropLast(), secret.stdout,
            userID, userID + file, versionThree, [0xC1, 1, 3] + file,
            Array("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n".utf8),
        ]
        for bytes in cases { #expect(KeyFile(bytes) == nil) }
        for length in file.indices where length < 400 {
            let part = KeyFile(Array(file[..<length]))
            #expect((part?.bytes.count ?? length) == length, "cut off after \(length) bytes")
        }
    }

    @Test func `only the owner's signatures stay`() throws {
        let before = try export(bob.fingerprint)
        let sign = ["--batch", "--quiet", "-u", ann.fingerprint, "--quick-sign-key"]
        try box.run("gpg", sign + [bob.fingerprint])
        let after = try export(bob.fingerprint)
        try #require(after.count > before.count)
        #expect(KeyFile(after)?.withoutForeignSignatures.bytes == before)
        #expect(KeyFile(before)?.withoutForeignSignatures.bytes == before)
    }

    @Test func `pictures and what is signed of them stay out`() throws {
        let file = try #require(KeyFile(try export(ann.fingerprint)))
        let key = try #require(file.keys.first)
        let binding = try #require(key.packets.first { $0.tag == 2 })
        let attribute = KeyFile.Packet(tag: 17, body: [2, 1, 0]).bytes
        let subkey = try #require(key.packets.firstIndex { $0.tag == 14 })
        let head = key.packets[..<subkey].flatMap(\.bytes)
        let tail = key.packets[subkey...].flatMap(\.bytes)
        let pictured = try #require(KeyFile(head + attribute + binding.bytes + tail))
        #expect(pictured.bytes == head + attribute + binding.bytes + tail)
        #expect(pictured.withoutForeignSignatures.bytes == head + tail)
    }

    @Test func `damaged files never trap`() throws {
        let file = try export(bob.fingerprint)
        for index in file.indices {
            for change in [0x01, 0x40, 0x80, 0xFF] as [UInt8] {
                var changed = file
                changed[index] ^= change
                _ = KeyFile(changed)?.withoutForeignSignatures
                _ = KeyPreferences(changed)
                _ = DetachedSignatures(changed)
            }
        }
    }

    @Test func `random signatures never trap`() {
        var random = SmallRandom(seed: 5)
        for _ in 0..<20_000 {
            let body = random.bytes(count: Int(random.next() % 40))
            let version = UInt8(3 + random.next() % 4)
            let small = body.map { $0 % 24 }
            _ = SignaturePacket([version] + body)
            _ = SignaturePacket([version] + small)
            _ = DetachedSignatures([0x88, UInt8(small.count + 1), version] + small)
        }
    }
}
