import PasselTesting

/// Makes the keys of the workshop, each in a keyring of its own, with real gpg.
struct KeyBench {
    let home: String
    /// The second in which the first keys are made.
    let began: Int
    private(set) var files: [String: Bytes] = [:]
    private(set) var owners: [String: KeyOwner] = [:]

    init(home: String, began: Int) {
        self.home = home
        self.began = began
    }

    // MARK: Running gpg

    /// Options for gpg with one keyring of a home; trust is no question.
    static func options(_ home: String, ring: String) -> [String] {
        [
            "--homedir", home, "--batch", "--quiet", "--no-tty", "--trust-model", "always",
            "--no-auto-check-trustdb", "--no-default-keyring", "--keyring", "\(home)/\(ring).kbx",
            "--pinentry-mode", "loopback", "--passphrase", "",
        ]
    }

    @discardableResult
    static func gpg(
        _ home: String, ring: String, _ arguments: [String], input: Bytes? = nil
    ) throws -> PasselTesting.Outcome {
        let outcome = try Invocation.tool(
            "gpg", options(home, ring: ring) + arguments, input: input)
        guard outcome.status == 0 else {
            throw TestingProblem("gpg \(arguments): \(outcome.stderr.text)")
        }
        return outcome
    }

    /// Runs gpg in a frozen second.
    @discardableResult
    private func gpg(
        _ ring: String, at second: Int? = nil, _ arguments: [String], input: String? = nil
    ) throws -> PasselTesting.Outcome {
        let time = second.map { ["--faked-system-time", "\($0)!"] } ?? []
        return try Self.gpg(
            home, ring: ring, time + arguments, input: input.map { Bytes($0.utf8) })
    }

    // MARK: Making keys

    private mutating func make(
        _ name: String, userID: String? = nil, at second: Int? = nil, algorithm: String = "ed25519",
        ends: String = "never", subkey: String? = "cv25519", subkeyEnds: String = "never"
    ) throws {
        let second = second ?? began
        let userID = userID ?? "\(name) <\(name)@example.org>"
        try gpg(name, at: second, ["--quick-gen-key", userID, algorithm, "default", ends])
        if let subkey {
            try addSubkey(name, at: second, algorithm: subkey, ends: subkeyEnds)
        }
        try export(name)
    }

    private mutating func addSubkey(
        _ ring: String, at second: Int? = nil, algorithm: String = "cv25519", ends: String = "never"
    ) throws {
        let fingerprint = try describe(ring).fingerprint
        try gpg(ring, at: second, ["--quick-add-key", fingerprint, algorithm, "encr", ends])
    }

    /// The file of the one key in a keyring, and whose it is.
    private mutating func export(_ ring: String) throws {
        files[ring] = try gpg(ring, ["--export"]).stdout
        owners[ring] = try describe(ring)
    }

