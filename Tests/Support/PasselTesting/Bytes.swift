/// Bytes as programs, files and command lines really have them; `String` would repair them.
public typealias Bytes = [UInt8]

extension [UInt8] {
    /// The bytes as text, with invalid UTF-8 repaired; for messages and patterns only.
    public var text: String { String(decoding: self, as: UTF8.self) }

    /// The bytes split at newlines; a final newline does not begin another line.
    public var lines: [Bytes] {
        var parts = split(separator: 0x0A, omittingEmptySubsequences: false).map { Bytes($0) }
        if parts.last?.isEmpty == true { parts.removeLast() }
        return parts
    }

    /// The bytes without blanks, tabs, carriage returns and newlines at both ends.
    public var trimmed: Bytes {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0D, 0x0A]
        guard let first = firstIndex(where: { !blanks.contains($0) }),
            let last = lastIndex(where: { !blanks.contains($0) })
        else { return [] }
        return Bytes(self[first...last])
    }

    func hasSuffix(_ suffix: String) -> Bool {
        suffix.utf8.elementsEqual(self.suffix(suffix.utf8.count))
    }

    func hasPrefix(_ prefix: String) -> Bool { starts(with: prefix.utf8) }
}

/// A failure of the test machinery itself, such as a key that could not be made.
public struct TestingProblem: Error, CustomStringConvertible, Sendable {
    /// What went wrong.
    public let description: String

    /// A problem described by `description`.
    public init(_ description: String) { self.description = description }
}
