public import PasselCore
import PasselPosix

extension GPG {
    /// The plaintext of an entry's file.
    ///
    /// Runs `gpg --decrypt`.
    ///
    /// - Throws: a `Problem` naming the entry for what is not a message encrypted to keys; a silent
    ///   one with   gpg's own exit status when gpg refuses, for gpg has then told why.
    public func decrypt(_ ciphertext: [UInt8], name: Text) throws -> Secret {
        try decrypted(ciphertext, name) { try run(["-d".bytes] + commonOptions, input: $0) }.output
    }

    /// What `run` makes of a message, once gpg vouches for it.
    func decrypted(
        _ ciphertext: [UInt8], _ name: Text,
        _ run: (ChildProcess.Input) throws -> (outcome: ChildProcess.Outcome, status: StatusLines)
    ) throws -> (output: Secret, status: StatusLines) {
        try Self.refuseFlaw(ciphertext, name)
        let (outcome, status): (ChildProcess.Outcome, StatusLines)
        do {
            (outcome, status) = try run(.bytes(ciphertext))
        } catch is ChildProcess.OutputTooLarge {
            throw Problem(
                "\(name): decrypts to more than 64 MiB, which no entry does",
                hints: ["see what it is: passel git log -- \(name).gpg"], status: 2)
        }
        guard outcome.status == 0 else {
            throw Self.problem(status, name: name, exit: outcome.status)
        }
        guard status.has("DECRYPTION_OKAY") else {
            throw Problem("\(name): gpg did not vouch for the decryption", status: 2)
        }
        return (outcome.output, status)
    }

    /// Refuses what is not one message encrypted to keys before gpg sees it.
    private static func refuseFlaw(_ ciphertext: [UInt8], _ name: Text) throws {
        do throws(EncryptedMessage.Flaw) {
            _ = try EncryptedMessage(ciphertext)
        } catch {
            throw Problem(
                "\(name): \(error.description)", hints: hints(for: error, name: name), status: 2)
        }
    }

    /// What stopped gpg, where its own "No secret key" says it badly: it says so, too, of a
    /// passphrase that was asked for and was wrong or not given.
    ///
    /// A gpg that is not quiet would tell those two apart, but takes half as long again for each
    /// entry.
    private static func problem(_ status: StatusLines, name: Text, exit: Int32) -> Problem {
        guard !status.arguments(of: "PINENTRY_LAUNCHED").isEmpty else {
            return Problem.silent(status: exit)
        }
        return Problem(
            "\(name): the passphrase was wrong, or asking for it was cancelled",
            hints: ["try again with the passphrase of one of its keys"], status: exit)
    }

    private static func hints(for flaw: EncryptedMessage.Flaw, name: Text) -> [Text] {
        switch flaw {
        case .empty, .notOpenPGP, .truncated, .trailingData:
            ["find a good version: passel git log -- \(name).gpg"]
        case .notEncrypted, .noIntegrityProtection, .passphraseOnly, .noRecipients:
            ["see who wrote it: passel git log -- \(name).gpg"]
        }
    }
}

extension String {
    /// The UTF-8 bytes.
    var bytes: [UInt8] { Array(utf8) }
}
