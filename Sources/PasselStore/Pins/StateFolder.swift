public import PasselCore
import PasselPosix

/// The folder outside the store in which this machine remembers what it acknowledged of it.
public struct StateFolder: Sendable {
    /// Its path: `STATE/NAME-DIGEST`, after the store's name and its path with links resolved.
    public let path: Path

    /// The folder for the store at `root`, below the folder of all stores.
    public init(_ state: Path, store root: Path) {
        let resolved = Files.resolved(root) ?? root
        let digest = Digest(of: resolved.bytes).hex.prefix(16)
        let name = resolved.name.map { byte -> UInt8 in
            byte.isDigit || (0x61...0x7a).contains(byte | 0x20) || "-_".utf8.contains(byte)
                ? byte : UInt8(ascii: "-")
        }.drop { $0 == UInt8(ascii: "-") }
        path = state / Path(name.prefix(40) + "-\(digest)".utf8)
    }

    /// A folder below a state folder.
    init(at path: Path) { self.path = path }

    /// A file in it.
    public func file(_ name: Path) -> Path { path / name }

    /// Makes the folder, for its owner only, with those above it.
    public func make() throws { try PrivateFile.makeFolder(path) }

    /// Puts a file with this content in its place, as `PrivateFile` does.
    public func write(_ content: [UInt8], to name: Path, durable: Bool = true) throws {
        try make()
        try PrivateFile.replace(file(name), by: content, durable: durable)
    }

    /// Removes a file; one that is not there is as good.
    public func remove(_ name: Path) throws {
        guard try FileStatus(of: file(name), following: false) != nil else { return }
        try DurableFile.remove(file(name))
    }
}
