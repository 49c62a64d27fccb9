/// The places of the entries of a `.netrc`.
struct NetRCPlaces {
    /// The entry of a host.
    struct Machine {
        /// Nothing for `default`, the entry of all others.
        let host: [UInt8]?
        /// All of it.
        var range: Range<Int>
        /// Words as they stand, quotes included.
        var login: Range<Int>?
        var account: Range<Int>?
        var password: Range<Int>?
    }

    private let content: Secret
    private(set) var machines: [Machine] = []
    private(set) var hasMacros = false
    private(set) var endsInMacro = false

    /// Where the entry of all other hosts begins, behind which nothing is read.
    var defaultEntry: Int? { machines.first { $0.host == nil }?.range.lowerBound }

    init(_ content: Secret) {
        self.content = content
        content.withBytes { read($0) }
    }

    /// A word without its quotes, and without the backslashes between them.
    func word(_ range: Range<Int>) -> Secret {
        let raw = content.slice(range)
        return raw.withBytes { bytes in
            guard bytes.first == UInt8(ascii: "\"") else { return raw }
            return Secret(capacity: bytes.count) { memory in
                var used = 0
                var rest = bytes.dropFirst()
                while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
                    let isEscape = byte == UInt8(ascii: "\\") && !rest.isEmpty
                    memory[used] = isEscape ? rest.removeFirst() : byte
                    used += 1
                }
                return used
            }
        }
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) {
        var place = 0
        var isInMachine = false
        while let token = Self.token(bytes, &place) {
            let keyword = token.text(bytes)
            switch keyword {
            case "machine":
                guard let host = Self.token(bytes, &place) else { return }
                machines.append(
                    Machine(
                        host: word(host.range).withBytes { Array($0) },
                        range: token.range.lowerBound..<host.range.upperBound))
                isInMachine = true
            case "default":
                machines.append(Machine(host: nil, range: token.range))
                isInMachine = true
            case "macdef":
                isInMachine = false
                hasMacros = true
                // The macro ends with a blank line.
                endsInMacro = true
                while let newline = bytes[place...].firstIndex(of: .newline) {
                    place = newline + 1
                    if place < bytes.count, bytes[place] == .newline {
                        endsInMacro = false
                        break
                    }
                }
                if endsInMacro { return }
            case "login", "user", "account", "password":
                guard let value = Self.token(bytes, &place) else { return }
                if isInMachine {
                    machines[machines.count - 1].set(keyword, value.range)
                }
            default:
                // A comment lasts to the end of its line.
                if bytes[token.range.lowerBound] == UInt8(ascii: "#") {
                    place = bytes[token.range.lowerBound...].firstIndex(of: .newline) ?? bytes.count
                }
            }
        }
    }

    private struct Token {
        let range: Range<Int>

        /// A keyword as a string; a longer word is none.
        func text(_ bytes: UnsafeRawBufferPointer) -> String {
            range.count > 8 ? "" : String(decoding: bytes[range], as: UTF8.self)
        }
    }

    /// The next word between blanks and line ends; between quotes there may be blanks.
    private static func token(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> Token? {
        let isSpace: (UInt8) -> Bool = { $0 <= 0x20 }
        while place < bytes.count, isSpace(bytes[place]) { place += 1 }
        guard place < bytes.count else { return nil }
        let start = place
        if bytes[place] == UInt8(ascii: "\"") {
            place += 1
            while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
                place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
            }
            place = min(place + 1, bytes.count)
        } else {
            while place < bytes.count, !isSpace(bytes[place]) { place += 1 }
        }
        return Token(range: start..<place)
    }
}

extension NetRCPlaces.Machine {
    /// Takes up a value that stands behind a keyword.
    fileprivate mutating func set(_ keyword: String, _ value: Range<Int>) {
        range = range.lowerBound..<value.upperBound
        switch keyword {
        case "password": password = value
        case "account": account = value
        default: login = value
        }
    }
}
