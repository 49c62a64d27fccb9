/// The file `.netrc`, from which curl, git, pip and Python take logins for hosts.
///
/// Ours in it are entries `machine HOST login NAME password SECRET`, one for each host.
public struct NetRC: MergedFile {
    private static let format: Text = ".netrc"

    /// The format.
    public init() {}

    /// The host.
    public func mark(of item: ExportItem) throws -> Text {
        Text(try item.requiredURL(for: Self.format).hostName)
    }

    /// As the protocol says; entries are added before `default`, behind which nothing is read.
    public func merging(_ items: [ExportItem], into content: Secret) throws -> Secret {
        var content = content
        for item in items { content = try merging(item, into: content) }
        return content
    }

    private func merging(_ item: ExportItem, into content: Secret) throws -> Secret {
        let host = try mark(of: item)
        let user = try item.requiredUsername(for: Self.format)
        let entry: [ContentPiece] = [
            "machine \(host) login ",
            try word(user.bytes.withUnsafeBytes { Secret(copying: $0) }, item),
            " password ", try word(item.value, item),
        ]
        let file = NetRCPlaces(content)
        var edits = ContentEdits(content)
        let found = file.machines.filter { $0.host == host.bytes }
        if let first = found.first {
            edits.replace(first.range, by: entry)
            for other in found.dropFirst() { edits.replace(other.range, by: []) }
            return edits.result
        }
        let lines = ContentLines(content)
        if let place = file.defaultEntry {
            edits.insert(entry + [.plain(lines.ending)], at: place)
        } else {
            // A macro lasts until a blank line.
            let apart: [[ContentPiece]] = file.endsInMacro ? [[]] : []
            lines.insert(apart + [entry], before: lines.lines.count, &edits)
        }
        return edits.result
    }

    /// A word of the file: bare where every reader takes it so, else between quotes, which curl
    /// knows since 7.84.
    private func word(_ value: Secret, _ item: ExportItem) throws -> ContentPiece {
        if let reason = ExportItem.flaw(value), reason != "it begins or ends in a blank" {
            throw item.unfit(for: Self.format, reason)
        }
        return value.withBytes { bytes in
            let isBare = bytes.allSatisfy {
                $0.isDigit || (0x61...0x7a).contains($0 | 0x20) || "_./:@%+,=~-".utf8.contains($0)
            }
            if isBare { return .secret(value) }
            let escaped = value.replacing { "\"\\".utf8.contains($0) ? [0x5c, $0] : nil }
            return .secret(Secret("\"", escaped, "\""))
        }
    }

    /// The entry of a host.
    public func part(_ mark: Text, of content: Secret) throws -> Secret? {
        let found = NetRCPlaces(content).machines.first { $0.host == mark.bytes }
        return found.map { content.slice($0.range) }
    }

    /// Without the entries of a host, and without the lines that they alone stood on.
    public func removing(_ mark: Text, from content: Secret) throws -> Secret {
        let found = NetRCPlaces(content).machines.filter { $0.host == mark.bytes }
        var edits = ContentEdits(content)
        let lines = ContentLines(content)
        var whole: Set<Int> = []
        for machine in found {
            let touched = lines.lines.indices.filter {
                lines.lines[$0].all.overlaps(machine.range)
            }
            guard let first = touched.first, let last = touched.last else { continue }
            let isAlone = content.withBytes { bytes in
                bytes[lines.lines[first].content.lowerBound..<machine.range.lowerBound]
                    .allSatisfy(\.isBlank)
                    && bytes[machine.range.upperBound..<lines.lines[last].content.upperBound]
                        .allSatisfy(\.isBlank)
            }
            if isAlone {
                whole.formUnion(touched)
            } else {
                edits.replace(machine.range, by: [])
            }
        }
        lines.remove(whole, &edits)
        return edits.result
    }
}

/// The places of the entries of a `.netrc`.
private struct NetRCPlaces {
    struct Machine {
        let host: [UInt8]
        var range: Range<Int>
    }

    private(set) var machines: [Machine] = []
    private(set) var defaultEntry: Int?
    private(set) var endsInMacro = false

    init(_ content: Secret) {
        content.withBytes { read($0) }
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) {
        var place = 0
        var isInMachine = false
        while let token = Self.token(bytes, &place) {
            switch token.text(bytes) {
            case "machine":
                guard let host = Self.token(bytes, &place) else { return }
                machines.append(
                    Machine(
                        host: host.word(bytes),
                        range: token.range.lowerBound..<host.range.upperBound))
                isInMachine = true
            case "default":
                defaultEntry = defaultEntry ?? token.range.lowerBound
                isInMachine = false
            case "macdef":
                isInMachine = false
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
                    machines[machines.count - 1].range =
                        machines[machines.count - 1].range.lowerBound..<value.range.upperBound
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

        /// The word without its quotes.
        func word(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
            let raw = bytes[range]
            guard raw.first == UInt8(ascii: "\"") else { return Array(raw) }
            return Array(raw.dropFirst().prefix { $0 != UInt8(ascii: "\"") })
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
