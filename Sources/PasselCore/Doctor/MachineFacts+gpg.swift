extension MachineFacts {
    /// gpg, and the programs that it needs.
    var programFindings: [Finding] {
        guard let gpg else {
            return [
                Finding(
                    .gpg, "", .attention, "GnuPG is not installed",
                    hints: ["sudo apt-get install gnupg"])
            ]
        }
        var found: [Finding] = []
        if let gpgVersion {
            found.append(Finding(.gpg, "\(gpg)", .ok, "release \(gpgVersion.text)"))
        } else {
            found.append(
                Finding(
                    .gpg, "\(gpg)", .attention, "it does not say which release it is",
                    hints: ["\(ShellWord.text(gpg.bytes)) --version"]))
        }
        if let agent {
            found.append(agentFinding(agent))
        } else {
            found.append(
                Finding(
                    .agent, "", .unknown, "cannot tell: gpgconf does not say where it is",
                    hints: ["sudo apt-get install gpgconf"]))
        }
        if let pinentry {
            let isSet = "\(gpgHome ?? "~/.gnupg")/gpg-agent.conf" as Text
            found.append(
                hasPinentry
                    ? Finding(.pinentry, "\(pinentry)", .ok, "asks for passphrases")
                    : Finding(
                        .pinentry, "\(pinentry)", .attention,
                        "it is not there, so nothing can ask for passphrases",
                        hints: [
                            "sudo apt-get install pinentry-curses",
                            "see which one is set: grep pinentry-program \(isSet)",
                        ]))
        }
        return found
    }

    private func agentFinding(_ agent: Path) -> Finding {
        guard hasAgent else {
            return Finding(
                .agent, "\(agent)", .attention, "it is not there, so no secret key can be used",
                hints: ["sudo apt-get install gpg-agent"])
        }
        guard let agentVersion, let gpgVersion, agentVersion != gpgVersion else {
            return Finding(
                .agent, "\(agent)", .ok,
                agentVersion == nil ? "starts when it is needed" : "runs")
        }
        return Finding(
            .agent, "\(agent)", .attention,
            "the one that runs is of release \(agentVersion.text), not \(gpgVersion.text) as gpg",
            hints: ["gpgconf --kill gpg-agent"])
    }

    /// The user's keys, and those of others that end.
    var keyFindings: [Finding] {
        guard gpg != nil else { return [] }
        guard let ownKeys else {
            return [
                Finding(
                    .key, "", .unknown, "cannot tell: gpg does not list your secret keys",
                    hints: ["gpg --list-secret-keys"])
            ]
        }
        guard !ownKeys.isEmpty else {
            return [
                Finding(
                    .key, "", .attention, "you have no secret key",
                    hints: [
                        "gpg --quick-generate-key \"Your Name <you@example.org>\"",
                        "gpg --import FILE",
                    ])
            ]
        }
        let used = ownKeys.filter { key in recipients.contains { key.matches($0) } }
        var found = used.map(finding)
        if !recipients.isEmpty, used.isEmpty {
            found.append(
                Finding(
                    .key, "", .attention, "the store is encrypted to none of your keys",
                    hints: ["passel join", "gpg --import FILE"]))
        }
        if recipients.isEmpty { found += ownKeys.map(finding) }
        return found
            + endingKeys.map { key in
                Finding(
                    .key, key.name, key.isUsable ? .advice : .attention, key.state,
                    hints: ["gpg --refresh-keys", "passel recipients refresh"])
            }
    }

    private func finding(_ key: PublicKey) -> Finding {
        let longer: [Text] = [
            "gpg --quick-set-expire \(key.fingerprint.hex) 1y",
            "gpg --quick-set-expire \(key.fingerprint.hex) 1y '*'",
        ]
        func day(_ second: Int64) -> Text { Day(second: second).spelling }
        guard key.primary.created <= now else {
            return Finding(
                .key, key.name, .attention,
                "made on \(day(key.primary.created)), which is yet to come",
                hints: ["timedatectl set-ntp true"])
        }
        return switch key.state(at: now) {
        case .ok(nil): Finding(.key, key.name, .ok, "does not expire")
        case .ok(let end?): Finding(.key, key.name, .ok, "good until \(day(end))")
        case .expiring(let end):
            Finding(.key, key.name, .advice, "expires on \(day(end))", hints: longer)
        case .expired(let end):
            Finding(.key, key.name, .attention, "expired on \(day(end))", hints: longer)
        case .revoked:
            Finding(
                .key, key.name, .attention, "revoked",
                hints: ["gpg --quick-generate-key \"Your Name <you@example.org>\""])
        case .unusable:
            Finding(
                .key, key.name, .attention, "it cannot be encrypted to",
                hints: ["gpg --quick-add-key \(key.fingerprint.hex)"])
        }
    }
}
