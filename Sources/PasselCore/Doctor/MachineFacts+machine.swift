extension MachineFacts {
    /// Who else may get at folders.
    var folderFindings: [Finding] {
        folders.map { folder in
            let path = ShellWord.text(folder.path.bytes)
            guard folder.isOwn else {
                return Finding(
                    .permissions, "\(folder.path)", .attention, "it belongs to somebody else",
                    hints: ["sudo chown -R \"$(id -u)\" \(path)"])
            }
            if folder.mode & 0o22 != 0 {
                return Finding(
                    .permissions, "\(folder.path)", .attention, "others may change it",
                    hints: ["chmod -R go= \(path)"])
            }
            if folder.mode & 0o77 != 0, !folder.mayBeRead {
                return Finding(
                    .permissions, "\(folder.path)", .attention, "others may look into it",
                    hints: ["chmod -R go= \(path)"])
            }
            return Finding(.permissions, "\(folder.path)", .ok, "only yours")
        }
    }

    /// What makes work at a desk easier.
    var desktopFindings: [Finding] {
        var found: [Finding] = []
        if let wantedClipboard {
            found.append(
                hasClipboard
                    ? Finding(.clipboard, wantedClipboard, .ok, "installed")
                    : Finding(
                        .clipboard, wantedClipboard, .advice,
                        "not installed, so nothing can be copied with --clip",
                        hints: ["sudo apt-get install \(wantedClipboard)"]))
        }
        if let shell {
            found.append(
                shell.finding(
                    .completion, "passel setup shell", shell.completes ? "installed" : nil,
                    missing: "the shell does not complete names"))
            if hasDirenv {
                found.append(
                    shell.finding(
                        .direnv, "direnv hook", shell.callsDirenv ? "the shell calls it" : nil,
                        missing: "the shell does not call it"))
            }
        }
        guard hasDirenv else { return found }
        switch isUsePasselCurrent {
        case nil:
            found.append(
                Finding(
                    .direnv, "use passel", .advice, "an .envrc cannot say it yet",
                    hints: ["passel setup direnv"]))
        case false?:
            found.append(
                Finding(
                    .direnv, "use passel", .advice, "it is of another version of passel",
                    hints: ["passel setup direnv"]))
        case true?: found.append(Finding(.direnv, "use passel", .ok, "installed"))
        }
        return found
    }

    /// 2026-01-01, before this was written: no clock that is right shows less.
    static let earliest: Int64 = 1_767_225_600

    /// Memory, characters, terminal and clock.
    var systemFindings: [Finding] {
        swapFindings
            + [
                codeset == "UTF-8"
                    ? Finding(.locale, codeset, .ok, "all characters can be shown")
                    : Finding(
                        .locale, codeset, .advice,
                        "letters that are not English are shown as numbers",
                        hints: ["export LC_ALL=C.UTF-8"])
            ] + terminalFindings + [clockFinding]
    }

    private var swapFindings: [Finding] {
        guard let swap else { return [Finding(.swap, "", .unknown, "cannot tell")] }
        guard !swap.isEmpty else { return [Finding(.swap, "", .ok, "none")] }
        return swap.map { area in
            switch area.kind {
            case .memory: Finding(.swap, "\(area.path)", .ok, "in memory")
            case .encrypted: Finding(.swap, "\(area.path)", .ok, "encrypted")
            case .file:
                Finding(
                    .swap, "\(area.path)", .unknown,
                    "cannot tell whether the disk below it is encrypted",
                    hints: ["lsblk -o NAME,TYPE,MOUNTPOINTS"])
            case .plain:
                Finding(
                    .swap, "\(area.path)", .attention,
                    "not encrypted: what an editor or another program has of a secret can get there",
                    hints: ["sudo swapoff \(ShellWord.text(area.path.bytes))"])
            }
        }
    }

    private var terminalFindings: [Finding] {
        guard let terminal else { return [] }
        guard let gpgTerminal else {
            return [
                Finding(
                    .terminal, "\(terminal)", .advice,
                    "gpg called without passel does not know where to ask: GPG_TTY is not set",
                    hints: ["export GPG_TTY=\"$(tty)\""])
            ]
        }
        guard gpgTerminal == terminal else {
            return [
                Finding(
                    .terminal, "\(gpgTerminal)", .attention,
                    "passphrases are asked for there, and not at \(terminal): GPG_TTY says so",
                    hints: ["export GPG_TTY=\"$(tty)\""])
            ]
        }
        return [Finding(.terminal, "\(terminal)", .ok, "passphrases are asked for here")]
    }

    private var clockFinding: Finding {
        let today = Day(second: now).spelling
        let hints: [Text] = ["timedatectl set-ntp true"]
        if now < Self.earliest {
            return Finding(
                .clock, "", .attention, "it shows \(today), which is long over", hints: hints)
        }
        // A day: a clock that is an hour off is a matter of time zones on other machines.
        if let newest = repository?.newest, newest > now + 86_400 {
            return Finding(
                .clock, "", .attention,
                "it shows \(today), but the newest commit is of \(Day(second: newest).spelling)",
                hints: hints)
        }
        return Finding(.clock, "", .ok, "it shows \(today)")
    }
}

extension MachineFacts.Shell {
    /// Whether its start file calls a command that sets it up.
    ///
    /// - Parameter good: what is told if it does; nothing if it does not.
    fileprivate func finding(
        _ subject: Finding.Subject, _ command: Text, _ good: Text?, missing: Text
    ) -> Finding {
        if let good { return Finding(subject, name, .ok, good) }
        let line: Text =
            name == "fish" ? "\(command) fish | source" : "eval \"$(\(command) \(name))\""
        return Finding(
            subject, name, .advice, missing,
            hints: ["echo '\(line)' >> \(ShellWord.text(startFile.bytes))"])
    }
}
