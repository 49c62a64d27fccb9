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
        do throws(EncryptedMessage.Flaw) {
            _ = try EncryptedMessage(ciphertext)
        } catch {
            throw Problem(
                "\(name): \(error.description)", hints: Self.hints(for: error, name: name),
                status: 2)
        }
        let (outcome, status): (ChildProcess.Outcome, StatusLines)
        do {
            // A quiet gpg does not tell a wrong passphrase from a missing key, not even to
            // programs. With options of the user's it is left alone.
            let isLeftAlone = !userOptions.isEmpty
            (outcome, status) = try run(
                ["-d".bytes] + options(quiet: isLeftAlone), input: .bytes(ciphertext),
                error: isLeftAlone ? .inherited : .captured)
            pass(on: outcome.error)
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
        return outcome.output
    }

    /// gpg ends with "No secret key" for a passphrase that was wrong or not given, too; its status
    /// lines know better.
    ///
    /// The codes are those of libgpg-error in their lower 16 bits: 11 bad passphrase, 99 and 198
    /// cancelled.
    private static func problem(_ status: StatusLines, name: Text, exit: Int32) -> Problem {
        let codes = status.arguments(of: "ERROR").filter { $0.first == "pkdecrypt_failed" }
            .compactMap { $0.dropFirst().first.flatMap { Int($0) } }.map { $0 & 0xffff }
        if codes.contains(11) {
            return Problem("\(name): the passphrase was wrong", hints: ["try again"], status: exit)
        }
        if codes.contains(99) || codes.contains(198) {
            return Problem("\(name): cancelled, no passphrase was given", status: exit)
        }
        return Problem.silent(status: exit)
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
