/// The file `.netrc`, from which curl, git, pip and Python take logins for hosts.
///
/// Ours in it are entries `machine HOST login NAME password SECRET`, one for each host.
public struct NetRC: MergedFile {
    private static let format: Text = ".netrc"
    /// Without its end: curl reads 4095 bytes at a time (`parsenetrc`).
    private static let longestLine = 4094

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
        try item.requireHeader(for: Self.format, user: user)
        guard entry.reduce(0, { $0 + $1.count }) <= Self.longestLine else {
            throw item.unfit(for: Self.format, "curl reads no line of more than 4 KB")
        }
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

    /// The password for a host; nothing when there is none.
    func value(of host: Text, in content: Secret) -> Secret? {
        let file = NetRCPlaces(content)
        let found = file.machines.first { $0.host == host.bytes }
        return found?.password.map(file.word)
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
