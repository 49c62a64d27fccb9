import Glibc
import PasselCore
import PasselGit
import PasselPosix

/// Looks at everything that a store is made of, and puts right what can be without losing anything.
///
/// What is repaired is never removed: a damaged file is moved to `passel-damaged` in git's folder,
/// and only where another whole copy takes its place.
struct Fsck {
    let store: Store
    let isFull: Bool
    let repairs: Bool
    private(set) var check = StoreCheck()
    private var repository: GitRepository?
    private var git: GitTool?

    init(_ store: Store, full: Bool, repairs: Bool) {
        self.store = store
        isFull = full
        self.repairs = repairs
    }

    private var root: Path { store.root }

    mutating func run() throws {
        checkModes()
        if let place = try GitRepository.workTree(enclosing: root, store: root) {
            let git = try GitTool(environment: store.settings.environment)
            self.git = git
            try clearLeftOvers(place)
            try checkReferences(place, git)
            try checkObjects(place, git)
            repository = try store.repository(around: root)
        }
        try checkFiles()
        if isFull { try openEntries() }
        try checkTeam()
        try checkLog()
        try checkIndex()
    }

    private mutating func add(_ flaw: StoreFlaw, repair: (() throws -> Bool)? = nil) {
        var flaw = flaw
        if repairs, let repair {
            // What could not be put right stays told.
            flaw.isRepaired = (try? repair()) ?? false
        }
        check.flaws.append(flaw)
    }

    private func relative(_ path: Path) -> Text {
        Text((path.relative(to: root) ?? path).bytes)
    }

    // MARK: Around the entries

    private mutating func checkModes() {
        let folder = root
        guard let status = try? FileStatus(of: folder), status.mode & 0o022 != 0 else { return }
        add(
            StoreFlaw(
                .mode, Text(folder.bytes), "others may change what is in it",
                hint: "chmod go-w \(ShellWord.text(folder.bytes))")
        ) { folder.withCString { chmod($0, status.mode & 0o755) } == 0 }
    }

    /// Locks that no process holds, and files that were being written when their writer ended.
    private mutating func clearLeftOvers(_ place: Path) throws {
        guard let folder = try gitFolder(place) else { return }
        var found: [Path] = []
        func look(in folder: Path, depth: Int) {
            // What cannot be listed is told by git.
            for name in (try? Files.names(in: folder)) ?? [] {
                let path = folder / name.bytes
                if (try? FileStatus(of: path, following: false))?.kind == .folder {
                    if depth > 0 { look(in: path, depth: depth - 1) }
                    continue
                }
                let isTemporary =
                    name.bytes.starts(with: "tmp_".utf8) || name.bytes.starts(with: ".tmp-".utf8)
                let isLock = name.bytes.ends(with: ".lock")
                if isLock || isTemporary || name.bytes.starts(with: Scratch.prefix.utf8) {
                    found.append(path)
                }
            }
        }
        look(in: folder, depth: 0)
        look(in: folder / "refs", depth: 8)
        look(in: folder / "objects", depth: 2)
        for path in found where !GitRepository.isHeld(path, gitFolder: folder, workTree: place) {
            add(StoreFlaw(.leftover, relative(path), "nobody uses it any more")) {
                try DurableFile.remove(path)
                return true
            }
        }
    }

    private func gitFolder(_ place: Path) throws -> Path? {
        let folder = place / ".git"
        return FileStatus.isFolder(folder) ? folder : nil
    }

    /// Where what is damaged is kept.
    private func setAside(_ path: Path, _ place: Path) throws {
        guard let folder = try gitFolder(place) else {
            throw SystemError("keep", path, code: ENOENT)
        }
        let aside = folder / "passel-damaged"
        try PrivateFile.makeFolder(aside)
        try DurableFile.rename(
            path, to: aside / (path.name + Array("-\(Random.name(length: 8))".utf8)))
    }

    // MARK: History

