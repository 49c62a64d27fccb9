import Glibc
import PasselCore
import PasselGit
import PasselPosix

extension Fsck {
    /// Every file against the newest commit, and every entry as a message.
    mutating func checkFiles(_ look: FileLook, _ comparison: FileComparison) throws {
        check.entries = comparison.entries
        for folder in look.folders where folder.isReserved {
            // What cannot be listed of where entries are is told with who can read them.
            if let failure = folder.failure {
                add(StoreFlaw(.file, Text(folder.prefix.dropLast()), failure.problem.message))
            }
        }
        let damaged = comparison.odd.compactMap { addOdd($0) }
        let good = newestGood(damaged.map(\.name))
        for entry in damaged { addDamaged(entry, good[entry.name]) }
        if comparison.known < committed.count { try addGone(look) }
    }

    /// A file that is not as it should be; nothing unless it is an entry that is no message.
    private mutating func addOdd(_ odd: FileComparison.Odd) -> Damaged? {
        let (name, file) = (odd.name, odd.file)
        let committed = committed[name]
        if committed == nil, file.name.starts(with: Scratch.prefix.utf8) {
            addLeft(root / name)
            return nil
        }
        if let flaw = odd.nameFlaw { add(StoreFlaw(.name, Text(name), flaw)) }
        if let failure = file.failure {
            add(StoreFlaw(.file, Text(name), failure.problem.message))
        } else if odd.isEntry, case .flawed(let what) = file.message {
            return Damaged(file: root / name, name: name, what: what, committed: committed)
        } else if let committed {
            if committed != file.id {
                add(
                    StoreFlaw(
                        .file, Text(name), "it is not what the newest commit has",
                        hint: "see how: passel git diff -- \(ShellWord.text(name))"))
            }
        } else if !self.committed.isEmpty, !isIgnored(name) {
            add(StoreFlaw(.stray, Text(name), "it is in no commit", hint: "passel git status"))
        }
        return nil
    }

    /// The files of the newest commit that are nowhere.
    private mutating func addGone(_ look: FileLook) throws {
        var gone = committed
        for folder in look.folders {
            for file in folder.files { gone[folder.prefix + file.name] = nil }
        }
        for (name, id) in gone.sorted(by: { $0.key.precedes($1.key) }) {
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
