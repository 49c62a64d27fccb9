import Glibc
import PasselCore
import PasselGit
import PasselPosix

extension Fsck {
    /// Every file against the newest commit, and every entry as a message.
    mutating func checkFiles() throws {
        let leaves = try committed()
        var names: Set<[UInt8]> = []
        var damaged: [Damaged] = []
        for file in try files(root) {
            guard let name = file.relative(to: root)?.bytes else { continue }
            names.insert(name)
            if leaves[name] == nil, Path(name).name.starts(with: Scratch.prefix.utf8) {
                addLeft(file)
                continue
            }
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
                damaged.append(Damaged(file: file, name: name, what: flaw, committed: leaves[name]))
            } else if leaves[name] != nil, !isKnown {
                add(
                    StoreFlaw(
                        .file, Text(name), "it is not what the newest commit has",
                        hint: "see how: passel git diff -- \(ShellWord.text(name))"))
            } else if !leaves.isEmpty, leaves[name] == nil, !isIgnored(name) {
                add(
                    StoreFlaw(
                        .stray, Text(name), "it is in no commit", hint: "passel git status"))
            }
        }
        let good = newestGood(damaged.map(\.name))
        for entry in damaged { addDamaged(entry, good[entry.name]) }
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

    /// A file that was being written when its writer ended, unless one still writes it.
    private mutating func addLeft(_ file: Path) {
        let folder = repository?.gitFolder ?? root
        guard !GitRepository.isHeld(file, gitFolder: folder, workTree: root) else { return }
        add(StoreFlaw(.leftover, relative(file), "nobody uses it any more")) {
            try DurableFile.remove(file)
            return true
        }
    }

    private func isIgnored(_ name: [UInt8]) -> Bool {
        guard let repository else { return false }
        return repository.isIgnored(store.prefix(in: repository) + name)
    }

    /// An entry that is no message.
    private struct Damaged {
        let file: Path
        let name: [UInt8]
        let what: Text
        /// What the newest commit has in its place.
        let committed: GitID?
    }

    /// An entry that is no message comes back as it last was one.
    private mutating func addDamaged(_ entry: Damaged, _ good: (commit: String, id: GitID)?) {
        var flaw = StoreFlaw(.entry, Text(entry.name), entry.what)
        flaw.goodVersion = good.map { Text($0.commit.utf8) }
        let word = ShellWord.text(Array(entry.name.dropLast(EntryName.suffix.utf8.count)))
        flaw.hint =
            good.map { "passel restore \(word) --at \(String($0.commit.prefix(12)))" as Text }
            ?? "bring it back from a backup: passel backup restore FILE --only \(word)"
        let now = self
        add(flaw) {
            // What was never committed so is the only copy, and no other one is newer.
            guard let git = now.git, let good, let place = now.repository?.workTree else {
                return false
            }
            guard entry.committed == good.id else { return false }
            try now.keepCopy(entry.file, place)
            try Self.putBack(good.id, in: entry.file, git)
            return true
        }
    }

    private static func putBack(_ id: GitID, in file: Path, _ git: GitTool) throws {
        try PrivateFile.makeFolder(file.parent)
        let content = try git.output(
            ["cat-file", "blob", id.hex], in: file.parent, failure: "git cannot read \(id.hex)")
        try PrivateFile.replace(file, by: content)
    }
}
