/// The digests of what a backup holds, as `sha256sum` writes and checks them.
public struct BackupManifest: Sendable, Equatable {
    /// A member and its digest.
    public struct Line: Sendable, Equatable {
        /// The member's name.
        public let name: [UInt8]
        /// The digest of its content.
        public let digest: Digest

        /// A line.
        public init(_ name: [UInt8], _ digest: Digest) {
            self.name = name
            self.digest = digest
        }
    }

    /// The lines, in order.
    public private(set) var lines: [Line]

    /// A manifest with these lines.
    public init(_ lines: [Line] = []) { self.lines = lines }

    /// Adds a line.
    public mutating func add(_ name: [UInt8], _ digest: Digest) {
        lines.append(Line(name, digest))
    }

    /// The file's content: a digest, two spaces and a name on each line; before one in which
    /// `\` and line feeds are spelled `\\` and `\n`, a backslash.
    public var content: [UInt8] {
        lines.flatMap { line -> [UInt8] in
            let spelled = line.name.flatMap { byte -> [UInt8] in
                switch byte {
                case UInt8(ascii: "\\"): Array(#"\\"#.utf8)
                case .newline: Array(#"\n"#.utf8)
                case .carriageReturn: Array(#"\r"#.utf8)
                default: [byte]
                }
            }
            let mark: [UInt8] = spelled.count == line.name.count ? [] : [UInt8(ascii: "\\")]
            return mark + Array(line.digest.hex.utf8) + [0x20, 0x20] + spelled + [.newline]
        }
    }

    /// Reads a file's content; nothing for what would not be written so.
    public init?(_ content: [UInt8]) {
        lines = []
        for line in content.split(separator: .newline) {
            var rest = line
            let isSpelled = rest.first == UInt8(ascii: "\\")
            if isSpelled { rest = rest.dropFirst() }
            guard rest.count > 66, let digest = Digest(rest.prefix(64)) else { return nil }
            rest = rest.dropFirst(66)
            var name: [UInt8] = []
            while let byte = rest.popFirst() {
                guard isSpelled, byte == UInt8(ascii: "\\") else {
                    name.append(byte)
                    continue
                }
                switch rest.popFirst() {
                case UInt8(ascii: "\\"): name.append(UInt8(ascii: "\\"))
                case UInt8(ascii: "n"): name.append(.newline)
                case UInt8(ascii: "r"): name.append(.carriageReturn)
                default: return nil
                }
            }
            lines.append(Line(name, digest))
        }
        guard self.content == content else { return nil }
    }
}
