import PasselCore
import PasselTesting
import Testing

/// A keyring's file, read without gpg.
@Suite struct KeyboxTests {
    /// A home whose keyring gpg itself began.
    private func home(of userIDs: [String]) throws -> Sandbox {
        let box = try Sandbox()
        for userID in userIDs {
            let options = ["--batch", "--quiet", "--passphrase", "", "--quick-gen-key", userID]
            let outcome = try box.run("gpg", options + ["future-default"])
            try #require(outcome.status == 0, "\(outcome.stderr.text)")
        }
        return box
    }

    @Test func `the keys are those that gpg lists`() throws {
        let box = try home(of: ["ann <ann@example.org>", "Zoë Ångström", "carol"])
        let last = ["--batch", "--passphrase", "", "--quick-gen-key", "dan", "ed25519", "sign"]
        try box.run("gpg", last)
        let listing = try box.run("gpg", ["--list-keys", "--with-colons"]).stdout.text
        var listed: [String] = []
        var userIDs: [String] = []
        var previous = ""
        for line in listing.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields[0] == "fpr", previous == "pub" { listed.append(String(fields[9])) }
            if fields[0] == "uid" { userIDs.append(String(fields[9])) }
            previous = String(fields[0])
        }
        let keys = Keybox(try #require(Disk.read(box.gnupgHome + "/pubring.kbx"))).keys
        #expect(keys.map(\.fingerprint) == listed)
        #expect(keys.map(\.userID.text) == userIDs)
        #expect(keys.count == 4)
    }

    @Test func `a damaged file never traps`() throws {
        let box = try home(of: ["ann", "bob"])
        let content = try #require(Disk.read(box.gnupgHome + "/pubring.kbx"))
        #expect(Keybox(content).keys.count == 2)
        for length in content.indices {
            #expect(Keybox(Array(content[..<length])).keys.count <= 1)
        }
        for index in content.indices {
            for change in [0x01, 0x80, 0xFF] as [UInt8] {
                var changed = content
                changed[index] ^= change
                #expect(Keybox(changed).keys.count <= 2)
            }
        }
    }

    @Test func `no file, no keys`() {
        #expect(Keybox([]).keys == [])
        #expect(Keybox([UInt8](repeating: 0, count: 200)).keys == [])
        #expect(Keybox([UInt8](repeating: 0xFF, count: 200)).keys == [])
    }
}
