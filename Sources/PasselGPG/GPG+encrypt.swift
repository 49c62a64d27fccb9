public import PasselCore
import PasselPosix

extension GPG {
    /// The message encrypted to every one of `recipients`.
    ///
    /// Runs `gpg --encrypt`.
    ///
    /// - Throws: pass's message when gpg refuses (it has then told why), or when what came out
    ///   names no key.
    public func encrypt(_ plaintext: Secret, to recipients: [Recipient]) throws -> [UInt8] {
        guard !recipients.isEmpty else {
            throw Problem(
                "there is nobody to encrypt to", hints: ["name someone: passel init GPG-ID"])
        }
        return try encrypt(plaintext, to: recipients, options: commonOptions)
    }

    private func encrypt(
        _ plaintext: Secret, to recipients: [Recipient], options: [[UInt8]]
    ) throws -> [UInt8] {
        let (outcome, status) = try run(
            ["-e".bytes] + recipients.flatMap { ["-r".bytes, $0.bytes] } + ["-o", "-"].words
                // gpg locks its seed file for as long as it runs: two at once would wait for each
                // other, and one alone has the kernel's randomness all the same.
                + ["--no-random-seed-file".bytes] + options,
            input: .secret(plaintext))
        let ciphertext = outcome.output.exposedBytes
        guard outcome.status == 0, status.has("END_ENCRYPTION"),
            // What is not a complete message for someone must never take an entry's place.
            (try? EncryptedMessage(ciphertext)) != nil
        else { throw Problem.pass("Password encryption aborted.") }
        return ciphertext
    }

    /// The ids that a message to `recipients` names, found by encrypting nothing to them.
    ///
    /// That is the one way to know what gpg really chooses: the newest of two subkeys, the members
    /// of a group, the best of several keys with one name, the subkey that `ID!` forces.
    public func readers(of recipients: [Recipient]) throws -> [KeyID] {
        // Whether a key is trusted matters once there is something to encrypt, not for comparing.
        let ciphertext = try encrypt(
            Secret(plain: ""), to: recipients,
            options: commonOptions + ["--trust-model", "always"].words)
        return try EncryptedMessage(ciphertext).recipients.sorted()
    }
}
