import Foundation

/// What must hold for a store after every command, whatever the command was.
///
/// Each check returns one sentence per violation; nothing means that all is well.
public enum Invariants {
    /// Runs all four checks; those whose number is in `waiving` are left out.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - homes: GnuPG homes whose public keys explain `.gpg-id` lines.
    ///   - temporary: folders in which nothing may be left.
    ///   - secrets: passwords that must not appear outside of entries.
    ///   - places: folders searched for `secrets`, beside the store.
    ///   - exempt: paths in `places` that are allowed to hold them.
    ///   - errors: what commands wrote to standard error.
    public static func check(
        store: String, homes: [String], temporary: [String] = [], secrets: [Bytes] = [],
        places: [String] = [], exempt: Set<String> = [], errors: [Bytes] = [],
        waiving: Set<Int> = []
    ) -> [String] {
        var violations: [String] = []
        if !waiving.contains(1) { violations += repositories(below: store) }
        if !waiving.contains(2) { violations += recipients(of: store, homes: homes) }
        if !waiving.contains(3) { violations += tidiness(of: store, temporary: temporary) }
        if !waiving.contains(4) {
            violations += secrecy(
                of: secrets, store: store, places: places, exempt: exempt, errors: errors)
        }
        return violations
    }

    /// Invariant 1: every repository has a clean status and passes `git fsck`.
    public static func repositories(below store: String) -> [String] {
        var violations: [String] = []
        for folder in gitFolders(below: store) {
            let status = GitState.git(folder, ["status", "--porcelain", "--untracked-files=all"])
            violations += status.map { "git status is not clean in \(folder): \($0)" }
            let options = ["-c", "safe.directory=*", "-C", folder, "fsck", "--strict"]
            guard let fsck = try? Invocation.tool("git", options + ["--no-dangling"]) else {
                violations.append("git fsck does not run in \(folder)")
                continue
            }
            let message = (fsck.stdout + fsck.stderr).trimmed.text
            // A repository without a commit yet is fine, but git has something to say about it.
            let complaints = message.split(separator: "\n").filter { !$0.hasPrefix("notice:") }
            if fsck.status != 0 || !complaints.isEmpty {
                violations.append("git fsck in \(folder): \(complaints.joined(separator: "; "))")
            }
        }
        return violations
    }

    /// Invariant 2: every entry decrypts, for exactly the recipients of its nearest `.gpg-id`.
    public static func recipients(of store: String, homes: [String]) -> [String] {
        var violations: [String] = []
        let root = Bytes(store.utf8)
        let keyring = Keyring(homes: homes)
        var lists: [Bytes: [Set<String>]?] = [:]
        for path in Disk.walk(root + [0x2F], enter: { !isPrivate($0) }) where path.hasSuffix(".gpg")
        {
            let full = root + [0x2F] + path
            guard Disk.facts(full)?.kind == .file, let bytes = Disk.read(full) else { continue }
            let folder = path.lastIndex(of: 0x2F).map { Bytes(path[..<$0]) } ?? []
            if lists[folder] == nil {
                lists[folder] = gpgIDs(for: folder, root).map { $0.map(keyring.keyIDs) }
            }
            guard let expected = lists[folder] ?? nil else {
                violations.append("\(path.text) has no .gpg-id above it")
                continue
            }
            let actual = Set(PacketReader(bytes).readers)
            let allowed = expected.reduce(into: Set<String>()) { $0.formUnion($1) }
            let missing = expected.filter { $0.isDisjoint(with: actual) }
            if !actual.isSubset(of: allowed) || !missing.isEmpty || actual.isEmpty {
                let names = expected.map { $0.sorted().joined(separator: "|") }
                violations.append(
                    "\(path.text) is readable by \(actual.sorted()), not by \(names.sorted())")
            }
            if Plaintext.of(bytes, homes: homes) == nil {
                violations.append("\(path.text) cannot be decrypted")
            }
        }
        return violations
    }

