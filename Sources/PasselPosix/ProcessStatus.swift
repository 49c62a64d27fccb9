import Glibc
import PasselCore

/// What the kernel tells of this process in `/proc/self/status` (proc(5)).
public enum ProcessStatus {
    /// The permissions that new files and folders do not get.
    ///
    /// umask(2) tells it only by setting another one, which every thread that makes a file
    /// meanwhile gets; it is asked only where there is no `/proc`.
    public static func creationMask() -> UInt32 {
        if let text = values(of: "Umask")?.first,
            let mask = UInt32(String(decoding: text, as: UTF8.self), radix: 8)
        {
            return mask
        }
        let mask = umask(0o077)
        umask(mask)
        return mask
    }

    /// How many bytes of private memory are in use; nothing where the kernel does not say.
    public static func bytesInUse() -> Int? {
        guard let words = values(of: "VmData"), words.count == 2,
            let kibibytes = Int(String(decoding: words[0], as: UTF8.self))
        else { return nil }
        return kibibytes << 10
    }

    /// The words behind a name and its colon.
    private static func values(of name: StaticString) -> [ArraySlice<UInt8>]? {
        // Without /proc there is nothing to be told.
        guard let status = try? Files.read("/proc/self/status", limit: 1 << 16) else { return nil }
        let start = "\(name):"
        let line = status.split(separator: .newline).first { $0.starts(with: start.utf8) }
        return line?.dropFirst(start.utf8.count).split(whereSeparator: \.isBlank)
    }
}
