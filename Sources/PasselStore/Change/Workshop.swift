import Glibc
import PasselCore
import PasselPosix

/// A folder beside a place, where what will be there is made; locked while somebody works in it.
final class Workshop {
    let folder: Path
    private let lock: FileLock
    /// Folders that had to be made on the way, the innermost first.
    private let made: [Path]

    var store: Path { folder / "store" }
    var state: Path { folder / "state" }

    /// What the folders of clones are called, before the part that chance gives them.
    static let cloning = ".passel-clone-"
    /// As above, of backups that are opened.
    static let restoring = ".passel-backup-"

    convenience init(beside place: Path, prefix: String) throws {
        try self.init(in: place.withoutTrailingSlashes.parent, prefix: prefix)
    }

    init(in parent: Path, prefix: String) throws {
        var missing: [Path] = []
        var current = parent
        while try FileStatus(of: current) == nil {
            missing.append(current)
            current = current.parent
        }
        for folder in missing.reversed() { _ = try DurableFile.makeFolder(folder) }
        made = missing
        Self.removeLeftOvers(in: parent, prefix)
        folder = parent / Path(prefix + Random.name(length: 13))
        guard folder.withCString({ mkdir($0, 0o700) }) == 0 else {
            throw SystemError("make the folder", folder)
        }
        lock = try FileLock.acquire(folder, patience: 0, waiting: {})
    }

    /// What killed runs left: named as ours, owned by this user, locked by nobody.
    private static func removeLeftOvers(in parent: Path, _ prefix: String) {
        // What cannot be listed is not cleaned here.
        for name in (try? Files.names(in: parent)) ?? []
        where name.bytes.starts(with: prefix.utf8) && name.bytes.count == prefix.utf8.count + 13 {
            let folder = parent / name.bytes
            // What cannot be looked at is not ours.
            guard let status = try? FileStatus(of: folder, following: false),
                status.kind == .folder, status.owner == geteuid(), status.mode & 0o077 == 0,
                let lock = FileLock.ifFree(folder)
            else { continue }
            erase(folder)
            withExtendedLifetime(lock) {}
        }
    }

    func remove() {
        Self.erase(folder)
        for folder in made where (try? DurableFile.removeFolder(folder)) != true { break }
        withExtendedLifetime(lock) {}
    }

    private static func erase(_ folder: Path) {
        // Best effort throughout: what cannot be removed now is tried by the next run.
        for name in (try? Files.names(in: folder)) ?? [] {
            let path = folder / name.bytes
            if (try? FileStatus(of: path, following: false))?.kind == .folder {
                erase(path)
            } else {
                Scratch.remove(path)
            }
        }
        _ = try? DurableFile.removeFolder(folder)
    }
}
