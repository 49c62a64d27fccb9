import PasselCore
import PasselPosix

extension GitRepository {
    /// The signature that the configuration asks for over a commit's text; nothing when it asks for
    /// none.
    ///
    /// `commit.gpgsign` or `pass.signcommits` ask; `gpg.format`, `gpg.program`, `gpg.ssh.program`
    /// and `user.signingkey` say how, as for `git commit -S`.
    func signature(over commit: [UInt8], committer: GitIdentity) throws -> [UInt8]? {
        guard
            configuration.bool("pass.signcommits") ?? false
                || configuration.bool("commit.gpgsign") ?? false
        else { return nil }
        let format = configuration.string("gpg.format").map { String(decoding: $0, as: UTF8.self) }
        return switch format ?? "openpgp" {
        case "openpgp":
            try signWithGPG(commit, committer, program: "gpg", key: "gpg.openpgp.program")
        case "x509": try signWithGPG(commit, committer, program: "gpgsm", key: "gpg.x509.program")
        case "ssh": try signWithSSH(commit)
        case let other:
            throw GitProblem(
                "sign the commit", "gpg.format is \(other)",
                hints: ["git config --global gpg.format openpgp"])
        }
    }

    private func signWithGPG(
        _ commit: [UInt8], _ committer: GitIdentity, program: String, key: String
    ) throws -> [UInt8] {
        let named =
            configuration.string(key)
            ?? (program == "gpg" ? configuration.string("gpg.program") : nil)
        var child = ChildProcess(
            Path(named ?? Array(program.utf8)),
            [
                Array("--status-fd=3".utf8), Array("-bsau".utf8),
                configuration.string("user.signingkey") ?? committer.nameAndMail,
            ], environment: environment)
        child.input = .bytes(commit)
        child.reports = true
        let outcome = try child.run()
        let created = String(decoding: outcome.report, as: UTF8.self)
            .split(separator: "\n").contains { $0.hasPrefix("[GNUPG:] SIG_CREATED ") }
        guard outcome.status == 0, created else {
            throw GitProblem(
                "sign the commit", "\(program) refused",
                hints: ["git config --global user.signingkey KEY"])
        }
        return outcome.output.exposedBytes
    }

    private func signWithSSH(_ commit: [UInt8]) throws -> [UInt8] {
        let program = configuration.string("gpg.ssh.program") ?? Array("ssh-keygen".utf8)
        let key = try sshKey()
        let literal = key.starts(with: "key::".utf8) || key.starts(with: "ssh-".utf8)
        var arguments: [[UInt8]] = ["-Y", "sign", "-n", "git", "-f"].map { Array($0.utf8) }
        var keyFile: Path?
        defer { if let keyFile { Scratch.remove(keyFile) } }
        if literal {
            let text = key.starts(with: "key::".utf8) ? Array(key.dropFirst(5)) : key
            let file = try Scratch.file(in: gitFolder, content: text + [.newline])
            keyFile = file
            arguments += [file.bytes, Array("-U".utf8)]
        } else {
            arguments.append(key)
        }
        var child = ChildProcess(Path(program), arguments, environment: environment)
        child.input = .bytes(commit)
        child.error = .captured
        let outcome = try child.run()
        guard outcome.status == 0 else {
            throw GitProblem(
                "sign the commit", "ssh-keygen refused",
                hints: ["git config --global user.signingkey ~/.ssh/id_ed25519.pub"])
        }
        return outcome.output.exposedBytes
    }

    private func sshKey() throws -> [UInt8] {
        if let key = configuration.string("user.signingkey") {
            let isText = key.starts(with: "key::".utf8) || key.starts(with: "ssh-".utf8)
            return isText
                ? key
                : configuration.path("user.signingkey", home: environment["HOME"])?.bytes ?? key
        }
        if let command = configuration.string("gpg.ssh.defaultkeycommand") {
            var child = ChildProcess("sh", [Array("-c".utf8), command], environment: environment)
            child.directory = workTree
            let outcome = try child.run()
            let first = outcome.output.exposedBytes.prefix { $0 != .newline }
            if outcome.status == 0, !first.isEmpty { return Array(first) }
        }
        throw GitProblem(
            "sign the commit", "no ssh key is set",
            hints: ["git config --global user.signingkey ~/.ssh/id_ed25519.pub"])
    }
}
