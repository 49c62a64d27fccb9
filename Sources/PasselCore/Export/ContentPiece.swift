/// A part of a content: bytes that anybody may see, or a secret.
public enum ContentPiece: Sendable {
    case plain([UInt8])
    case secret(Secret)

    var count: Int {
        switch self {
        case .plain(let bytes): bytes.count
        case .secret(let secret): secret.count
        }
    }

    func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        switch self {
        case .plain(let bytes): try bytes.withUnsafeBytes(body)
        case .secret(let secret): try secret.withBytes(body)
        }
    }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension ContentPiece: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self = .plain(Array(value.utf8)) }
    public init(stringInterpolation: Text.Interpolation) {
        self = .plain(Text(stringInterpolation: stringInterpolation).bytes)
    }
}

extension Secret {
    /// The pieces, one after the other, in one piece of secret memory.
    public init(_ pieces: [ContentPiece]) {
        self.init(capacity: pieces.reduce(0) { $0 + $1.count }) { memory in
            var used = 0
            for piece in pieces {
                piece.withBytes { bytes in
                    UnsafeMutableRawBufferPointer(rebasing: memory[used...]).copyMemory(from: bytes)
                    used += bytes.count
                }
            }
            return used
        }
    }
}
