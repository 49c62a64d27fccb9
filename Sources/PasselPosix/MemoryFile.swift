import CPosix
import Glibc
public import PasselCore

/// A file that is in memory only, for the program that takes this one's place.
public enum MemoryFile {
    /// A new file with this content, which nobody can change, mode 0400; the result is its path.
    ///
    /// It is there as long as the program runs that takes this process's place, for it and for
    /// every program of the same user. Nothing is written to a disk, but a swapped page may be.
    ///
    /// - Throws: `SystemError`.
    public static func make(_ content: Secret) throws -> Path {
        let name: Path = "a file in memory"
        let descriptor = try check("make", name, passel_memory_file())
        defer { close(descriptor) }
        try content.withBytes { try Files.write($0, to: descriptor, name: name) }
        let kept = try check("keep", name, passel_keep_memory_file(descriptor))
        return Path("/proc/\(getpid())/fd/\(kept)")
    }
}
