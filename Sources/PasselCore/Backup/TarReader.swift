/// Reads a tar archive as `TarMember` writes it, piece by piece, and nothing that is any different.
///
/// Every bit of such an archive that is not content is determined by the members, so that any other
/// archive, and any damage, is told.
public struct TarReader {
    /// What comes out of it.
    public enum Event {
        /// A member begins.
        case member(TarMember)
        /// More of the content of the member.
        case content(ArraySlice<UInt8>)
        /// The content is complete.
        case complete
    }

    /// Why bytes are no such archive.
    public struct Malformed: Error, Equatable {
        /// At which byte of the archive it shows.
        public let offset: Int

        /// It shows there; 0 where that is not known.
        public init(offset: Int = 0) { self.offset = offset }
    }

    private enum State {
        case header
        /// A long name or target, of which so many bytes are still to come.
        case long(left: Int)
        case content(left: Int)
        case padding(left: Int)
        case end(left: Int)
        case over
    }

    private var state = State.header
    /// The header that is being read, with what GNU puts before it.
    private var pending: [UInt8] = []
    /// Where in `pending` the block begins that is not complete yet.
    private var blockStart = 0
    private var longName: [UInt8]?
    private var longTarget: [UInt8]?
    private var longType: UInt8 = 0
    private var offset = 0

    /// The most that a name or target can have.
    private static let longest = 1 << 16

    /// An archive of which nothing was read yet.
    public init() {}

    /// Whether the archive is complete.
    public var isComplete: Bool { if case .over = state { true } else { false } }

    /// Takes in more of the archive.
    ///
    /// - Throws: `Malformed`, and what `found` throws.
    public mutating func read(_ bytes: [UInt8], _ found: (Event) throws -> Void) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let before = rest.count
            try step(&rest, found)
            offset += before - rest.count
        }
    }

    /// Says that nothing follows.
    ///
    /// - Throws: `Malformed` when something is missing.
    public func finish() throws(Malformed) {
        guard isComplete else { throw Malformed(offset: offset) }
    }

    private mutating func step(
        _ rest: inout ArraySlice<UInt8>, _ found: (Event) throws -> Void
    ) throws {
        switch state {
        case .header:
            let wanted = TarMember.block - (pending.count - blockStart)
            pending += rest.prefix(wanted)
            rest = rest.dropFirst(wanted)
            if pending.count - blockStart == TarMember.block { try header(found) }
        case .long(let left):
            let piece = rest.prefix(left)
            pending += piece
            rest = rest.dropFirst(left)
            state = .long(left: left - piece.count)
            if left == piece.count { try long() }
        case .content(let left):
            let piece = rest.prefix(left)
            rest = rest.dropFirst(left)
            try found(.content(piece))
            state = .content(left: left - piece.count)
            if left == piece.count { try complete(found) }
        case .padding(let left):
            try zeros(&rest, left) { .padding(left: $0) }
            if case .padding(left: 0) = state { state = .header }
        case .end(let left):
            try zeros(&rest, left) { .end(left: $0) }
            if case .end(left: 0) = state { state = .over }
        case .over: throw Malformed(offset: offset)
        }
    }

    private mutating func zeros(
        _ rest: inout ArraySlice<UInt8>, _ left: Int, _ next: (Int) -> State
    ) throws {
        let piece = rest.prefix(left)
        rest = rest.dropFirst(left)
        guard piece.allSatisfy({ $0 == 0 }) else { throw Malformed(offset: offset) }
        state = next(left - piece.count)
    }

    private var contentSize = 0

    private mutating func complete(_ found: (Event) throws -> Void) throws {
        try found(.complete)
        let padding = TarMember.padding(after: contentSize).count
        state = padding == 0 ? .header : .padding(left: padding)
    }

    private mutating func header(_ found: (Event) throws -> Void) throws {
        let block = Array(pending[blockStart...])
        if blockStart == 0, block.allSatisfy({ $0 == 0 }) {
            pending = []
            state = .end(left: TarMember.block)
            return
        }
        let type = block[156]
        guard let size = Self.number(block[124..<136]), size >= 0 else {
            throw Malformed(offset: offset)
        }
        if type == UInt8(ascii: "L") || type == UInt8(ascii: "K") {
            guard size > 0, size <= Self.longest else { throw Malformed(offset: offset) }
            longType = type
            contentSize = size
            state = .long(left: size + TarMember.padding(after: size).count)
            return
        }
        let name = longName ?? Array(block[..<100].prefix { $0 != 0 })
        let target = longTarget ?? Array(block[157..<257].prefix { $0 != 0 })
        let kind: TarMember.Kind? =
            switch type {
            case UInt8(ascii: "0"): .file
            case UInt8(ascii: "5"): .folder
            case UInt8(ascii: "2"): .link(target)
            default: nil
            }
        guard let kind, let mode = Self.number(block[100..<108]),
            let time = Self.number(block[136..<148]), let bits = UInt32(exactly: mode),
            kind == .file || size == 0
        else { throw Malformed(offset: offset) }
        let member = TarMember(name, kind, size: size, mode: bits, time: Int64(time))
        guard member.header == pending else { throw Malformed(offset: offset) }
        pending = []
        blockStart = 0
        longName = nil
        longTarget = nil
        try found(.member(member))
        contentSize = size
        state = .content(left: size)
        if size == 0 { try complete(found) }
    }

    private mutating func long() throws {
        let content = pending[(blockStart + TarMember.block)...].prefix(contentSize)
        guard content.last == 0 else { throw Malformed(offset: offset) }
        if longType == UInt8(ascii: "L") {
            longName = Array(content.dropLast())
        } else {
            longTarget = Array(content.dropLast())
        }
        blockStart = pending.count
        state = .header
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if field.first == 0x80 {
            guard field.count == 12, field.dropFirst().prefix(3).allSatisfy({ $0 == 0 }) else {
                return nil
            }
            let value = field.dropFirst(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(exactly: value)
        }
        let digits = field.prefix { $0 != 0 }
        guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
    }
}
