import CImport
public import PasselCore

/// Bytes that zlib packed: RFC 1951 and RFC 1952.
public enum Unpacking {
    /// How they are wrapped.
    enum Form: Int32 {
        /// Not at all, as in a ZIP archive.
        case raw = -15
        case gzip = 31
    }

    /// More than any attachment has.
    static let limit = 256 << 20

    /// What bytes packed by gzip hold.
    ///
    /// - Throws: a `Problem` for damaged ones, and for those that hold too much.
    public static func gunzip(_ packed: Secret) throws -> Secret {
        // Its last four bytes say how much there is in it (RFC 1952 §2.3.1).
        let size = packed.withBytes { bytes in
            bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        guard packed.count >= 18, size <= limit else { throw damaged }
        return try inflate(packed, .gzip, size: size)
    }

    /// What packed bytes hold, of which it is known how much it is.
    static func inflate(_ packed: Secret, _ form: Form, size: Int) throws -> Secret {
        guard size <= limit else { throw Problem("something in it is larger than 256 MiB") }
        var result = 0
        let content = Secret(capacity: size) { memory in
            result = packed.withBytes {
                passel_inflate(
                    $0.baseAddress, $0.count, form.rawValue, memory.baseAddress, memory.count)
            }
            return result
        }
        guard result != -2 else {
            throw Problem("zlib is missing", hints: ["sudo apt install zlib1g"])
        }
        guard result == size else { throw damaged }
        return content
    }

    static var damaged: Problem { Problem("it is damaged", hints: ["export it again"]) }
}
