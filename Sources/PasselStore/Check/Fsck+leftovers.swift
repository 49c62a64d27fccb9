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
}
