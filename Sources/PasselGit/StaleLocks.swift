import Glibc
public import PasselCore
import PasselPosix

/// Lock files that a killed git or a killed run of ours left behind.
///
/// Only for who holds the store's own lock. A lock file counts as left behind when no live process
/// has it open and no live git works in this work tree; whoever is alive gets three seconds to
/// finish.
struct StaleLocks {
    let gitFolder: Path
    let workTree: Path

    func clearIndexLock() throws {
        try clear(gitFolder / "index.lock")
    }

    func clear(forReference reference: String) throws {
        for name in ["HEAD", reference, "packed-refs"] {
            try clear(gitFolder / Path(name + ".lock"))
        }
    }

    func clear(_ lock: Path) throws {
        var tries = 0
        while try FileStatus(of: lock, following: false) != nil {
            if !isHeld(lock) {
                Scratch.remove(lock)
                return
            }
            tries += 1
            guard tries < 60 else {
                throw GitProblem(
                    "commit", "another git holds \(lock.repaired)",
                    hints: ["wait for it to end, then try again"])
            }
            usleep(50_000)
        }
    }

    /// Whether a live process has a lock file open, or a live git works here.
    func isHeld(_ lock: Path) -> Bool {
        let own = Array(String(getpid()).utf8)
        // Without /proc nobody can be seen; then nobody is taken to be dead.
        guard let processes = try? Files.names(in: "/proc") else { return true }
        return processes.contains { process in
            guard process.bytes.allSatisfy(\.isDigit), process.bytes != own else { return false }
            let folder: Path = "/proc" / process.bytes
            return isGitHere(folder) || hasOpen(lock, folder / "fd")
        }
    }

    private func isGitHere(_ process: Path) -> Bool {
        // A process that ends while we look, or belongs to another user, holds no lock of ours.
        guard let name = try? Files.read(process / "comm"), name.starts(with: "git".utf8),
            let here = try? Files.target(of: process / "cwd")
        else { return false }
        return here.isWithin(workTree)
    }

    private func hasOpen(_ lock: Path, _ descriptors: Path) -> Bool {
        // As above: what cannot be listed is not ours.
        guard let names = try? Files.names(in: descriptors) else { return false }
        return names.contains { (try? Files.target(of: descriptors / $0.bytes)) == lock }
    }
}

extension GitRepository {
    /// Whether a live process has a lock or temporary file of git's open, or a live git works in the
    /// work tree.
    public static func isHeld(_ path: Path, gitFolder: Path, workTree: Path) -> Bool {
        StaleLocks(gitFolder: gitFolder, workTree: workTree).isHeld(path)
    }
}
