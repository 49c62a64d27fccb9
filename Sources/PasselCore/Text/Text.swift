/// A piece of output or of a message: bytes, because names need not be UTF-8.
///
/// Write one as a string literal; interpolated names, paths and texts keep their exact bytes.
public struct Text: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// The exact bytes.
    public var bytes: [UInt8]

    /// A text of exactly these bytes.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// The UTF-8 bytes of `value`.
    public init(stringLiteral value: String) {
        bytes = Array(value.utf8)
    }

    /// The pieces, joined.
    public init(stringInterpolation: Interpolation) {
        bytes = stringInterpolation.bytes
    }

    /// Collects the pieces of an interpolated literal.
    public struct Interpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []

        /// Starts empty.
        public init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        /// Adds text of the program's own.
        public mutating func appendLiteral(_ literal: String) { bytes += literal.utf8 }

        /// Adds the UTF-8 bytes of a string.
        public mutating func appendInterpolation(_ string: String) { bytes += string.utf8 }

        /// Adds a number in decimal.
        public mutating func appendInterpolation(_ number: some BinaryInteger) {
            bytes += String(number).utf8
        }

        /// Adds raw bytes.
        public mutating func appendInterpolation(_ raw: [UInt8]) { bytes += raw }

        /// Adds another text.
        public mutating func appendInterpolation(_ text: Text) { bytes += text.bytes }

        /// Adds a path as it was spelled.
        public mutating func appendInterpolation(_ path: Path) { bytes += path.bytes }
    }

    /// Both texts, one after the other.
    public static func + (left: Text, right: Text) -> Text { Text(left.bytes + right.bytes) }

    /// Appends `right`.
    public static func += (left: inout Text, right: Text) { left.bytes += right.bytes }
}

extension Sequence where Element == Text {
    /// The texts with `separator` between them.
    public func joined(separator: Text) -> Text {
        Text(map(\.bytes).joined(separator: separator.bytes))
    }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Text: CustomStringConvertible {
    // Where a string is wanted, bytes that are not UTF-8 are repaired.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
