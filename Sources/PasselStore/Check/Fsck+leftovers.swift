import Glibc
import PasselCore
import PasselGit
import PasselPosix

extension Fsck {
    /// Who may change what is in the store.
    mutating func checkModes() {
        let folder = root
        guard let status = try? FileStatus(of: folder), status.mode & 0o022 != 0 else { return }
        add(
            StoreFlaw(
                .mode, Text(folder.bytes), "others may change what is in it",
                hint: "chmod go-w \(ShellWord.text(folder.bytes))")
        ) { folder.withCString { chmod($0, status.mode & 0o755) } == 0 }
    }

    /// Locks that no process holds, and files that were being written when their writer ended.
    mutating func clearLeftOvers(_ place: Path) throws {
        guard let folder = try gitFolder(place) else { return }
        if let note = try PurgeNote(in: folder) {
            let name =
                note.file.bytes.ends(with: EntryName.suffix)
                ? Array(note.file.bytes.dropLast(EntryName.suffix.utf8.count)) : note.file.bytes
            let all: Text = note.removesPresent ? "--all " : ""
            add(
                StoreFlaw(
                    .leftover, relative(PurgeNote.path(folder)), "a purge was not ended",
                    hint: "passel purge \(all)\(ShellWord.text(name))"))
        }
        for path in LeftOvers.find(in: folder)
        where !GitRepository.isHeld(path, gitFolder: folder, workTree: place) {
            add(StoreFlaw(.leftover, relative(path), "nobody uses it any more")) {
                try DurableFile.remove(path)
                return true
            }
        }
    }
}

/// Locks and temporary files in git's folder, whether anybody uses them or not.
enum LeftOvers {
    static func find(in folder: Path) -> [Path] {
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
                if isLock(path) || isTemporary || name.bytes.starts(with: Scratch.prefix.utf8) {
                    found.append(path)
                }
            }
        }
        look(in: folder, depth: 0)
        look(in: folder / "refs", depth: 8)
        look(in: folder / "logs", depth: 8)
        look(in: folder / "objects", depth: 2)
        return found
    }

    /// Whether git takes a file for the sign of another one that works there.
    private static func isLock(_ path: Path) -> Bool {
        path.bytes.ends(with: ".lock") || path.name.elementsEqual("gc.pid".utf8)
            || path.name.elementsEqual("packed-refs.new".utf8)
    }

    /// Removes what killed runs left, of git's and of ours: at a lock the next git would give up.
    ///
    /// For who holds the store's lock.
    static func clear(_ repository: GitRepository) throws {
        let folder = repository.gitFolder
        for path in find(in: folder)
        where !GitRepository.isHeld(path, gitFolder: folder, workTree: repository.workTree) {
            try DurableFile.remove(path)
        }
    }
}
