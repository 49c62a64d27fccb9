import Glibc
public import PasselCore
import PasselPosix

/// A file that only its owner can read, and that no change of the store is about.
public enum PrivateFile {
    /// Puts a file with this content in its place, whole or not at all, mode 0600.
    ///
    /// One that is not durable may be the old one, or an empty one, after a power cut.
    ///
    /// - Throws: `SystemError`; what was there is there then.
    public static func replace(
        _ path: Path, by content: [UInt8], durable: Bool = true
    ) throws {
        let temporary = try Scratch.file(in: path.parent, content: content, flushed: durable)
        do {
            if durable {
                try DurableFile.rename(temporary, to: path)
            } else {
                try DurableFile.move(temporary, to: path)
            }
        } catch {
            Scratch.remove(temporary)
            throw error
        }
    }

    /// Makes a folder for such files, for its owner only, with those above it that are missing.
    ///
    /// - Throws: `SystemError`.
    public static func makeFolder(_ path: Path) throws {
        var missing: [Path] = []
        var current = path
        while try FileStatus(of: current) == nil {
            missing.append(current)
            current = current.parent
        }
        for folder in missing.reversed() {
            guard folder.withCString({ mkdir($0, 0o700) }) == 0 || errno == EEXIST else {
                throw SystemError("make the folder", folder)
            }
            try DurableFile.flush(folder.parent)
        }
    }
}
