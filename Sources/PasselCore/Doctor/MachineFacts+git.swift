extension MachineFacts {
    /// git, who commits are from, and where they go.
    var gitFindings: [Finding] {
        var found: [Finding] = []
        if let git {
            found.append(Finding(.git, "\(git)", .ok, "installed"))
        } else {
            found.append(
                Finding(
                    .git, "", .attention, "git is not installed: nothing can be exchanged",
                    hints: ["sudo apt-get install git"]))
        }
        guard hasStore else {
            found.append(
                Finding(
                    .git, "\(store)", .advice, "there is no store yet",
                    hints: ["passel init YOUR-GPG-ID", "passel clone URL"]))
            return found
        }
        guard let repository else {
            found.append(
                Finding(
                    .git, "\(store)", .advice, "the store has no history",
                    hints: ["passel git init"]))
            return found
        }
        found.append(
            repository.knowsIdentity
                ? Finding(.identity, "", .ok, "git knows who makes commits")
                : Finding(
                    .identity, "", .attention, "git does not know who you are",
                    hints: [
                        "git config --global user.name \"Your Name\"",
                        "git config --global user.email you@example.org",
                    ]))
        guard !repository.remotes.isEmpty else {
            found.append(
                Finding(
                    .remote, "", .advice, "the store is on this machine only",
                    hints: ["passel remote add origin URL", "passel backup create"]))
            return found
        }
        return found
            + repository.remotes.map { remote in
                let name = ShellWord.text(remote.name.bytes)
                guard let flaw = Self.flaw(ofAddress: remote.address) else {
                    return Finding(.remote, remote.name, .ok, "its address shows no secret")
                }
                return Finding(
                    .remote, remote.name, .attention, flaw,
                    hints: ["passel git remote set-url \(name) URL"])
            }
    }

    /// What is wrong with the address of a remote; nothing if nothing is.
    static func flaw(ofAddress address: Text) -> Text? {
        let bytes = address.bytes
        guard let end = bytes.firstRange("://") else { return nil }
        let scheme = bytes[..<end].map(\.asciiLowercased)
        let host = bytes[(end + 3)...].prefix { $0 != .slash }
        if let at = host.lastIndex(of: UInt8(ascii: "@")),
            host[..<at].contains(UInt8(ascii: ":"))
        {
            return "its address has a password in it, which git stores and shows"
        }
        let isLocal = ["localhost", "127.0.0.1", "[::1]"].contains { host.starts(with: $0.utf8) }
        guard !isLocal, ["http", "git", "ftp"].contains(where: { scheme.elementsEqual($0.utf8) })
        else { return nil }
        return "everybody on the way can read and change what is exchanged with it"
    }

    /// Programs and libraries with known flaws.
    var versionFindings: [Finding] {
        programs.compactMap { program in
            SecurityRelease.all.first { $0.program == program.name }?
                .finding(program, debian: debian)
        }
    }
}

extension [UInt8] {
    /// Where the first occurrence begins.
    fileprivate func firstRange(_ text: StaticString) -> Int? {
        let wanted = text.withUTF8Buffer { Array($0) }
        guard count >= wanted.count else { return nil }
        return (0...(count - wanted.count)).first { self[$0...].starts(with: wanted) }
    }
}
