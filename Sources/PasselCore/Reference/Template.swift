/// A text with references in it: `{{ passel://NAME#FIELD }}`, or `passel://NAME#FIELD` as it is.
///
/// Without braces a reference ends before the first byte that is no letter, digit, `-_./#` or part
/// of a character beyond ASCII, and before dots at its end. Other braces are left as they are.
public struct Template: Sendable {
    /// Something that looks like a reference and is none.
    public struct Flaw: Error, Equatable {
        /// The number of the line, from 1.
        public let line: Int
        /// What is wrong with it.
        public let reason: Text
    }

    private enum Part: Sendable {
        case text(Range<Int>)
        case reference(Reference)
    }

    /// What was read.
    public let source: Secret
    private let parts: [Part]

    /// The references in it, in order.
    public var references: [Reference] {
        parts.compactMap { part in
            if case .reference(let reference) = part { reference } else { nil }
        }
    }

    /// Reads a template; every text is one.
    ///
    /// - Throws: `Flaw` for a reference that is not closed, or names no entry.
    public init(_ source: Secret) throws(Flaw) {
        self.source = source
        let read = source.withBytes { bytes -> Result<[Part], Flaw> in
            Result { () throws(Flaw) in try Self.parts(of: bytes) }
        }
        parts = try read.get()
    }

    /// The text with values in the place of its references, which are given in their order.
    public func filled(with values: [Secret]) -> Secret {
        var rest = values[...]
        return Secret(
            joining: parts.map { part in
                switch part {
                case .text(let range): source.slice(range)
                case .reference: rest.popFirst() ?? Secret(plain: "")
                }
            })
    }

    private static func parts(of bytes: UnsafeRawBufferPointer) throws(Flaw) -> [Part] {
        var parts: [Part] = []
        var start = 0
        var place = 0
        while let found = next(Reference.scheme, in: bytes, from: place) {
            let opening = braces(before: found, in: bytes, from: start)
            guard opening != nil || isBoundary(found, in: bytes) else {
                place = found + 1
                continue
            }
            let (content, end) =
                opening == nil
                ? bare(from: found, in: bytes) : try closed(from: found, in: bytes)
            guard let reference = Reference(marked: bytes[content]) else {
                throw Flaw(line: line(of: found, in: bytes), reason: "this refers to no entry")
            }
            parts += [.text(start..<(opening ?? found)), .reference(reference)]
            (start, place) = (end, end)
        }
        return parts + [.text(start..<bytes.count)]
    }

    private static func next(
        _ word: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int
    ) -> Int? {
        guard bytes.count - start >= word.count else { return nil }
        return (start...(bytes.count - word.count)).first { bytes[$0...].starts(with: word) }
    }

    /// Where the `{{` stands that has only blanks between it and this place.
    private static func braces(
        before place: Int, in bytes: UnsafeRawBufferPointer, from start: Int
    ) -> Int? {
        let end = bytes[start..<place].lastIndex { !$0.isBlank }
        let brace = UInt8(ascii: "{")
        guard let end, end > start, bytes[end] == brace, bytes[end - 1] == brace else { return nil }
        return end - 1
    }

    /// Whether a word can begin here.
    private static func isBoundary(_ place: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        place == 0 || !isLetter(bytes[place - 1])
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte.isDigit || (0x61...0x7a).contains(byte | 0x20) || byte >= 0x80
    }

    private static func bare(
        from start: Int, in bytes: UnsafeRawBufferPointer
    ) -> (content: Range<Int>, end: Int) {
        let first = start + Reference.scheme.count
        let stop = bytes[first...].firstIndex { !isLetter($0) && !"-_./#".utf8.contains($0) }
        var end = stop ?? bytes.count
        while end > first, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return (start..<end, end)
    }

    /// Up to `}}` in the same line, without the blanks before it.
    private static func closed(
        from start: Int, in bytes: UnsafeRawBufferPointer
    ) throws(Flaw) -> (content: Range<Int>, end: Int) {
        let line = start..<(bytes[start...].firstIndex(of: .newline) ?? bytes.count)
        guard let close = next(Array("}}".utf8), in: bytes, from: start),
            close + 2 <= line.upperBound
        else {
            throw Flaw(line: self.line(of: start, in: bytes), reason: "the {{ is not closed by }}")
        }
        let last = bytes[start..<close].lastIndex { !$0.isBlank } ?? start
        return (start..<(last + 1), close + 2)
    }

    private static func line(of place: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        bytes[..<place].count { $0 == .newline } + 1
    }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Template: Equatable {
    public static func == (left: Template, right: Template) -> Bool { left.source == right.source }
}