    /// The branch that HEAD stands for, and the commit that it should have.
    private mutating func checkReferences(_ place: Path, _ git: GitTool) throws {
        guard let folder = try gitFolder(place) else { return }
        for reference in try Self.references(folder) {
            let file = folder / reference
            let content = try Files.readIfPresent(file) ?? []
            if GitID(hex: content.prefix { $0 != .newline }) != nil
                || content.starts(with: "ref: ".utf8)
            {
                continue
            }
            addLost(reference, "it leads to nothing", place, git)
        }
        let head = try Files.readIfPresent(folder / "HEAD") ?? []
        guard head.starts(with: "ref: ".utf8) else { return }
        let branch = Path(head.dropFirst(5).prefix { $0 != .newline })
        guard !FileStatus.isFile(folder / branch),
            try Files.readIfPresent(folder / "packed-refs").map({ packed in
                !packed.includes([0x20] + branch.bytes + [.newline])
            }) ?? true,
            FileStatus.isFile(folder / "logs" / branch)
        else { return }
        addLost(branch, "it is gone", place, git)
    }

    private static func references(_ folder: Path) throws -> [Path] {
        var found: [Path] = []
        func look(_ name: Path) throws {
            for child in try Files.names(in: folder / name) {
                let path = name / child.bytes
                if FileStatus.isFolder(folder / path) {
                    try look(path)
                } else if !child.bytes.ends(with: ".lock") {
                    found.append(path)
                }
            }
        }
        if FileStatus.isFolder(folder / "refs") { try look("refs") }
        return found
    }

    /// A branch that is lost stands where its log last had it.
    private mutating func addLost(
        _ reference: Path, _ what: Text, _ place: Path, _ git: GitTool
    ) {
        let folder = place / ".git"
        // A branch without a log cannot be found again by it.
        let log = (try? Files.readIfPresent(folder / "logs" / reference)) ?? []
        let last = log.split(separator: .newline).last.flatMap { line in
            GitID(hex: line.dropFirst(41).prefix(40))
        }
        var flaw = StoreFlaw(
            .reference, Text(reference.bytes), what,
            hint: last.map { "passel git update-ref \(reference) \($0.hex)" }
                ?? "bring it back from a remote, or from a backup: passel backup restore FILE --into DIR"
        )
        flaw.goodVersion = last.map { Text($0.hex.utf8) }
        let now = self
        add(flaw) {
            guard let last else { return false }
            try git.run(["cat-file", "-e", "\(last.hex)^{commit}"], in: place, failure: "gone")
            if FileStatus.isFile(folder / reference) { try now.setAside(folder / reference, place) }
            try PrivateFile.makeFolder((folder / reference).parent)
            try PrivateFile.replace(folder / reference, by: Array("\(last.hex)\n".utf8))
            return true
        }
    }

    /// What git says of the objects and of what leads to them.
    private mutating func checkObjects(_ place: Path, _ git: GitTool) throws {
        let words = ["fsck", "--full", "--no-dangling", "--no-progress"]
        let (isGood, lines) = try git.findings(words, in: place)
        guard !isGood else { return }
        var objects: [GitID] = []
        var others: [Text] = []
        var isIndexBad = false
        // What leads to a missing object is none itself, and zeros are no object.
        for line in lines where !line.starts(with: "broken link".utf8) {
            if line.includes(Array("index file".utf8)) {
                isIndexBad = true
                continue
            }
            let ids = line.split { $0.hexValue == nil }.compactMap { GitID(hex: $0) }
                .filter { !$0.bytes.allSatisfy { $0 == 0 } }
            let isPath = Self.looseObject(in: line)
            if let id = isPath ?? ids.last {
                if !objects.contains(id) { objects.append(id) }
            } else if line.starts(with: "error".utf8) || line.starts(with: "fatal".utf8) {
                others.append(Text(line))
            }
        }
        if isIndexBad { addGitIndex(place, git) }
        if objects.isEmpty, !isIndexBad || !others.isEmpty {
            add(
                StoreFlaw(
                    .object, Text(place.bytes),
                    "git finds its history damaged: \(others.first ?? "it does not say how")",
                    hint: "passel git fsck"))
        }
        let here = repairs ? try contents(place) : [:]
        let now = self
        for id in objects {
            add(
                StoreFlaw(
                    .object, Text(id.hex.utf8), "it is missing or damaged",
                    hint:
                        "bring it back from a remote, or from a backup: passel backup restore FILE --into DIR"
                )
            ) {
                guard let file = here[id] else { return false }
                let loose =
                    place / ".git/objects" / Path(String(id.hex.prefix(2)))
                    / Path(String(id.hex.dropFirst(2)))
                if FileStatus.isFile(loose) { try now.setAside(loose, place) }
                try git.run(
                    ["hash-object", "-w", "--no-filters", "--", Files.absolute(file).repaired],
                    in: place, failure: "git cannot store the object again")
                return true
            }
        }
    }

