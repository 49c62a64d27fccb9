public import PasselCore
import PasselPosix

extension GPG {
    /// A key with its secrets, each protected as it is here; binary.
    ///
    /// Runs `gpg --export-secret-keys`, for which gpg-agent asks for the passphrase. The secrets that
    /// have none come as they are: see `SecretKeyFile`.
    ///
    /// - Throws: a `Problem` when gpg has no such secrets or does not give them out.
    public func secretKey(of owner: PublicKey) throws -> SecretKeyFile {
        let key = owner.fingerprint
        let (outcome, status) = try run(
            commonOptions + Self.withSecrets + ["--".bytes, key.bytes], input: .nothing,
            error: .discarded)
        let hint: Text = "see what it has: gpg --list-secret-keys \(key.hex)"
        guard outcome.status == 0, !outcome.output.isEmpty else {
            let isAsked = !status.arguments(of: "PINENTRY_LAUNCHED").isEmpty
            throw Problem(
                isAsked || outcome.status != 0
                    ? "gpg does not give out the key \(key.hex): the passphrase was wrong, or asking for it was cancelled"
                    : "gpg has no secret of the key \(key.hex)",
                hints: [hint])
        }
        guard let file = SecretKeyFile(outcome.output) else {
            throw Problem(
                "gpg gives out the key \(key.hex) in a form that is not known here",
                hints: ["keep it by gpg alone: gpg --armor --export-secret-keys \(key.hex)"])
        }
        let missing = ([owner.primary] + owner.subkeys).first { part in
            !file.parts.contains { $0.fingerprint == part.fingerprint }
        }
        guard missing == nil, file.parts[0].fingerprint == key else {
            throw Problem("gpg gives out only a part of the key \(key.hex)", hints: [hint])
        }
        return file
    }

    /// The content as a message that this passphrase opens, and nothing else; binary.
    ///
    /// Runs `gpg --symmetric`, and `gpg --decrypt` to make sure that it can be opened.
    ///
    /// - Throws: a `Problem` when gpg cannot.
    public func sealed(_ content: Secret, by passphrase: Secret) throws -> Secret {
        let failure = Problem(
            "gpg cannot encrypt by a passphrase", hints: ["see why: gpg --version"])
        return try ScratchHome.with(in: temporaryFolder) { home in
            let (outcome, status) = try runAlone(
                home: home,
                Self.byPassphrase + Self.stretched + ["--no-armor", "-o", "-", "-c"].words,
                input: .secret(Secret(joining: [passphrase, Secret(plain: "\n"), content])))
            guard outcome.status == 0, status.has("END_ENCRYPTION") else { throw failure }
            let (again, _) = try runAlone(
                home: home, Self.byPassphrase + ["-d".bytes],
                input: .secret(Secret(joining: [passphrase, Secret(plain: "\n"), outcome.output])))
            guard again.status == 0, again.output == content else { throw failure }
            return outcome.output
        }
    }

    private static let withSecrets = [
        "--no-armor", "--export-options", "no-export-clean,no-export-minimal",
        "--export-secret-keys",
    ].words
}
