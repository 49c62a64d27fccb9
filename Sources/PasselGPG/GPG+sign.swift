public import PasselCore
import PasselPosix

extension GPG {
    /// A detached binary signature by the last usable of `keys`.
    ///
    /// Runs `gpg --detach-sign`.
    public func sign(_ content: [UInt8], with keys: [Recipient]) throws -> [UInt8] {
        let (outcome, status) = try run(
            userOptions + keys.flatMap { ["--default-key".bytes, $0.bytes] }
                + ["--quiet", "--yes", "--detach-sign", "-o", "-"].words,
            input: .bytes(content))
        guard outcome.status == 0 else { throw Problem.pass("Could not sign .gpg_id.") }
        guard status.has("SIG_CREATED") else {
            throw Problem.pass("Signing of .gpg_id unsuccessful.")
        }
        return outcome.output.exposedBytes
    }

    /// Who made the good signature in the file `signature` over `content`.
    ///
    /// Runs `gpg --verify`.
    ///
    /// `VALIDSIG` names the signing key first and its primary key last. Empty for a bad or unknown
    /// signature.
    public func signers(of content: [UInt8], signature: Path) throws -> Set<String> {
        let (outcome, status) = try run(
            userOptions + ["--verify".bytes, "--".bytes, signature.bytes, "-".bytes],
            input: .bytes(content), error: .discarded)
        guard outcome.status == 0 else { return [] }
        // Fingerprint of the signing key, eight more words, fingerprint of its primary key
        // (doc/DETAILS).
        return Set(
            status.arguments(of: "VALIDSIG").flatMap { words in
                [words.first, words.count >= 10 ? words[9] : nil].compactMap { $0.map(String.init) }
            })
    }
}

extension GPG {
    /// A detached binary signature by `key` or a subkey of it, over SHA-512, that does not expire.
    ///
    /// Runs `gpg --detach-sign` with the user's options and settings, for they say how to reach the
    /// secret key; what they say of other signers, of text and of expiry does not hold.
    ///
    /// - Throws: a `Problem` when gpg cannot sign; it has then told why.
    public func sign(_ content: [UInt8], by key: Fingerprint) throws -> [UInt8] {
        let plain = ["--no-armor", "--no-textmode", "--digest-algo", "SHA512"]
        let lasting = ["--no-ask-sig-expire", "--default-sig-expire", "0"]
        let (outcome, status) = try run(
            commonOptions + plain.words + lasting.words + ["-u".bytes, key.bytes]
                + ["--detach-sign", "-o", "-"].words, input: .bytes(content))
        guard outcome.status == 0, status.has("SIG_CREATED"),
            let made = DetachedSignatures(outcome.output.exposedBytes)
        else { throw Self.unsigned(key) }
        guard made.signatures.count > 1 else { return outcome.output.exposedBytes }
        // A `local-user` in the settings signs, too.
        let parts = try keys([key.recipient], in: .own).filter { $0.fingerprint == key }
            .flatMap { [$0.primary] + $0.subkeys }.map(\.keyID)
        guard let own = made.signatures.first(where: { $0.issuer.map(parts.contains) ?? false })
        else { throw Self.unsigned(key) }
        return own.bytes
    }

    /// The primary keys of `keyring` whose good signatures of `content` these are.
    ///
    /// Runs `gpg --verify` for each of them, of at most eight. What counts is a binary signature
    /// over a SHA-2 or SHA-3 digest by a key that is neither expired nor revoked, and that has not
    /// expired itself. Empty when `signature` is anything but signature packets.
    public func signers(
        of content: [UInt8], signature: [UInt8], in keyring: Path
    ) throws -> Set<Fingerprint> {
        guard let signatures = DetachedSignatures(signature)?.signatures else { return [] }
        try Self.require(keyring)
        return Set(try signatures.prefix(8).compactMap { try signer($0, content, keyring) })
    }

    private func signer(
        _ signature: DetachedSignatures.Signature, _ content: [UInt8], _ keyring: Path
    ) throws -> Fingerprint? {
        let (outcome, status) = try ScratchHome.with(in: temporaryFolder) { scratch in
            let file: Path
            do {
                file = try Scratch.file(in: scratch, content: signature.bytes, flushed: false)
            } catch let error as SystemError {
                throw error.problem
            }
            return try runAlone(
                home: keyring.absolute.parent,
                Self.only(keyring)
                    + ["--no-auto-key-retrieve", "--verify", "--"].words + [file.absolute.bytes]
                    + ["-".bytes], input: .bytes(content))
        }
        // gpg ends with 0 for expired and revoked keys, too: only GOODSIG says that all is well.
        guard outcome.status == 0, status.arguments(of: "GOODSIG").count == 1,
            let words = status.arguments(of: "VALIDSIG").first, words.count >= 10
        else { return nil }
        // Fingerprint, day, time, expiry, version, a reserved word, key algorithm, digest
        // algorithm, class, fingerprint of the primary key (doc/DETAILS).
        let goodDigests: Set<Substring> = ["8", "9", "10", "11", "12", "14"]
        guard goodDigests.contains(words[7]), words[8] == "00" else { return nil }
        return Fingerprint(words[9].utf8)
    }

    private static func unsigned(_ key: Fingerprint) -> Problem {
        Problem(
            "cannot sign with the key \(key.hex)",
            hints: ["see whether its secret part is here: gpg --list-secret-keys \(key.hex)"])
    }
}
