public import PasselCore
import PasselPosix

extension GPG {
    /// The keys that these names mean, as gpg's `--list-keys` understands them; all keys when there
    /// are no names.
    ///
    /// A name that is part of several user ids means several keys, a fingerprint also the key that
    /// has it as a subkey, and the name of a group nothing. Unknown names mean nothing.
    ///
    /// - Throws: a `Problem` when the keyring cannot be read.
    public func keys(_ names: [Recipient], in keyring: Keyring) throws -> [PublicKey] {
        if let listed = try list(names, keyring) { return listed }
        // A name that is none, such as an empty one, hides the others.
        guard names.count > 1 else { return [] }
        var known: Set<Fingerprint> = []
        return try names.flatMap { try list([$0], keyring) ?? [] }.filter {
            known.insert($0.fingerprint).inserted
        }
    }

    /// The user's keys of which a part that signs or decrypts is here or on a card.
    ///
    /// Runs `gpg --list-secret-keys`, which asks gpg-agent. Parts whose secret is not there can do
    /// nothing. Expired and revoked keys are among them: they still decrypt.
    public func secretKeys() throws -> [PublicKey] {
        let (outcome, status) = try run(
            userOptions + Self.quietly + Self.listing + ["--list-secret-keys".bytes],
            input: .nothing, error: .discarded)
        guard outcome.status == 0 || status.isOnlyUnknown else {
            throw Problem(
                "gpg cannot list the secret keys", hints: ["see why: gpg --list-secret-keys"])
        }
        return PublicKey.list(outcome.output.exposedBytes).filter { key in
            ([key.primary] + key.subkeys).contains { $0.canSign || $0.canEncrypt }
        }
    }

    /// The keys in a key file, which are looked at but not imported.
    ///
    /// Runs `gpg --show-keys` in an empty home. Empty for anything that is not whole public keys.
    ///
    /// - Throws: a `Problem` for a file larger than 1 MiB.
    public func keys(inFile content: [UInt8]) throws -> [PublicKey] {
        guard content.count <= Self.keyFileLimit else { throw Self.tooLarge(content) }
        guard let file = KeyFile(content) else { return [] }
        // With the trust model "always" gpg wants a trust database to be there.
        let options = ["--no-keyring", "--trust-model", "direct"].words + Self.listing
        let (outcome, _) = try ScratchHome.with(in: temporaryFolder) { home in
            try runAlone(home: home, options + ["--show-keys".bytes], input: .bytes(file.bytes))
        }
        return outcome.status == 0 ? PublicKey.list(outcome.output.exposedBytes) : []
    }

    /// The largest key file that is looked at: 1 MiB.
    static let keyFileLimit = 1 << 20

    static func tooLarge(_ content: [UInt8]) -> Problem {
        Problem(
            "a key file of \(content.count) bytes is too large",
            hints: ["write it anew: gpg --export --export-options export-minimal KEY"])
    }

    /// Where scratch homes are made that belong beside nothing.
    var temporaryFolder: Path {
        environment["TMPDIR"].flatMap { $0.isEmpty ? nil : Path($0) } ?? "/tmp"
    }

    /// The listing of these keys; nothing when gpg found none of them.
    private func list(_ names: [Recipient], _ keyring: Keyring) throws -> [PublicKey]? {
        let command =
            Self.listing + ["--list-keys", "--"].words + names.map(\.bytes)
        let (outcome, status) = try run(command, in: keyring)
        let keys = PublicKey.list(outcome.output.exposedBytes)
        if outcome.status == 0 { return keys }
        guard status.isOnlyUnknown, !names.isEmpty else {
            throw Problem(
                "gpg cannot list the keys of \(Self.name(of: keyring))",
                hints: ["see why: \(Self.command(keyring)) --list-keys"])
        }
        return keys.isEmpty ? nil : keys
    }

    /// One quiet run with a keyring: the user's with the user's options, another one all alone.
    func run(
        _ arguments: [[UInt8]], in keyring: Keyring
    ) throws -> (outcome: ChildProcess.Outcome, status: StatusLines) {
        switch keyring {
        case .own:
            return try run(
                userOptions + Self.quietly + arguments, input: .nothing, error: .discarded)
        case .file(let file):
            try Self.require(file)
            return try runAlone(
                home: file.absolute.parent, Self.only(file) + arguments, input: .nothing)
        }
    }

    /// The options that make gpg use `keyring` and believe in all its keys.
    static func only(_ keyring: Path) -> [[UInt8]] {
        ["--keyring".bytes, keyring.absolute.bytes] + ["--trust-model", "always"].words
    }

    /// Refuses a keyring that is not there: gpg would make an empty one.
    static func require(_ keyring: Path) throws {
        guard FileStatus.isFile(keyring) else {
            throw Problem(
                "the keyring \(keyring) is missing",
                hints: ["make it again: passel recipients"])
        }
    }

    private static func name(of keyring: Keyring) -> Text {
        switch keyring {
        case .own: "your keyring"
        case .file(let file): "\(file)"
        }
    }

    private static func command(_ keyring: Keyring) -> Text {
        switch keyring {
        case .own: "gpg"
        case .file(let file): "gpg --no-options --no-default-keyring --keyring \(file)"
        }
    }

    private static let quietly = ["--batch", "--quiet", "--no-auto-check-trustdb"].words
    private static let listing =
        ["--with-colons", "--fixed-list-mode", "--with-subkey-fingerprint"].words
}

extension StatusLines {
    /// Whether gpg failed only because it does not know what it was asked for.
    ///
    /// libgpg-error's codes: no public key, no secret key, and invalid user id or argument, which
    /// is said of names that cannot be any.
    fileprivate var isOnlyUnknown: Bool {
        let harmless: Set<Int> = [9, 17, 37, 45, 55, 0x8030]
        let errors = arguments(of: "ERROR")
        return has("ERROR")
            && errors.allSatisfy { words in
                // The upper half tells which part of GnuPG said so.
                let code = words.count > 1 ? Int(words[1].prefix { $0.isNumber }) : nil
                return words.first == "keylist.getkey"
                    && harmless.contains((code ?? 0) & 0xFFFF)
            }
    }
}
