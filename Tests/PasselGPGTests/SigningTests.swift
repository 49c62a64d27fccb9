import PasselCore
import PasselGPG
import PasselTesting
import Testing

@Suite struct SigningTests {
    private let home: GPGHome
    private let ann: Key
    private let list = Bytes("ann@example.org\n".utf8)

    init() throws {
        home = try GPGHome()
        ann = try home.box.makeKey("ann")
    }

    private func file(_ signature: Bytes) throws -> Path {
        let path = home.box.root + "/tmp/.gpg-id.sig"
        try Disk.write(signature, to: Bytes(path.utf8))
        return Path(path)
    }

    @Test func `a signature names the key that made it`() throws {
        let signature = try home.gpg().sign(list, with: [ann.recipient])
        #expect(signature.first.map { $0 & 0x80 } == 0x80, "binary, not armoured")
        #expect(try home.gpg().signers(of: list, signature: file(signature)) == [ann.fingerprint])
    }

    @Test func `a signing subkey is named with its primary key`() throws {
        let carol = try home.box.makeKey("carol", .signOnly)
        let add = ["--batch", "--passphrase", "", "--pinentry-mode", "loopback"]
        try home.box.run("gpg", add + ["--quick-add-key", carol.fingerprint, "ed25519", "sign"])
        let signature = try home.gpg().sign(list, with: [carol.recipient])
        let signers = try home.gpg().signers(of: list, signature: file(signature))
        #expect(signers.count == 2 && signers.contains(carol.fingerprint))
    }

    @Test func `of several keys the last usable one signs`() throws {
        let bob = try home.box.makeKey("bob")
        let signature = try home.gpg().sign(list, with: [ann.recipient, bob.recipient])
        let signers = try home.gpg().signers(of: list, signature: file(signature))
        #expect(signers == [bob.fingerprint])
        try home.box.forget("bob")
        let second = try home.gpg().sign(list, with: [ann.recipient, bob.recipient])
        #expect(try home.gpg().signers(of: list, signature: file(second)) == [ann.fingerprint])
    }

    @Test func `a signature over anything else is none`() throws {
        let signature = try home.gpg().sign(list, with: [ann.recipient])
        let path = try file(signature)
        #expect(try home.gpg().signers(of: list + [0x0A], signature: path) == [])
        #expect(try home.gpg().signers(of: [], signature: path) == [])
        #expect(
            try home.gpg().signers(of: list, signature: file(Bytes(signature.dropLast()))) == [])
        #expect(try home.gpg().signers(of: list, signature: file([])) == [])
        #expect(try home.gpg().signers(of: list, signature: "/nonexistent") == [])
    }

    @Test func `a signature by an unknown key is none`() throws {
        let signature = try home.gpg().sign(list, with: [ann.recipient])
        let stranger = try GPGHome()
        try stranger.box.makeKey("bob")
        let path = try file(signature)
        #expect(try stranger.gpg().signers(of: list, signature: path) == [])
    }

    @Test func `without a usable key nothing is signed`() throws {
        try home.box.forget("ann")
        let problem = try #require(throws: Problem.self) {
            try home.gpg().sign(list, with: [ann.recipient])
        }
        #expect(problem.message == "Could not sign .gpg_id." && problem.form == .pass)
    }

    @Test func `a file that only looks like status lines signs nothing`() throws {
        let forged =
            "[GNUPG:] VALIDSIG \(ann.fingerprint) 2026-01-01 0 0 4 0 22 8 00 \(ann.fingerprint)\n"
        let bytes = Bytes(forged.utf8)
        #expect(try home.gpg().signers(of: bytes, signature: file(bytes)) == [])
    }
}
