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
