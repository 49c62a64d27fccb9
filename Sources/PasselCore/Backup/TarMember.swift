/// One member of a tar archive, and the only way in which its header is written.
///
/// POSIX.1 `ustar`; a name or target of more than 100 bytes goes into a member of GNU's before it,
/// and a size of 8 GiB or more is binary, both as every tar since then reads it. Owners are nobody
/// in particular.
public struct TarMember: Sendable, Equatable {
    /// What it is.
    public enum Kind: Sendable, Equatable {
        case file
        case folder
        /// A symbolic link with this target.
        case link([UInt8])
    }

    /// Its path; a folder's ends in a slash.
    public var name: [UInt8]
    /// What it is.
    public var kind: Kind
    /// How many bytes follow the header; none unless it is a file.
    public var size: Int
    /// The permission bits.
    public var mode: UInt32
    /// The second since the epoch in which it was changed.
    public var time: Int64

    /// A member.
    public init(
        _ name: [UInt8], _ kind: Kind = .file, size: Int = 0, mode: UInt32 = 0o600, time: Int64
    ) {
        self.name = name
        self.kind = kind
        self.size = size
        self.mode = mode
        self.time = time
    }

    /// The size of a header, of which everything else is a multiple.
    public static let block = 512

    /// The end of an archive.
    public static let end = [UInt8](repeating: 0, count: 2 * block)

    /// The zeros behind so many bytes, up to the next header.
    public static func padding(after size: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (block - size % block) % block)
    }

    /// The longest name or target that stands in the header itself.
    private static let shortest = 100

    /// Everything before the content.
    public var header: [UInt8] {
        var bytes: [UInt8] = []
        if case .link(let target) = kind, target.count > Self.shortest {
            bytes += Self.long(target, "K")
        }
        if name.count > Self.shortest { bytes += Self.long(name, "L") }
        let target: [UInt8] = if case .link(let target) = kind { target } else { [] }
        let type: UInt8 =
            switch kind {
            case .file: UInt8(ascii: "0")
            case .folder: UInt8(ascii: "5")
            case .link: UInt8(ascii: "2")
            }
        return bytes
            + Self.plain(
                name: name, type: type, target: target, size: size, mode: mode, time: time)
    }

    /// What GNU tar puts before a member whose name or target is long.
    private static func long(_ value: [UInt8], _ type: Unicode.Scalar) -> [UInt8] {
        let content = value + [0]
        return plain(
            name: Array("././@LongLink".utf8), type: UInt8(ascii: type), target: [],
            size: content.count, mode: 0, time: 0)
            + content + padding(after: content.count)
    }

    /// One block: pax(1), "ustar Interchange Format".
    private static func plain(
        name: [UInt8], type: UInt8, target: [UInt8], size: Int, mode: UInt32, time: Int64
    ) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: block)
        func put(_ bytes: some Sequence<UInt8>, at start: Int) {
            for (index, byte) in bytes.enumerated() { header[start + index] = byte }
        }
        put(name.prefix(shortest), at: 0)
        put(octal(Int64(mode), digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        if size < 1 << 33 {
            put(octal(Int64(size), digits: 11), at: 124)
        } else {
            // GNU: the highest bit says that the rest is a binary number.
            header[124] = 0x80
            for index in 0..<8 {
                header[128 + index] = UInt8(truncatingIfNeeded: size >> (56 - 8 * index))
            }
        }
        put(octal(max(0, min(time, (1 << 33) - 1)), digits: 11), at: 136)
        put(repeatElement(0x20, count: 8), at: 148)
        header[156] = type
        put(target.prefix(shortest), at: 157)
        put("ustar".utf8, at: 257)
        put("00".utf8, at: 263)
        let sum = header.reduce(0) { $0 + Int64($1) }
        put(octal(sum, digits: 6) + [0, 0x20], at: 148)
        return header
    }

    private static func octal(_ value: Int64, digits: Int) -> [UInt8] {
        (0..<digits).map { 0x30 + UInt8(value >> Int64(3 * (digits - 1 - $0)) & 7) }
    }
}
