/// What unpacks the bytes that zlib packed: RFC 1951 and RFC 1952.
public protocol Inflater: Sendable {
    /// What packed bytes hold, of which it is known how many they are.
    ///
    /// - Throws: a `Problem` when they are damaged or hold another number.
    func inflate(_ packed: Secret, _ form: PackedForm, size: Int) throws -> Secret
}

/// How packed bytes are wrapped.
public enum PackedForm: Sendable {
    /// Not at all, as in a ZIP archive.
    case raw
    case gzip
}

extension Inflater {
    /// What bytes packed by gzip hold; their last four say how much it is (RFC 1952 §2.3.1).
    func gunzip(_ packed: Secret) throws -> Secret {
        guard packed.count >= 18 else { throw Problem.damagedImport }
        let size = packed.withBytes { bytes in
            bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        return try inflate(packed, .gzip, size: size)
    }
}

extension Problem {
    /// What is told of a file that is not as it was written.
    public static let damagedImport = Problem("it is damaged", hints: ["export it again"])
}
