import Glibc
import PasselCore
import PasselGPG
import PasselTesting
import Testing

/// Signatures of rosters: by one key, judged with one keyring.
@Suite struct RosterSigningTests {
    private let home: GPGHome
    private let ann: Key
    private let bob: Key
    private let roster = Bytes("passel roster 1\ngeneration 1\n".utf8)

    init() throws {
        home = try GPGHome()
        ann = try home.box.makeKey("ann")
        bob = try home.box.makeKey("bob")
    }

    private func signers(_ signature: Bytes, _ keys: Key...) throws -> [String] {
        let ring = try home.folder / "signers"
        try home.gpg().makeKeyring(try keys.map { try home.file($0) }, at: ring)
        let found = try home.gpg().signers(of: roster, signature: signature, in: ring)
        return found.map(\.hex).sorted()
    }

    @Test func `a signature is by the key that was asked for`() throws {
        let signature = try home.gpg().sign(roster, by: bob.print)
        #expect(try signers(signature, ann, bob) == [bob.fingerprint])
        #expect(try signers(signature, ann) == [])
        #expect(Set([signature.first].compactMap { $0 }).isSubset(of: [0x88, 0x89]), "binary")
    }

    @Test func `settings add no signer, no armour and no end`() throws {
        try home.add(
            """
            default-key \(bob.fingerprint)
            local-user \(bob.fingerprint)
            armor
            textmode
            digest-algo SHA1
            default-sig-expire 1d

            """)
        let signature = try home.gpg().sign(roster, by: ann.print)
        #expect(try signers(signature, ann, bob) == [ann.fingerprint])
        let packets = try #require(DetachedSignatures(signature)).signatures
        #expect(packets.count == 1)
        let listing = try home.plain("--list-packets", stdin: signature).stdout.text
        #expect(listing.contains("digest algo 10") && listing.contains("sigclass 0x00"))
        #expect(!listing.contains("sig expires"))
    }

    @Test func `a subkey signs for its primary key`() throws {
        try home.change("--quick-add-key", ann.fingerprint, "ed25519", "sign")
        let signature = try home.gpg().sign(roster, by: ann.print)
        let issuer = try #require(DetachedSignatures(signature)?.signatures.first?.issuer)
        #expect(try issuer != ann.print.keyID)
        #expect(try signers(signature, ann) == [ann.fingerprint])
    }

    @Test func `without its secret part a key does not sign`() throws {
        try home.box.forget("ann")
        let problem = try #require(throws: Problem.self) {
            try home.gpg().sign(roster, by: ann.print)
        }
        #expect(problem.message == "cannot sign with the key \(Text(ann.fingerprint.utf8))")
        #expect(home.said.contains("No secret key"))
    }

    @Test func `of several signatures each good one counts`() throws {
        let carol = try home.box.makeKey("carol")
        let all = try home.signature(roster, by: ann) + home.signature(roster, by: carol)
        #expect(try signers(all, ann, bob) == [ann.fingerprint])
        #expect(try signers(all, ann, carol) == [ann.fingerprint, carol.fingerprint].sorted())
        let other = try home.signature(roster + [0x0A], by: bob)
        #expect(try signers(other + all, ann, bob, carol).contains(bob.fingerprint) == false)
        #expect(try signers(other + all, ann, bob, carol).count == 2)
    }

    @Test func `a signature over anything else is none`() throws {
        let signature = try home.gpg().sign(roster, by: ann.print)
        let ring = try home.keyring(ann)
        for content in [[], roster + [0x0A], Bytes(roster.dropLast())] {
            #expect(
                try home.gpg().signers(of: content, signature: signature, in: ring) == [])
        }
    }

    @Test func `a damaged signature is none, wherever it is damaged`() throws {
        let signature = try home.gpg().sign(roster, by: ann.print)
        let ring = try home.keyring(ann)
        // Past the two bytes that only help to refuse a bad one early, any bit counts; so it does
        // in the part that is signed. What is not signed are the hints which key it is.
        for index in signature.indices.suffix(60) + signature.indices.prefix(20) {
            var changed = signature
            changed[index] ^= 0x10
            let found = try home.gpg().signers(of: roster, signature: changed, in: ring)
            #expect(found == [], "byte \(index)")
        }
    }

    @Test func `nothing but signatures counts as a signature`() throws {
        let ring = try home.keyring(ann)
        let signature = try home.gpg().sign(roster, by: ann.print)
        let inline = try home.plain(
            "--compress-algo", "none", "-u", ann.fingerprint, "-s", stdin: roster
        ).stdout
        let other = try home.plain(
            "--compress-algo", "none", "-u", ann.fingerprint, "-s", stdin: Bytes("evil".utf8)
        ).stdout
        let clear = try home.plain("-u", ann.fingerprint, "--clear-sign", stdin: roster).stdout
        let literal: Bytes = [0xCB, UInt8(6 + roster.count), 0x62, 0, 0, 0, 0, 0] + roster
        let armoured = try home.signature(roster, by: ann, "--armor")
        let cases = [
            [], Bytes(signature.dropLast()), signature + [0], inline, other, clear, armoured,
            signature + literal, literal + signature, Bytes("x".utf8),
        ]
        for bytes in cases {
            #expect(try home.gpg().signers(of: roster, signature: bytes, in: ring) == [])
        }
    }

    @Test func `expired and revoked keys sign nothing that counts`() throws {
        let past = ["--faked-system-time", "20200101T120000"]
        let carol = try home.box.makeKey("carol", .expired)
        let early = try home.signature(roster, by: carol, past[0], past[1])
        #expect(try signers(early, ann, carol) == [])
        // A signature that was good when it was made, and its key then revoked.
        let dan = try home.box.makeKey("dan", .signOnly)
        let late = try home.signature(roster, by: dan)
        #expect(try signers(late, dan) == [dan.fingerprint])
        let file = home.box.root + "/dan.rev"
        try home.box.run(
            "gpg",
            ["--no-tty", "--command-fd", "0", "--pinentry-mode", "loopback", "--passphrase", ""]
                + ["--yes", "-o", file, "--gen-revoke", dan.fingerprint],
            input: .bytes(Bytes("y\n0\n\ny\n".utf8)))
        try home.change("--import", file)
        #expect(try signers(late, dan) == [])
    }

    @Test func `a signature that has expired, or over a weak digest or text, is none`() throws {
        let short = try home.signature(roster, by: ann, "--default-sig-expire", "seconds=1")
        let weak = try home.signature(roster, by: ann, "--digest-algo", "SHA1")
        let text = try home.signature(roster, by: ann, "--textmode")
        #expect(try signers(weak, ann) == [] && signers(text, ann) == [])
        var gone = try signers(short, ann)
        let patience = ContinuousClock.now + .seconds(30)
        while !gone.isEmpty, ContinuousClock.now < patience {
            usleep(100_000)
            gone = try signers(short, ann)
        }
        #expect(gone == [])
    }

    @Test func `a file that only looks like status lines signs nothing`() throws {
        let forged = Bytes(
            "[GNUPG:] GOODSIG \(ann.fingerprint)\n[GNUPG:] VALIDSIG \(ann.fingerprint)\n".utf8)
        let ring = try home.keyring(ann)
        #expect(try home.gpg().signers(of: forged, signature: forged, in: ring) == [])
    }
}
