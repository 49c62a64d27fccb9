/// A pattern of tree(1)'s `-P`, upper and lower case being equal: what `find` matches names with.
///
/// `*`, `?`, `[a-z]`, `[^a]`, `\x`, alternatives between `|`. Follows tree 2.1.0, oddities
/// included: `*` does not cross a slash, `**` does, and a pattern with an unclosed `[` matches
/// everything.
public struct TreePattern: Sendable {
    private let alternatives: [[UInt8]]
    // Borrowed memory: a listing of thousands of names should not count references.
    private typealias Piece = Slice<UnsafeBufferPointer<UInt8>>

    /// The pattern that finds names containing any of the terms, as pass builds it.
    public init(terms: [[UInt8]]) {
        let whole = terms.map { [UInt8(ascii: "*")] + $0 + [UInt8(ascii: "*")] }
            .joined(separator: [UInt8(ascii: "|")])
        alternatives = Array(whole).split(
            separator: UInt8(ascii: "|"), omittingEmptySubsequences: false
        ).map(Array.init)
    }

    /// Whether `name` matches.
    public func matches(_ name: [UInt8], isFolder: Bool) -> Bool {
        // An empty alternative is a syntax error to tree, and an error counts as a match.
        name.withUnsafeBufferPointer { name in
            alternatives.contains { pattern in
                pattern.isEmpty
                    || pattern.withUnsafeBufferPointer {
                        Self.match(name[...], $0[...], isFolder) != 0
                    }
            }
        }
    }

    /// 1 for a match, 0 for none, -1 for a pattern that makes no sense.
    private static func match(
        _ name: Piece, _ pattern: Piece, _ isFolder: Bool
    ) -> Int {
        var name = name
        var pattern = pattern
        while let symbol = pattern.first {
            switch symbol {
            case UInt8(ascii: "["):
                pattern = pattern.dropFirst()
                guard let found = bracket(name.first ?? 0, &pattern) else { return -1 }
                guard found else { return 0 }
                name = name.dropFirst()
            case UInt8(ascii: "*"):
                return star(name, pattern.dropFirst(), isFolder)
            case UInt8(ascii: "?"):
                guard !name.isEmpty else { return 0 }
                name = name.dropFirst()
            case .slash where pattern.count == 1 && name.isEmpty:
                return isFolder ? 1 : 0
            default:
                if symbol == UInt8(ascii: "\\") { pattern = pattern.dropFirst() }
                guard let first = name.first, let wanted = pattern.first,
                    first.asciiLowercased == wanted.asciiLowercased
                else { return 0 }
                name = name.dropFirst()
            }
            pattern = pattern.dropFirst()
        }
        return name.isEmpty ? 1 : 0
    }

    private static func star(
        _ name: Piece, _ rest: Piece, _ isFolder: Bool
    ) -> Int {
        guard let next = rest.first else { return name.contains(.slash) ? 0 : 1 }
        var name = name
        if next == UInt8(ascii: "*") {
            let rest = rest.dropFirst()
            guard !rest.isEmpty else { return 1 }
            while !name.isEmpty {
                let found = match(name, rest, isFolder)
                if found != 0 { return found }
                name = name.dropFirst().drop { $0 != .slash }
            }
            return match(name, rest, isFolder)
        }
        while !name.isEmpty {
            let found = match(name, rest, isFolder)
            if found != 0 { return found }
            name = name.dropFirst()
            if name.first == .slash { break }
        }
        return match(name, rest, isFolder)
    }

    /// Whether `character` is in the set that `pattern` goes on with; leaves `pattern` at the
    /// closing bracket.
    ///
    /// Nothing when the set is not closed.
    private static func bracket(_ character: UInt8, _ pattern: inout Piece) -> Bool? {
        let inverted = pattern.first == UInt8(ascii: "^")
        if inverted { pattern = pattern.dropFirst() }
        let character = character.asciiLowercased
        var found = false
        while pattern.first != UInt8(ascii: "]") {
            if pattern.first == UInt8(ascii: "\\") { pattern = pattern.dropFirst() }
            guard let first = pattern.first else { return nil }
            if pattern.dropFirst().first == UInt8(ascii: "-"), let last = pattern.dropFirst(2).first
            {
                if character >= first.asciiLowercased, character <= last.asciiLowercased {
                    found = true
                }
                pattern = pattern.dropFirst(3)
            } else {
                if character == first.asciiLowercased { found = true }
                pattern = pattern.dropFirst()
            }
        }
        return found != inverted
    }
}
