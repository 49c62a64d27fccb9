import PasselCore
import PasselGPG
import PasselPosix
import PasselTesting
import Testing

/// Private keyrings and the key files that they are made of.
@Suite struct KeyringTests {
    private let home: GPGHome
    private let ann: Key
    private let bob: Key
    private let now: Int64 = 1_800_000_000

    init() throws {
        home = try GPGHome()
        ann = try home.box.makeKey("ann")
        bob = try home.box.makeKey("bob")
    }

    private func packets(_ file: Bytes) -> [PasselCore.PacketReader.Packet] {
        file.withUnsafeBytes { bytes in
            var reader = PasselCore.PacketReader(bytes)
            var found: [PasselCore.PacketReader.Packet] = []
            while let packet = try? reader.next() { found.append(packet) }
            return found
        }
    }

    // MARK: Keyrings

    @Test func `a keyring holds exactly the keys it was made of`() throws {
        let ring = try home.keyring(ann, bob)
        let listed = try home.gpg().keys([], in: .file(ring))
        #expect(listed.map(\.fingerprint.hex) == [ann.fingerprint, bob.fingerprint])
        #expect(Disk.facts(ring.bytes)?.mode == 0o600)
        // In the other form, and in the place of the first.
        let armoured = try home.file(bob, options: ["--armor"])
        try home.gpg().makeKeyring([armoured], at: ring)
        #expect(
            try home.gpg().keys([], in: .file(ring)).map(\.fingerprint.hex) == [bob.fingerprint])
        try home.gpg().makeKeyring([], at: ring)
        #expect(try home.gpg().keys([], in: .file(ring)) == [])
    }

    @Test func `making one leaves nothing behind and does not touch the user's home`() throws {
        let files = [try home.file(ann), try home.file(bob)]
        try home.box.run("gpgconf", ["--kill", "all"])
        let before = home.content(of: home.box.root)
        let ring = try home.folder / "keyring"
        try home.gpg().makeKeyring(files, at: ring)
        var after = home.content(of: home.box.root)
        #expect(after.removeValue(forKey: ring.repaired) != nil)
        after[home.box.root + "/state"] = nil
        #expect(after == before)
        #expect(Agents.serving(home.box.root) == [])
    }

    @Test func `using one leaves it as it is`() throws {
        let ring = try home.keyring(ann, bob)
        let signature = try home.signature([1], by: ann)
        let before = home.content(of: try home.folder.repaired)
        _ = try home.gpg().keys([], in: .file(ring))
        _ = try home.gpg().encrypt(Secret(plain: "x"), to: [ann.print], in: ring)
        _ = try home.gpg().signers(of: [1], signature: signature, in: ring)
        _ = try home.gpg().export(bob.print, from: .file(ring))
        #expect(home.content(of: try home.folder.repaired) == before)
    }

    @Test func `a long path does no harm`() throws {
        let folder = home.box.root + "/" + String(repeating: "long/", count: 40)
        try Disk.makeFolder(folder)
        let ring = Path(folder + "keyring")
        try home.gpg().makeKeyring([try home.file(ann)], at: ring)
        _ = try home.gpg().encrypt(Secret(plain: "x"), to: [ann.print], in: ring)
    }

    @Test func `what is not one key a file makes no keyring and leaves the old one`() throws {
        let ring = try home.keyring(ann)
        let before = Disk.read(ring.bytes)
        let (one, two) = (try home.file(ann), try home.file(ann, bob))
        for files in [[one, two], [[]], [one, Bytes("x".utf8)], [one, one]] {
            #expect(throws: Problem.self) { try home.gpg().makeKeyring(files, at: ring) }
        }
        #expect(Disk.read(ring.bytes) == before)
        #expect(Disk.names(in: try home.folder.bytes).count == 1)
    }

    @Test func `a key without a good signature of its own is refused by name`() throws {
        var file = try home.file(bob)
        // The last byte of the signature on the user id.
        let signature = try #require(packets(file).first { $0.tag == 2 })
        file[signature.body.upperBound - 1] ^= 1
        let problem = try #require(throws: Problem.self) {
            try home.gpg().makeKeyring([try home.file(ann), file], at: try home.folder / "k")
        }
        #expect(
            problem.message
                == "gpg does not take the key \(Text(bob.fingerprint.utf8)) into a keyring")
        #expect(
            problem.hints == [
                "see what is wrong with it: gpg --show-keys .public-keys/\(Text(bob.fingerprint.utf8))"
            ])
    }

    @Test func `a key that poses as another is refused`() throws {
        let (victim, own) = (try home.file(ann), try home.file(bob))
        // ann's primary key as a subkey of bob's, which gpg would find by ann's fingerprint.
        let primary = try #require(packets(victim).first)
        let stolen = [0xB8, victim[1]] + victim[primary.body]
        let binding = try #require(packets(own).last)
        let signature = own[(binding.body.lowerBound - 2)...]
        let problem = try #require(throws: Problem.self) {
            try home.gpg().makeKeyring(
                [own + stolen + signature, victim], at: try home.folder / "keyring")
        }
        let (poser, key) = (Text(bob.fingerprint.utf8), Text(ann.fingerprint.utf8))
        #expect(problem.message == "the key \(poser) poses as the key \(key)")
    }

    @Test func `a folder that is not there is told`() throws {
        let file = try home.file(ann)
        let problem = try #require(throws: Problem.self) {
            try home.gpg().makeKeyring([file], at: "/nonexistent/keyring")
        }
        #expect(problem.message == "cannot write /nonexistent: No such file or directory")
    }

    // MARK: Key files

    @Test func `what others signed stays out of a key file, whatever the settings say`() throws {
        try home.change("--quick-sign-key", ann.fingerprint)
        let before = try home.file(bob)
        try home.change("-u", ann.fingerprint, "--quick-sign-key", bob.fingerprint)
        #expect(try home.file(bob).count > before.count)
        #expect(try home.gpg().export(bob.print, from: .own) == before)
        try home.add("armor\nexport-options export-minimal\n")
        #expect(try home.gpg().export(bob.print, from: .own) == before)
        let ring = try home.keyring(ann, bob)
        #expect(try home.gpg().export(bob.print, from: .file(ring)) == before)
    }

    @Test func `expired subkeys stay in a key file`() throws {
        let fay = try home.box.makeKey("fay", .expiredSubkey)
        let file = try home.gpg().export(fay.print, from: .own)
        #expect(try home.gpg().keys(inFile: file).first?.readerIDs == Set(fay.ids))
        #expect(fay.ids.count == 2)
    }

    @Test func `a key that is not there cannot be exported`() throws {
        let nobody = try #require(Fingerprint(String(repeating: "A", count: 40).utf8))
        let problem = try #require(throws: Problem.self) {
            try home.gpg().export(nobody, from: .own)
        }
        #expect(problem.message == "gpg has no key \(nobody.hex) to export")
        // A subkey's fingerprint names no key of its own.
        let subkey = try #require(try home.gpg().keys([ann.recipient], in: .own).first?.subkeys[0])
        #expect(throws: Problem.self) { try home.gpg().export(subkey.fingerprint, from: .own) }
    }

    // MARK: Versions

    private func merged(_ files: Bytes...) throws -> PublicKey {
        let file = try home.gpg().merged(files)
        #expect(try home.gpg().merged(files.reversed()) == file)
        #expect(try home.gpg().merged([file]) == file)
        return try #require(try home.gpg().keys(inFile: file).first)
    }

    @Test func `the newer expiry and new subkeys of all versions are in the merged key`() throws {
        let old = try home.file(ann)
        try home.change("--quick-set-expire", ann.fingerprint, "2y")
        let longer = try home.file(ann)
        let other = try GPGHome()
        try other.box.makeKey("ann")
        try other.change("--quick-add-key", ann.fingerprint, "cv25519", "encr", "1y")
        let wider = try other.file(ann)
        let key = try merged(old, longer, wider)
        #expect(key.primary.expires != nil && key.subkeys.count == 2)
        #expect(key.readerIDs.isSuperset(of: ann.ids) && key.readerIDs.count == 2)
        #expect(try merged(old).primary.expires == nil)
    }

    @Test func `a revocation in any version is in the merged key`() throws {
        let carol = try home.box.makeKey("carol", .twoSubkeys)
        let old = try home.file(carol)
        let settings = "key 1\nrevkey\ny\n0\n\ny\nsave\n"
        let edit = ["--no-tty", "--command-fd", "0", "--pinentry-mode", "loopback"]
        try home.box.run(
            "gpg", edit + ["--passphrase", "", "--edit-key", carol.fingerprint],
            input: .bytes(Bytes(settings.utf8)))
        let part = try home.file(carol)
        #expect(try merged(old, part).subkeys.map(\.isRevoked) == [true, false])
        let certificate = home.box.root + "/carol.rev"
        try revoke(carol, certificate)
        let gone = try home.file(carol)
        #expect(try merged(gone, old).state(at: now) == .revoked)
        #expect(try merged(gone, part, old).subkeys.count == 2)
    }

    /// Writes a revocation certificate and imports it.
    private func revoke(_ key: Key, _ file: String) throws {
        let edit = ["--no-tty", "--command-fd", "0", "--pinentry-mode", "loopback", "--yes"]
        try home.box.run(
            "gpg", edit + ["--passphrase", "", "-o", file, "--gen-revoke", key.fingerprint],
            input: .bytes(Bytes("y\n0\n\ny\n".utf8)))
        try home.change("--import", file)
    }

    @Test func `a revocation by somebody whom the owner named stays`() throws {
        let edit = ["--no-tty", "--command-fd", "0", "--pinentry-mode", "loopback", "--yes"]
        let unprotected = edit + ["--passphrase", ""]
        try home.box.run(
            "gpg", unprotected + ["--edit-key", ann.fingerprint],
            input: .bytes(Bytes("addrevoker\n\(bob.fingerprint)\ny\nsave\n".utf8)))
        let old = try home.file(ann)
        let file = home.box.root + "/ann.rev"
        try home.box.run(
            "gpg", unprotected + ["-o", file, "--desig-revoke", ann.fingerprint],
            input: .bytes(Bytes("y\n0\n\ny\n".utf8)))
        try home.change("--import", file)
        let gone = try home.file(ann)
        let result = try home.gpg().merged([old, gone])
        let ring = try home.folder / "keyring"
        try home.gpg().makeKeyring([result, try home.file(bob)], at: ring)
        let key = try #require(try home.gpg().keys([ann.recipient], in: .file(ring)).first)
        #expect(key.state(at: now) == .revoked)
    }

    @Test func `versions of different keys are not merged`() throws {
        let files = [try home.file(ann), try home.file(bob)]
        for files in [files, [], [files[0] + files[1]], [Bytes("x".utf8)]] {
            #expect(throws: Problem.self) { try home.gpg().merged(files) }
        }
    }
}

/// The gpg-agents that run on this machine.
enum Agents {
    /// The command lines of those that serve a home below `folder` or a scratch home.
    static func serving(_ folder: String) -> [String] {
        Disk.names(in: Bytes("/proc".utf8)).compactMap { name in
            guard let line = Disk.read("/proc/\(name.text)/cmdline")?.text,
                line.hasPrefix("gpg-agent"),
                line.contains(folder) || line.contains(".passel-tmp-")
            else { return nil }
            return line
        }
    }
}
