public import PasselCore
import PasselPosix

extension Store {
    /// A short mark that stands for a secret where it must not be shown: the same for the same
    /// secret, on this machine only.
    ///
    /// Eight digits of its digest under a key in the state folder; stars where there is none.
    public func mark(of secret: Secret) throws -> Text {
        guard let stored = storedPins else { return "********" }
        let name: Path = "mask"
        let key: [UInt8]
        if let known = try Files.readIfPresent(stored.folder.file(name)), known.count == 64 {
            key = known
        } else {
            key = Array(Random.name(length: 64).utf8)
            try stored.folder.write(key, to: name)
        }
        return Text("#\(Digest(of: secret, under: key).hex.prefix(8))".utf8)
    }
}
