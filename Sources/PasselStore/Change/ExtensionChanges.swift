public import PasselCore
import PasselGit
import PasselPosix

/// What extensions of pass do to the store through its functions.
extension Store {
    /// The work tree of the innermost repository around a path; nothing where there is none.
    public func repositoryFolder(around path: Path) throws -> Path? {
        try repository(around: path.hasTrailingSlash ? path : path.parent)?.workTree
    }

    /// Commits what is at `path` now, as `git_add_file` of pass does; a folder with all that is in
    /// it.
    ///
    /// Returns false outside a repository and when nothing changed.
    public func record(_ path: Path, subject: Text) throws -> Bool {
        try exclusively {
            guard let repository = try repository(around: path.parent) else { return false }
            let before = try repository.headCommit()?.id
            let steps = try recorded(path)
            for case .record(let file) in steps { try checkReaders(of: file) }
            try Change(store: self, steps: steps, subject: { _ in subject }).perform()
            return try repository.headCommit()?.id != before
        }
    }

    /// Options of gpg with which an extension finds the keys of a folder's recipients: those of the
    /// store's own keyring, where it has one.
    public func recipientOptions(_ folder: Path) throws -> [[UInt8]] {
        guard case .pinned(_, _, let keyring) = try audience(of: folder) else { return [] }
        return ["--no-default-keyring", "--keyring"].map { Array($0.utf8) } + [keyring.bytes]
            + ["--trust-model", "always"].map { Array($0.utf8) }
    }

    /// Refuses an entry that an extension encrypted to others than its folder's recipients.
    private func checkReaders(of file: Path) throws {
        guard file.hasSuffixIgnoringCase(EntryName.suffix), let pins = try pins(),
            try FileStatus(of: file, following: false)?.kind == .file
        else { return }
        let content = try Files.read(file)
        // What is no entry names nobody; it is told when somebody reads it.
        guard (try? EncryptedMessage(content)) != nil else { return }
        let audience = try audience(of: file.parent)
        if let found = try check(content, for: audience, pins: pins) {
            try acknowledge(found, of: audience)
        }
    }

    private func recorded(_ path: Path) throws -> [FileChange] {
        guard try FileStatus(of: path, following: false)?.kind == .folder else {
            return [.record(path)]
        }
        return try Files.names(in: path).filter { $0.bytes != Array(".git".utf8) }
            .flatMap { try recorded(path / $0.bytes) }
    }

    /// Encrypts the entries below a path anew where their recipients are not those of their folder,
    /// without a commit, as `reencrypt_path` of pass does.
    public func reencrypt(_ path: Path) throws {
        try exclusively {
            let files = try Reencryption.files(below: path)
            let result = try Reencryption(store: self).run(
                files.map {
                    Reencryption.Candidate(source: $0, destination: $0, listChanged: false)
                })
            for line in result.lines { observer.told(line) }
            var staged = Staged(folder: try changeFolder(), root: root)
            defer { staged.clear() }
            try staged.add(result.changes, flushed: true)
            try staged.apply()
            guard result.failed.isEmpty else { throw Problem.silent() }
        }
    }
}
