public import PasselCore
import PasselPosix

/// A file outside of the store that only its owner can read.
public enum PrivateFile {
    /// Puts a file with this content in its place, whole or not at all, mode 0600.
    ///
    /// - Throws: `SystemError`; what was there is there then.
    public static func replace(_ path: Path, by content: [UInt8]) throws {
        let temporary = try Scratch.file(in: path.parent, content: content)
        do {
            try DurableFile.rename(temporary, to: path)
        } catch {
            Scratch.remove(temporary)
            throw error
        }
    }
}
