public import PasselCore
import PasselPosix

extension GPG: StreamCipher {
    /// Encrypts what `feed` gives to all of these readers, and with the passphrase if there is one.
    ///
    /// Runs `gpg --encrypt`, with `--symmetric` for a passphrase.
    public func encrypt(
        to readers: StreamReaders, passphrase: Secret?, from feed: () throws -> [UInt8]?,
        into sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> [KeyID] {
        var arguments: [[UInt8]]
        let names: [[UInt8]]
        var count: Int?
        switch readers {
        case .named(let recipients):
            guard !recipients.isEmpty || passphrase != nil else { throw Self.nobodyToOpen }
            arguments = commonOptions + ["--no-random-seed-file", "--no-throw-keyids"].words
            names = recipients.map(\.bytes)
        case .exactly(let keys, let keyring):
            var known: Set<Fingerprint> = []
            names = keys.filter { known.insert($0).inserted }.map(\.bytes)
            guard !names.isEmpty || passphrase != nil else { throw Self.nobodyToOpen }
            try Self.require(keyring)
            count = names.count
            arguments =
                Self.alone(keyring.absolute.parent) + Self.only(keyring)
                + ["--compress-algo=none", "--no-encrypt-to", "--no-throw-keyids"].words
        }
        if passphrase != nil { arguments += Self.byPassphrase + Self.stretched }
        arguments += ["--no-armor", "-o", "-"].words
        if passphrase != nil { arguments.append("-c".bytes) }
        if !names.isEmpty { arguments += ["-e".bytes] + names.flatMap { ["-r".bytes, $0] } }
        var start: [UInt8] = []
        let (exit, status) = try stream(arguments, passphrase, isHeard: count == nil, feed) {
            // As much as forty keys of the longest kind need.
            if start.count < 1 << 15 { start += $0.prefix((1 << 15) - start.count) }
            try sink($0)
        }
        guard exit == 0, status.has("END_ENCRYPTION") else {
            let named = status.arguments(of: "INV_RECP").first?.last.map { Text($0.utf8) }
            throw Problem(
                named.map { "gpg cannot encrypt the backup to \($0)" }
                    ?? "gpg cannot encrypt the backup",
                hints: named.map { ["see what is wrong with the key: gpg --list-keys \($0)"] } ?? []
            )
        }
        if names.isEmpty { return [] }
        // What names others than these, or not all, must never be handed out.
        let found = (try? EncryptedMessage.head(start))?.recipients ?? []
        guard !found.isEmpty, count == nil || found.count == count else {
            throw Problem(
                "gpg encrypted the backup to \(found.count) keys instead of \(names.count)",
                hints: ["look at this machine's settings: cat /etc/gnupg/gpg.conf"])
        }
        return found.sorted()
    }

    /// Decrypts the message that `feed` gives.
    ///
    /// Runs `gpg --decrypt`; for a passphrase in a home without any key.
    public func decrypt(
        with passphrase: Secret?, from feed: () throws -> [UInt8]?,
        into sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let (exit, status): (Int32, StatusLines)
        if let passphrase {
            (exit, status) = try ScratchHome.with(in: temporaryFolder) { home in
                try stream(
                    Self.alone(home) + Self.byPassphrase + ["-d".bytes], passphrase,
                    isHeard: false, feed, sink)
            }
        } else {
            // A gpg that is quiet does not say which keys are not here.
            let options = commonOptions.filter { $0 != "--quiet".bytes }
            (exit, status) = try stream(options + ["-d".bytes], nil, isHeard: false, feed, sink)
        }
        if exit == 0, status.has("DECRYPTION_OKAY"), status.has("GOODMDC") || !reports { return }
        throw Self.flaw(status, hasPassphrase: passphrase != nil)
    }

    private static func flaw(_ status: StatusLines, hasPassphrase: Bool) -> StreamFlaw {
        // A message that could be begun was meant for who began it.
        if status.has("BADMDC") || status.arguments(of: "DECRYPTION_INFO").isEmpty == false,
            !status.arguments(of: "PLAINTEXT").isEmpty
        {
            return .damaged
        }
        if status.arguments(of: "ENC_TO").isEmpty
            && status.arguments(of: "NEED_PASSPHRASE_SYM").isEmpty
        {
            return .damaged
        }
        if hasPassphrase { return .wrongPassphrase }
        let tried = status.arguments(of: "ENC_TO").count
        let missing = status.arguments(of: "NO_SECKEY").count
        if tried > missing { return .locked }
        return status.arguments(of: "NEED_PASSPHRASE_SYM").isEmpty ? .noKey : .wrongPassphrase
    }

    /// The passphrase is the first line of standard input.
    static let byPassphrase =
        ["--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0"].words
    /// As much work for who tries out passphrases as OpenPGP knows: RFC 4880 §3.7.1.3.
    static let stretched = [
        "--s2k-mode", "3", "--s2k-count", "65011712", "--s2k-digest-algo", "SHA512",
        "--s2k-cipher-algo", "AES256",
    ].words

    private static let nobodyToOpen = Problem(
        "there is nobody to encrypt the backup to",
        hints: ["name a key: passel backup create --to KEY"])

    private func stream(
        _ arguments: [[UInt8]], _ passphrase: Secret?, isHeard: Bool,
        _ feed: () throws -> [UInt8]?, _ sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> (exit: Int32, status: StatusLines) {
        var child = StreamingProcess(program, arguments, environment: environment)
        child.reports = reports
        child.isHeard = isHeard
        if reports { child.arguments = ["--status-fd", "3"].words + arguments }
        child.lead = passphrase.map { Secret(joining: [$0, Secret(plain: "\n")]) }
        do {
            let outcome = try child.run(feed: feed, drain: sink)
            return (outcome.status, StatusLines(reports ? outcome.report : nil))
        } catch let error as SystemError where error.operation == "start" {
            throw Problem(
                "cannot run \(program): \(SystemError.text(error.code))",
                hints: ["install GnuPG: apt install gnupg"])
        }
    }
}
