import PasselCore
import PasselPosix

/// The keys that a store's messages are encrypted to, kept outside the store and apart from the
/// user's own keyring.
///
/// Each acknowledged key file lies in `keys/DIGEST` of the state folder; the keyring made of them is
/// named by their digests, so that it is never an old one.
struct PrivateKeyring {
    let folder: StateFolder
    let cipher: any Cipher

    /// Where the acknowledged key files lie.
    static func keys(_ folder: StateFolder) -> StateFolder {
        StateFolder(at: folder.file("keys"))
    }

    /// The keyring of exactly these keys, made if it is not there yet.
    ///
    /// - Throws: a `Problem` when a key file that was acknowledged is gone or is another now.
    func path(of keys: [Fingerprint: Digest]) throws -> Path {
        let sorted = keys.sorted { $0.key < $1.key }
        let digest = Digest(of: sorted.flatMap { $0.value.bytes }).hex.prefix(16)
        let name = Path("keyring-\(digest)".utf8)
        let path = folder.file(name)
        if try FileStatus(of: path) != nil { return path }
        try cipher.makeKeyring(try sorted.map { try file($0.value) }, at: path)
        return path
    }

    /// The acknowledged key file with this digest.
    func file(_ digest: Digest) throws -> [UInt8] {
        let path = Self.keys(folder).file(Path(digest.hex.utf8))
        guard let content = try Files.readIfPresent(path), Digest(of: content) == digest else {
            throw Problem(
                "\(path) is not the key that was acknowledged",
                hints: [
                    "forget what was acknowledged, and look again: mv \(folder.path) \(folder.path).old"
                ])
        }
        return content
    }

    /// Keeps an acknowledged key file.
    func keep(_ content: [UInt8]) throws {
        let name = Path(Digest(of: content).hex.utf8)
        let parent = Self.keys(folder)
        guard try FileStatus(of: parent.file(name)) == nil else { return }
        try parent.write(content, to: name)
    }

    /// Removes keyrings and key files of other keys than these.
    func clear(except keys: [Fingerprint: Digest]) throws {
        let current = try path(of: keys).name
        for name in try Files.names(in: folder.path)
        where name.bytes.starts(with: "keyring-".utf8) && name.bytes != current {
            try folder.remove(Path(name.bytes))
        }
        let kept = Set(keys.values.map { Array($0.hex.utf8) })
        let parent = Self.keys(folder)
        for name in try Files.names(in: parent.path) where !kept.contains(name.bytes) {
            try parent.remove(Path(name.bytes))
        }
    }
}