    /// The object whose own file a line names: `.git/objects/ab/cdef…`.
    private static func looseObject(in line: [UInt8]) -> GitID? {
        for part in line.split(whereSeparator: { $0 == 0x20 || $0 == 0x3A }) {
            let parts = Path(part).components
            guard parts.count > 2, parts[parts.count - 3].elementsEqual("objects".utf8) else {
                continue
            }
            if let id = GitID(hex: parts.suffix(2).joined()) { return id }
        }
        return nil
    }

    /// The files of the store by the ids of their content.
    private func contents(_ place: Path) throws -> [GitID: Path] {
        var found: [GitID: Path] = [:]
        func look(_ folder: Path) throws {
            for name in try Files.names(in: folder) where !name.bytes.elementsEqual(".git".utf8) {
                let path = folder / name.bytes
                switch try FileStatus(of: path, following: false)?.kind {
                case .folder: try look(path)
                case .file: found[GitID(ofFile: try Files.read(path))] = path
                default: break
                }
            }
        }
        try look(place)
        return found
    }

    /// What git notes of the next commit is made again from the newest one.
    private mutating func addGitIndex(_ place: Path, _ git: GitTool) {
        let index = place / ".git/index"
        let now = self
        add(
            StoreFlaw(
                .reference, ".git/index", "git cannot read what the next commit is to have",
                hint: "passel fsck --repair")
        ) {
            if FileStatus.isFile(index) { try now.setAside(index, place) }
            try git.run(["reset", "--quiet"], in: place, failure: "git cannot make it again")
            return true
        }
    }

    // MARK: Files

    /// Every file against the newest commit, and every entry as a message.
    private mutating func checkFiles() throws {
        let leaves = try committed()
        var names: Set<[UInt8]> = []
        for file in try files(root) {
            guard let name = file.relative(to: root)?.bytes else { continue }
            names.insert(name)
            if let part = Path(name).components.lazy.compactMap({
                NamePolicy.flaw(ofPart: $0[...])
            }).first {
                add(StoreFlaw(.name, Text(name), part.text))
            }
            let isEntry = FilePolicy.kind(of: name) == .entry
            if isEntry { check.entries += 1 }
            let content: [UInt8]
            do {
                content = try Files.read(file, followingLinks: false)
            } catch let error as SystemError {
                add(StoreFlaw(.file, Text(name), error.problem.message))
                continue
            }
            let flaw = isEntry ? FilePolicy.flaw(of: content, .entry)?.text : nil
            let isKnown = leaves[name] == GitID(ofFile: content)
            if let flaw {
                addDamaged(file, name, flaw, leaves[name])
            } else if leaves[name] != nil, !isKnown {
                add(
                    StoreFlaw(
                        .file, Text(name), "it is not what the newest commit has",
                        hint: "see how: passel git diff -- \(ShellWord.text(name))"))
            }
        }
        for (name, id) in leaves.sorted(by: { $0.key.precedes($1.key) })
        where !names.contains(name) {
            guard try FileStatus(of: root / name, following: false) == nil else { continue }
            var flaw = StoreFlaw(
                .file, Text(name), "it is gone, but not from the newest commit",
                hint: "passel git checkout -- \(ShellWord.text(name))")
            flaw.goodVersion = newest
            let (top, tool) = (self.root, self.git)
            add(flaw) {
                guard let tool else { return false }
                try Self.putBack(id, in: top / name, tool)
                return true
            }
        }
    }

