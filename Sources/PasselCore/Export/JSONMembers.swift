/// The places of the members of an object in a JSON text that is known to be well formed.
struct JSONMembers {
    /// A member: its key without quotes, from the key's first quote to the value's end.
    struct Member {
        let key: [UInt8]
        let all: Range<Int>
        let value: Range<Int>
    }

    private(set) var members: [Member] = []
    /// Where the object's brace is.
    let open: Int
    /// Where its closing brace is.
    private(set) var close = 0

    /// Reads the object whose brace is the first byte at or behind a place that is no blank; nothing
    /// for another kind of value.
    init?(_ bytes: UnsafeRawBufferPointer, at start: Int) {
        var place = start
        Self.skipBlanks(bytes, &place)
        guard place < bytes.count, bytes[place] == UInt8(ascii: "{") else { return nil }
        open = place
        place += 1
        while true {
            Self.skipBlanks(bytes, &place)
            guard place < bytes.count else { return nil }
            if bytes[place] == UInt8(ascii: "}") { break }
            if bytes[place] == UInt8(ascii: ",") {
                place += 1
                continue
            }
            let first = place
            Self.skipString(bytes, &place)
            let key = JSONPlaces.unescaped(bytes[(first + 1)..<max(first + 1, place - 1)])
            Self.skipBlanks(bytes, &place)
            place += 1
            Self.skipBlanks(bytes, &place)
            let value = place
            Self.skipValue(bytes, &place)
            guard place <= bytes.count, value < place else { return nil }
            members.append(Member(key: key, all: first..<place, value: value..<place))
        }
        close = place
    }

    /// The member with a key.
    subscript(_ key: String) -> Member? { members.first { $0.key.elementsEqual(key.utf8) } }

    private static func skipBlanks(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
    }

    private static func skipString(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        place += 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        place += 1
    }

    private static func skipValue(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        var depth = 0
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                skipString(bytes, &place)
                if depth == 0 { return }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
                if depth == 0 {
                    place += 1
                    return
                }
            case UInt8(ascii: ","), 0...0x20:
                if depth == 0 { return }
            default: break
            }
            place += 1
        }
    }
}