    private func describe(_ ring: String) throws -> KeyOwner {
        // At a time when all of them are there and none has ended: others have no capabilities.
        let listing = try gpg(
            ring, at: began + 10 * 86_400, ["--with-colons", "--with-keygrip", "--list-keys"])
        let records = listing.stdout.text.split(separator: "\n").map {
            $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
        guard let first = records.first(where: { $0[0] == "fpr" }) else {
            throw TestingProblem("the keyring \(ring) is empty")
        }
        return KeyOwner(
            fingerprint: first[9],
            keyIDs: records.filter { $0[0] == "sub" && $0[11].contains("e") }.map { $0[4] },
            grips: records.filter { $0[0] == "grp" }.map { $0[9] })
    }

    /// A keyring to go on from somebody's.
    private func copyRing(_ name: String, to version: String) throws {
        let ring = Disk.read("\(home)/\(name).kbx") ?? []
        try Disk.write(ring, to: Bytes("\(home)/\(version).kbx".utf8))
    }

    // MARK: People

    mutating func makePeople() throws {
        try make("alice", ends: "\(KeyWorkshop.alicesDays)d")
        try make("bob", ends: "\(KeyWorkshop.bobsDays)d")
        try make("carol", subkeyEnds: "\(KeyWorkshop.carolsDays)d")
        for name in ["dave", "mallory", "robot"] { try make(name) }
        try make("weak", algorithm: "rsa1024", subkey: "rsa1024")
        try make("sam", subkey: nil)
        try make("fay", at: began + 3 * 86_400)
        try make("tom")
        try addSubkey("tom", at: began + 600)
        try export("tom")
        owners["tom-new"] = owners["tom"]
        owners["tom-new"]?.keyIDs.removeFirst()
    }

    /// What the owners themselves change later.
    mutating func makeLaterVersions() throws {
        for (name, parts) in [("bob", ["", "*"]), ("carol", ["*"])] {
            let version = "\(name)-prolonged"
            try copyRing(name, to: version)
            for part in parts {
                try gpg(
                    version,
                    ["--quick-set-expire", describe(name).fingerprint, "400d"]
                        + (part.isEmpty ? [] : [part]))
            }
            try export(version)
        }
        try copyRing("bob", to: "bob-new")
        try addSubkey("bob-new")
        try export("bob-new")
        owners["bob-new"]?.keyIDs.removeFirst()
        try copyRing("bob", to: "bob-revoked")
        try revoke("bob-revoked")
    }

    private mutating func revoke(_ ring: String) throws {
        let path = home + "/openpgp-revocs.d/\(try describe(ring).fingerprint).rev"
        guard let text = Disk.read(path)?.text else { throw TestingProblem("no \(path)") }
        // gpg disarms the certificate with a colon before the first dashes.
        try gpg(ring, ["--import"], input: text.replacing(":-----BEGIN", with: "-----BEGIN"))
        try export(ring)
    }

    // MARK: Forgeries

    mutating func makeForgeries() throws {
        let (bob, dave) = (try KeyPackets(files["bob"] ?? []), try KeyPackets(files["dave"] ?? []))
        let mallory = try KeyPackets(files["mallory"] ?? [])
        let later = 400 * 86_400
        files["bob-forged"] = try bob.prolongedInSignedPart(to: later).bytes
        files["bob-unsigned"] = try bob.prolongedInUnsignedPart(to: later).bytes
        files["bob-broken"] = try bob.withBrokenSignatures().bytes
        files["bob-stolen"] = bob.withSubkeys(of: mallory).bytes
        files["dave-broken"] = try dave.withBrokenSignatures().bytes
        files["dave-stolen"] = dave.withSubkeys(of: mallory).bytes
        for name in ["dave", "carol"] {
            files["\(name)-and-mallory"] = (files[name] ?? []) + (files["mallory"] ?? [])
        }
    }

    // MARK: Look-alikes

    mutating func makeLookAlikes() throws {
        try make("double", userID: "bob <bob@example.org>", at: began + 3600)
        try adopt("poser", grip: 0)
        try adopt("thief", grip: 1)
        try makeEqualShortIDs()
    }

    /// A key that has a part of Bob's as a subkey, with a newer one of its own to encrypt to.
    ///
    /// Nothing of Bob's is needed but his public key; that gpg asks the agent for it is a matter of
    /// its user interface.
    private mutating func adopt(_ name: String, grip index: Int) throws {
        let bob = try describe("bob")
        try make(name, at: began - 3600, subkey: nil)
        // Existing key; not for signing (which Bob would have to confirm) but for authentication.
        let capabilities = index == 0 ? "S\nA\nQ\n" : "Q\n"
        try gpg(
            name, at: began,
            ["--expert", "--command-fd", "0", "--edit-key", describe(name).fingerprint],
            input: "addkey\n13\n\(bob.grips[index])\n\(capabilities)0\nsave\n")
        try addSubkey(name, at: began + 7200)
        try export(name)
        owners[name]?.keyIDs.removeAll { bob.keyIDs.contains($0) }
        owners[name]?.grips.removeAll { bob.grips.contains($0) }
    }

    /// Two keys whose ids are equal in the last 32 bits: of two key pairs, the two seconds of making
    /// are looked for that give equal ends of the fingerprints.
    private mutating func makeEqualShortIDs() throws {
        for name in ["grip1", "grip2"] { try make(name, subkey: nil) }
        let bodies = try ["grip1", "grip2"].map { try KeyPackets(files[$0] ?? []).primaryBody }
        let search = """
            import hashlib, struct, sys
            one, two = (bytes.fromhex(word) for word in sys.argv[1:3])
            start = int(sys.argv[3])
            def ends(body, count):
                head = b"\\x99" + struct.pack(">H", len(body)) + body[:1]
                for second in range(start - count, start):
                    text = head + struct.pack(">I", second) + body[5:]
                    yield hashlib.sha1(text).digest()[16:], second
            known = dict(ends(one, 300000))
            for end, second in ends(two, 3000000):
                if end in known:
                    print(known[end], second)
                    break
            """
        let hex = bodies.map {
            $0.map { byte in
                String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }.joined()
        }
        let found = try Invocation.tool("python3", ["-c", search] + hex + [String(began)])
        let seconds = found.stdout.text.split { $0.isWhitespace }.compactMap { Int($0) }
        guard seconds.count == 2 else { throw TestingProblem("no equal ids: \(found.stderr.text)") }
        for (name, (grip, second)) in zip(["shay", "shea"], zip(["grip1", "grip2"], seconds)) {
            let parameters = """
                %no-protection
                Key-Type: eddsa
                Key-Curve: ed25519
                Key-Grip: \(try describe(grip).grips[0])
                Creation-Date: seconds=\(second)
                Name-Real: \(name)
                Name-Email: \(name)@example.org
                Expire-Date: 0
                %commit

                """
            try gpg(name, ["--gen-key"], input: parameters)
            try addSubkey(name)
            try export(name)
        }
    }

    /// One keyring of all honest people, to sign and encrypt with.
    mutating func gather() throws {
        for name in owners.keys.sorted() where !name.contains("-") && !name.hasPrefix("grip") {
            guard name != "poser", name != "thief", let file = files[name] else { continue }
            try Self.gpg(home, ring: "all", ["--import"], input: file)
        }
    }
}