    private var newest: Text? {
        // Without a commit there is none.
        (try? repository?.headID()).flatMap { Text($0.hex.utf8) }
    }

    /// The files of the newest commit below the store.
    private func committed() throws -> [[UInt8]: GitID] {
        var found: [[UInt8]: GitID] = [:]
        do {
            guard let repository, let head = try repository.headID() else { return [:] }
            let prefix = store.prefix(in: repository)
            for (name, leaf) in try repository.leaves(in: head) where name.starts(with: prefix) {
                if leaf.isFile { found[Array(name.dropFirst(prefix.count))] = leaf.id }
            }
        } catch is GitProblem {
            // What is damaged of the history is told as objects and references.
            return [:]
        }
        return found
    }

    private func files(_ folder: Path) throws -> [Path] {
        try Files.names(in: folder).sorted { $0.bytes.precedes($1.bytes) }.flatMap { name in
            let path = folder / name.bytes
            guard !name.bytes.elementsEqual(".git".utf8) else { return [Path]() }
            switch try FileStatus(of: path, following: false)?.kind {
            case .folder: return try files(path)
            case .file: return [path]
            default: return []
            }
        }
    }

    /// An entry that is no message comes back as it last was one.
    private mutating func addDamaged(
        _ file: Path, _ name: [UInt8], _ what: Text, _ committed: GitID?
    ) {
        var flaw = StoreFlaw(.entry, Text(name), what)
        let good = newestGood(name)
        flaw.goodVersion = good.map { Text($0.commit.utf8) }
        let entry = ShellWord.text(Array(name.dropLast(EntryName.suffix.utf8.count)))
        flaw.hint =
            good.map { "passel restore \(entry) --at \(String($0.commit.prefix(12)))" as Text }
            ?? "bring it back from a backup: passel backup restore FILE --only \(entry)"
        let now = self
        add(flaw) {
            // What was never committed so is the only copy, and no other one is newer.
            guard let git = now.git, let good, let place = now.repository?.workTree else {
                return false
            }
            guard committed == good.id else { return false }
            try now.setAside(file, place)
            try Self.putBack(good.id, in: file, git)
            return true
        }
    }

    /// The newest commit in which an entry was a whole message.
    private func newestGood(_ name: [UInt8]) -> (commit: String, id: GitID)? {
        guard let git, let repository else { return nil }
        let path = store.prefix(in: repository) + name
        // What cannot be read is no good version.
        guard
            let lines = try? git.output(
                [
                    "log", "--format=%H", "--raw", "--no-abbrev", "--no-renames", "-m",
                    "--first-parent", "--", ":(literal,top)\(Path(path).repaired)",
                ], in: repository.workTree, failure: "")
        else { return nil }
        var commit = ""
        for line in lines.split(separator: .newline) {
            guard line.first == 0x3A else {
                commit = String(decoding: line, as: UTF8.self)
                continue
            }
            let words = line.split { $0 == 0x20 || $0 == 0x09 }
            guard words.count > 3, let id = GitID(hex: words[3]),
                let content = try? git.output(
                    ["cat-file", "blob", id.hex], in: repository.workTree, failure: ""),
                FilePolicy.flaw(of: content, .entry) == nil
            else { continue }
            return (commit, id)
        }
        return nil
    }

    private static func putBack(_ id: GitID, in file: Path, _ git: GitTool) throws {
        try PrivateFile.makeFolder(file.parent)
        let content = try git.output(
            ["cat-file", "blob", id.hex], in: file.parent, failure: "git cannot read \(id.hex)")
        try PrivateFile.replace(file, by: content)
    }

    // MARK: Content

