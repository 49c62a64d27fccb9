import PasselTesting
import Testing

@testable import PasselCore

/// Checksums of what is typed from paper, and the way in which gpg keeps secrets.
@Suite struct KeyBackupTests {
    // RFC 4880 §6.1 gives no vectors; gpg's own armour of these bytes does.
    @Test func `the armour is what gpg makes of the same bytes`() throws {
        let box = try Sandbox()
        for count in [1, 47, 48, 49, 200] {
            var random = SmallRandom(seed: UInt64(count))
            // gpg calls anything armour that begins with another byte than that of a packet.
            let bytes = [0xC6] + random.bytes(count: count - 1)
            let gpg = try box.run("gpg", ["--batch", "--enarmor"], input: .bytes(bytes)).stdout.text
            let lines = gpg.split(separator: "\n", omittingEmptySubsequences: false)
            let body = lines.drop { !$0.isEmpty }.dropLast(2)
            let ours = Armor.encode(bytes.withUnsafeBytes { Secret(copying: $0) }, .message)
            let text = String(decoding: ours.withBytes { Array($0) }, as: UTF8.self)
            let own = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(Array(own.drop { !$0.isEmpty }.dropLast(2)) == Array(body))
            #expect(own.first == "-----BEGIN PGP MESSAGE-----")
            #expect(Armor.decode(Array(text.utf8)) == bytes)
        }
    }

    @Test(arguments: ["", "a", "123456789", String(repeating: "long ", count: 100)])
    func `a line's checksum is that of cksum`(text: String) throws {
        let box = try Sandbox()
        let told = try box.run("cksum", [], input: .bytes(Bytes(text.utf8))).stdout.text
        #expect(told.split(separator: " ").first == "\(CKSum.of(Array(text.utf8)))")
    }

    private func secretKey(_ box: Sandbox, _ key: Key) throws -> SecretKeyFile? {
        let words = ["--batch", "--quiet", "--export-secret-keys", key.fingerprint]
        let exported = try box.run("gpg", words).stdout
        return SecretKeyFile(exported.withUnsafeBytes { Secret(copying: $0) })
    }

    @Test func `how secrets are kept is read as gpg means it`() throws {
        let box = try Sandbox()
        let ann = try box.makeKey("ann", .twoSubkeys)
        let open = try #require(try secretKey(box, ann))
        #expect(open.parts.map(\.keeping) == [.open, .open, .open])
        #expect(open.parts.map(\.isPrimary) == [true, false, false])
        #expect(open.parts[0].fingerprint.hex == ann.fingerprint)

        let weak = try box.makeKey("weak", .weak)
        #expect(try secretKey(box, weak)?.parts.map(\.keeping) == [.open, .open])

        try box.setPassphrase("hunter2")
        let bob = try box.makeKey("bob", .protected(passphrase: "hunter2"))
        #expect(try secretKey(box, bob)?.parts.map(\.keeping) == [.passphrase, .passphrase])

        // The primary key elsewhere, as where it is kept offline.
        let grips = box.gnupgHome + "/private-keys-v1.d/"
        Disk.remove(grips + ann.keygrips[0] + ".key")
        #expect(try secretKey(box, ann)?.parts.map(\.keeping) == [.absent, .open, .open])
    }

    // The same packet with GnuPG's word for a card, which no test machine has.
    @Test func `a card is told from a key that is elsewhere`() throws {
        let box = try Sandbox()
        let ann = try box.makeKey("ann")
        Disk.remove(box.gnupgHome + "/private-keys-v1.d/" + ann.keygrips[0] + ".key")
        let words = ["--batch", "--quiet", "--export-secret-keys", ann.fingerprint]
        var exported = try box.run("gpg", words).stdout
        let mark = Bytes("GNU".utf8) + [1]
        let place = try #require(
            exported.indices.first { exported[$0...].starts(with: mark) })
        func parts() -> [SecretKeyFile.Keeping]? {
            SecretKeyFile(exported.withUnsafeBytes { Secret(copying: $0) })?.parts.map(\.keeping)
        }
        #expect(parts() == [.absent, .open])
        exported[place + 3] = 2
        #expect(parts() == [.card, .open])
        exported[place + 3] = 9
        #expect(parts() == nil)
    }

    @Test func `what is cut off is no key, wherever it is`() throws {
        let box = try Sandbox()
        let ann = try box.makeKey("ann")
        let words = ["--batch", "--quiet", "--export-secret-keys", ann.fingerprint]
        let whole = try box.run("gpg", words).stdout
        let file = try #require(SecretKeyFile(whole.withUnsafeBytes { Secret(copying: $0) }))
        #expect(file.withoutForeignSignatures == file.content)
        for count in 0..<whole.count {
            let cut = Array(whole[..<count]).withUnsafeBytes { Secret(copying: $0) }
            guard let read = SecretKeyFile(cut) else { continue }
            // Between two packets there is a shorter key, which is for who exports to tell.
            #expect(read.content.count == count)
        }
    }
}
