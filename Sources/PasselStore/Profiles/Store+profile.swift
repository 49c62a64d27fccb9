public import PasselCore
import PasselPosix

extension Store {
    /// The content of the store's profile in a file below its top; nothing when there is none.
    ///
    /// - Throws: a `Problem` where what is in the store must be signed, and this is not.
    public func profile(at file: Path) throws -> Secret? {
        let path = root / file
        guard let content = try Files.readIfPresent(path, limit: 1 << 20) else { return nil }
        try refuseUnverified(path, content: content)
        return content.withUnsafeBytes { Secret(copying: $0) }
    }
}
