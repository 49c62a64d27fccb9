import PasselCore
import PasselGit
import PasselPosix

extension Store {
    /// Refuses a file with secrets where git would take it along: in a work tree, unless it is
    /// ignored there; and in a store, where nothing lies in clear.
    ///
    /// With consent git is told to ignore it where it does not.
    ///
    /// - Throws: a `Problem` that names the work tree.
    func refuseUnignored(_ file: PlaintextFile, _ consent: ExportConsent) throws {
        if let top = Files.resolved(root), file.path.isWithin(top) {
            throw Problem("\(file.path) is in the store, where nothing lies in clear")
        }
        guard
            let workTree = try GitRepository.workTree(enclosing: file.existingFolder, store: root),
            let repository = try GitRepository.open(workTree, environment: settings.environment),
            let name = file.path.relative(to: repository.workTree)?.bytes
        else { return }
        guard !repository.isStagedOrTracked(name) else {
            throw Problem(
                "\(file.path) is in git: every commit would have the secrets in it",
                hints: [
                    "git -C \(ShellWord.text(workTree.bytes)) rm --cached \(ShellWord.text(name))"
                ])
        }
        guard !repository.isIgnored(name) else { return }
        guard consent.addsIgnore else {
            throw Problem(
                "\(file.path) is in the git work tree \(workTree), which does not ignore it",
                hints: [consent.command("--add-ignore")])
        }
        try ignore(name, in: workTree)
        let again = try GitRepository.open(workTree, environment: settings.environment)
        guard again?.isIgnored(name) == true else {
            throw Problem(
                "git does not ignore \(file.path), although .gitignore says so",
                hints: [
                    "git -C \(ShellWord.text(workTree.bytes)) check-ignore -v \(ShellWord.text(name))"
                ])
        }
    }

    /// Adds a name to the `.gitignore` of a work tree.
    private func ignore(_ name: [UInt8], in workTree: Path) throws {
        let path = workTree / ".gitignore"
        let status = try FileStatus(of: path, following: false)
        guard status == nil || status?.kind == .file, !name.contains(.newline) else {
            throw Problem("\(path) cannot be changed: it is no file, or the name has several lines")
        }
        var content = try Files.readIfPresent(path) ?? []
        if let last = content.last, last != .newline { content.append(.newline) }
        content += Self.pattern(name) + [.newline]
        let temporary = try Scratch.file(
            in: workTree, content: content, mode: status?.mode ?? 0o644)
        do {
            try DurableFile.rename(temporary, to: path)
        } catch {
            Scratch.remove(temporary)
            throw error
        }
        observer.warned(Problem("added to \(path): \(Self.pattern(name))"))
    }

    /// The pattern that this name alone has: gitignore(5).
    private static func pattern(_ name: [UInt8]) -> [UInt8] {
        var pattern: [UInt8] = [.slash]
        for byte in name {
            if "*?[\\ ".utf8.contains(byte) { pattern.append(UInt8(ascii: "\\")) }
            pattern.append(byte)
        }
        return pattern
    }
}