    /// Invariant 3: files are 0600, folders 0700, and nothing temporary is left.
    public static func tidiness(of store: String, temporary: [String] = []) -> [String] {
        var violations: [String] = []
        let root = Bytes(store.utf8)
        for path in Disk.walk(root + [0x2F], enter: { !isGit($0) }) {
            guard let facts = Disk.facts(root + [0x2F] + path) else { continue }
            let wanted: UInt32? =
                switch facts.kind {
                case .file: 0o600
                case .folder: 0o700
                case .link, .other: nil
                }
            if let wanted, facts.mode != wanted {
                violations.append("\(path.text) has mode \(String(facts.mode, radix: 8))")
            }
            let name = path.split(separator: 0x2F).last.map { Bytes($0) } ?? path
            if facts.kind == .file, looksTemporary(name) {
                violations.append("\(path.text) was left behind")
            }
        }
        for folder in gitFolders(below: store) {
            let git = Bytes((folder + "/.git").utf8)
            for path in Disk.walk(git) where looksTemporary(path) || path.text.contains("tmp_obj_")
            {
                violations.append("\(folder)/.git/\(path.text) was left behind")
            }
        }
        for folder in temporary {
            for name in Disk.names(in: Bytes(folder.utf8)) where name.text != "gnupg" {
                violations.append("\(folder)/\(name.text) was left behind")
            }
        }
        return violations
    }

    /// What is remembered outside of stores is private, too, and nothing temporary is left there.
    public static func state(in folder: String) -> [String] {
        Disk.walk(Bytes(folder.utf8)).flatMap { path -> [String] in
            let full = folder + "/" + path.text
            guard let facts = Disk.facts(full) else { return [] }
            var violations: [String] = []
            if facts.mode & 0o077 != 0 {
                violations.append("\(full) has mode \(String(facts.mode, radix: 8))")
            }
            let name = path.split(separator: 0x2F).last.map { Bytes($0) } ?? path
            if looksTemporary(name) { violations.append("\(full) was left behind") }
            return violations
        }
    }

    /// Invariant 4: no secret in an error, in another file, or unencrypted in a git object.
    public static func secrecy(
        of secrets: [Bytes], store: String, places: [String], exempt: Set<String>, errors: [Bytes]
    ) -> [String] {
        let needles = Set(secrets.map(\.trimmed)).filter { $0.count >= 6 }.map { Data($0) }
        guard !needles.isEmpty else { return [] }
        var violations: [String] = []
        func search(_ bytes: Bytes, _ place: String) {
            let haystack = Data(bytes)
            for needle in needles where haystack.range(of: needle) != nil {
                let text = Bytes(needle).text
                violations.append("\(text.debugDescription) appears in \(place)")
            }
        }
        for error in errors { search(error, "standard error: \(error.text)") }
        var searched: Set<String> = []
        for place in [store] + places {
            for path in Disk.walk(Bytes(place.utf8), enter: { !$0.hasSuffix(".gnupg") }) {
                let full = place + "/" + path.text
                // Git's sample hooks are prose, in which any word may occur.
                guard searched.insert(full).inserted, !exempt.contains(full),
                    !full.hasSuffix(".sample"),
                    let facts = Disk.facts(full), facts.kind == .file, facts.byteCount < 5_000_000
                else { continue }
                search(Disk.read(full) ?? [], full)
            }
        }
        for folder in gitFolders(below: store) {
            let options = ["-c", "safe.directory=*", "-C", folder, "cat-file", "--batch"]
            let objects = try? Invocation.tool(
                "git", options + ["--batch-all-objects", "--unordered"])
            search(objects?.stdout ?? [], "a git object of \(folder)")
        }
        return violations
    }

    /// The work trees of all repositories below `store`, itself included.
    static func gitFolders(below store: String) -> [String] {
        Disk.walk(Bytes((store + "/").utf8), enter: { !isGit($0) }).filter(isGit)
            .map { store + "/" + Bytes($0.dropLast(5)).text }
            .map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    private static func gpgIDs(for folder: Bytes, _ root: Bytes) -> [String]? {
        var folder = folder
        while true {
            let path = root + [0x2F] + folder + Bytes("/.gpg-id".utf8)
            if var bytes = Disk.read(path) {
                // Editors of Windows put a byte order mark first.
                if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
                let lines = bytes.lines.map { Bytes($0.prefix { $0 != 0x23 }).trimmed.text }
                return lines.filter { !$0.isEmpty }
            }
            guard !folder.isEmpty else { return nil }
            folder = folder.lastIndex(of: 0x2F).map { Bytes(folder[..<$0]) } ?? []
        }
    }

    static func isGit(_ path: Bytes) -> Bool { path.text == ".git" || path.hasSuffix("/.git") }

    private static func isPrivate(_ path: Bytes) -> Bool {
        let name = path.split(separator: 0x2F).last.map { Bytes($0).text } ?? ""
        return [".git", ".extensions"].contains(name)
    }

    private static func looksTemporary(_ name: Bytes) -> Bool {
        let name = name.text
        return name.contains(".tmp") || name.hasPrefix(".passel-")
            || [".lock", "~", ".swp", ".part", ".orig", ".rej"].contains { name.hasSuffix($0) }
    }
}
