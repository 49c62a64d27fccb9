/// What stands for a value of the store: `passel://NAME[#FIELD]`, or `NAME[#FIELD]` where only
/// references are expected.
///
/// Nothing is escaped in it: the last `#` divides it, so an entry whose own name has one is spelled
/// with another at its end, `passel://web/c##`.
public struct Reference: Sendable, Hashable {
    /// What makes a text a reference wherever it stands.
    public static let scheme: [UInt8] = Array("passel://".utf8)

    /// The entry's name: without slashes around it, never one that leads out of the store.
    public let name: Path
    /// The key of the field that is meant; nothing for the secret.
    public let field: Text?

    /// The reference to an entry's secret, or to one of its fields.
    public init(_ name: Path, field: Text? = nil) {
        self.name = name
        self.field = field
    }

    /// The reference that is spelled so, with `passel://` or without; nothing for what names no
    /// entry.
    public init?(_ spelling: some Collection<UInt8>) {
        let isMarked = spelling.starts(with: Self.scheme)
        let bytes = Array(isMarked ? spelling.dropFirst(Self.scheme.count) : spelling[...])
        guard !bytes.contains(where: { $0 == 0 || $0 == .newline }) else { return nil }
        let hash = bytes.lastIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex
        let parts = Path(bytes[..<hash]).components.filter { !$0.elementsEqual(".".utf8) }
        guard !parts.isEmpty, !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
            return nil
        }
        let key = bytes[hash...].dropFirst()
        self.init(
            Path(parts.joined(separator: [.slash])), field: key.isEmpty ? nil : Text(key))
    }

    /// The reference that is spelled with `passel://`; nothing for any other text.
    public init?(marked spelling: some Collection<UInt8>) {
        guard spelling.starts(with: Self.scheme) else { return nil }
        self.init(spelling)
    }

    /// `NAME[#FIELD]`.
    public var spelling: Text {
        if let field { return "\(name)#\(field)" }
        return name.bytes.contains(UInt8(ascii: "#")) ? "\(name)#" : Text(name.bytes)
    }

    /// `passel://NAME[#FIELD]`.
    public var uri: Text { Text(Self.scheme) + spelling }
}
