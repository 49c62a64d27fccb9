import Glibc
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
        guard !recipients.isEmpty else { throw Self.nobody }
        return try encrypt(plaintext, to: recipients, options: commonOptions)
    }

    private static let nobody = Problem(
        "there is nobody to encrypt to", hints: ["name someone: passel init GPG-ID"])

    private func encrypt(
        _ plaintext: Secret, to recipients: [Recipient], options: [[UInt8]]
    ) throws -> [UInt8] {
        let (outcome, status) = try run(
            ["-e".bytes] + recipients.flatMap { ["-r".bytes, $0.bytes] } + ["-o", "-"].words
                // gpg locks its seed file for as long as it runs: two at once would wait for each
                // other, and one alone has the kernel's randomness all the same.
                + ["--no-random-seed-file".bytes]
                // Nobody can check who reads what names nobody; options after it have the last word.
                + ["--no-throw-keyids".bytes] + options,
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
    /// of a group, the best of several keys with one name, the subkey that `ID!` forces. Ids that
    /// the user's options throw away are told all the same.
    public func readers(of recipients: [Recipient]) throws -> [KeyID] {
        // Whether a key is trusted matters once there is something to encrypt, not for comparing.
        let ciphertext = try encrypt(
            Secret(plain: ""), to: recipients,
            options: commonOptions + ["--trust-model", "always", "--no-throw-keyids"].words)
        return try EncryptedMessage(ciphertext).recipients.sorted()
    }

    /// The message encrypted to exactly these keys of `keyring`, each named once.
    ///
    /// Runs `gpg --encrypt` without the user's settings and options: they could add or hide
    /// recipients.
    ///
    /// - Throws: a `Problem` that names the first key that cannot be used, and why.
    public func encrypt(
        _ plaintext: Secret, to keys: [Fingerprint], in keyring: Path
    ) throws -> [UInt8] {
        var named: Set<Fingerprint> = []
        let keys = keys.filter { named.insert($0).inserted }
        guard !keys.isEmpty else { throw Self.nobody }
        try Self.require(keyring)
        let options = ["--compress-algo=none", "--no-encrypt-to", "--no-throw-keyids"].words
        let (outcome, status) = try runAlone(
            home: keyring.absolute.parent,
            Self.only(keyring) + options + ["--no-armor", "-o", "-", "-e"].words
                + keys.flatMap { ["-r".bytes, $0.bytes] },
            input: .secret(plaintext))
        guard outcome.status == 0, status.has("END_ENCRYPTION") else {
            throw try refusal(status, keyring)
        }
        let ciphertext = outcome.output.exposedBytes
        // What is not a complete message for someone must never take an entry's place.
        let recipients = (try? EncryptedMessage(ciphertext))?.recipients ?? []
        guard recipients.count == keys.count, !recipients.contains(.hidden) else {
            throw Problem(
                "gpg encrypted to \(recipients.count) keys instead of \(keys.count)",
                hints: ["look at this machine's settings: cat /etc/gnupg/gpg.conf"])
        }
        return ciphertext
    }

    /// Why gpg did not encrypt: it says which key it cannot use, but hardly why.
    private func refusal(_ status: StatusLines, _ keyring: Path) throws -> Problem {
        // A reason in digits and the name as it was given: doc/DETAILS.
        let named = status.arguments(of: "INV_RECP").first?.last.flatMap { Fingerprint($0.utf8) }
        guard let named else {
            let code = status.arguments(of: "FAILURE").first?.last.map(String.init)
            return Problem(
                "gpg cannot encrypt with the keyring \(keyring) (error \(code ?? "unknown"))",
                hints: ["let it be made again: rm \(keyring)"])
        }
        let refresh: Text = "once they have a good one: passel recipients refresh"
        let found = try keys([named.recipient], in: .file(keyring)).first {
            $0.fingerprint == named
        }
        guard let key = found else {
            return Problem(
                "cannot encrypt to \(named.hex): the key is not in the keyring \(keyring)",
                hints: ["let it be made again: rm \(keyring)"])
        }
        let why: Text =
            switch key.state(at: Int64(time(nil))) {
            case .revoked: "the key is revoked"
            case .expired(let end): "the key expired on \(Day(second: end).spelling)"
            case .ok, .expiring, .unusable: "the key has no part that gpg can encrypt to"
            }
        let who = key.userIDs.isEmpty ? key.name : "\(key.name) (\(named.hex))"
        return Problem("cannot encrypt to \(who): \(why)", hints: [refresh])
    }
}