    private mutating func openEntries() throws {
        let files = try store.entryFiles()
        let own = try store.cipher.secretKeys().reduce(into: Set<KeyID>()) {
            $0.formUnion($1.readerIDs)
        }
        let counter = store.observer.reading?(files.count)
        defer { counter?.end() }
        let cipher = store.cipher
        let items = files.map { (file: $0, name: store.entryName($0)) }
        let results = Parallel.map(items, width: 2) { item -> (opened: Bool, problem: Text?) in
            defer { counter?.advance(by: 1) }
            // What is no message, or for others, was told or is nothing to tell.
            guard let content = try? Files.read(item.file),
                let recipients = try? EncryptedMessage(content).recipients,
                recipients.contains(where: { $0 == .hidden || own.contains($0) })
            else { return (false, nil) }
            do {
                _ = try cipher.decrypt(content, name: item.name)
                return (true, nil)
            } catch let problem as Problem where problem.form == .own {
                return (false, problem.message)
            } catch {
                return (false, "gpg cannot decrypt it")
            }
        }
        check.opened = results.count { $0.opened }
        for (item, result) in zip(items, results) {
            guard let problem = result.problem else { continue }
            let name = item.file.relative(to: root)?.bytes ?? item.file.bytes
            var flaw = StoreFlaw(
                .entry, Text(name), problem,
                hint: "see what it was: passel log \(ShellWord.text(item.name.bytes))")
            flaw.goodVersion = nil
            add(flaw)
        }
    }

    private mutating func checkTeam() throws {
        let drift: Drift
        do {
            drift = try store.drift()
        } catch is NotInitialised {
            add(
                StoreFlaw(
                    .recipients, ".gpg-id", "no list says for whom the store is",
                    hint: "passel init YOUR-GPG-ID"))
            return
        } catch let problem as Problem {
            add(StoreFlaw(.review, ".passel", problem.message, hint: problem.hints.first))
            return
        } catch let problem as GitProblem {
            add(StoreFlaw(.review, ".passel", problem.problem.message))
            return
        }
        for entry in drift.drifted where entry.flaw == nil {
            add(
                StoreFlaw(
                    .recipients, entry.name, "it is not for whom it should be",
                    hint: "passel recipients heal"))
        }
        for change in drift.unacknowledged {
            let name = change.folder.map { Text($0.bytes) } ?? Text(Roster.file.bytes)
            add(StoreFlaw(.review, name, change.what, hint: "passel recipients review"))
        }
        for failure in drift.unlisted { add(StoreFlaw(.file, failure.folder, failure.why)) }
    }

    private mutating func checkLog() throws {
        do {
            for flaw in try store.securityLog(checkingHistory: true).flaws {
                add(
                    StoreFlaw(
                        .log, Text(EventName.folder.bytes), flaw.description,
                        hint: "passel log --verify"))
            }
        } catch let problem as Problem {
            add(StoreFlaw(.log, Text(EventName.folder.bytes), problem.message))
        } catch let problem as GitProblem {
            add(StoreFlaw(.log, Text(EventName.folder.bytes), problem.problem.message))
        }
    }

    private mutating func checkIndex() throws {
        guard try store.indexStatus().isDamaged else { return }
        let store = store
        add(
            StoreFlaw(
                .index, "index", "it is not what this machine wrote", hint: "passel index clear")
        ) { try store.clearIndex() }
    }
}

extension Store {
    /// Looks at everything: modes, names, what is left over, files against the newest commit, the
    /// objects of the history, every entry's packets and recipients, lists, roster, log and index.
    ///
    /// - Parameters:
    ///   - isFull: whether every entry is decrypted, too.
    ///   - repairs: whether what can be put right without losing anything is.
    /// - Throws: `NotInitialised` without a store.
    public func fsck(full isFull: Bool, repairing repairs: Bool) throws -> StoreCheck {
        guard FileStatus.isFolder(root) else { throw NotInitialised() }
        var fsck = Fsck(self, full: isFull, repairs: repairs)
        try locked {
            // What a killed change left half done is finished first.
            do {
                try Recovery(store: self).run()
            } catch is GitProblem {
                // What is damaged is told below.
            }
            // Files that another writer is just about to put in place look like left ones.
            if repairs { try fsck.run() }
        }
        if !repairs { try fsck.run() }
        return fsck.check
    }
}
