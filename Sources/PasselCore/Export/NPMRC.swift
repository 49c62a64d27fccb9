/// The file `.npmrc`, from which npm takes tokens for registries.
///
/// Ours in it are lines `//HOST/PATH/:_authToken=TOKEN`, or `:_auth=` where there is a user name.
public struct NPMRC: MergedFile {
    private static let format: Text = ".npmrc"
    /// What logs in to a registry, of which there is to be one way only.
    private static let logins = ["_authToken", "_auth", "username", "_password"]

    /// The format.
    public init() {}

    /// The registry: `//HOST/PATH/`.
    public func mark(of item: ExportItem) throws -> Text {
        let url = try item.requiredURL(for: Self.format)
        let path = url.path.last == .slash ? url.path : url.path + [.slash]
        return "//\(url.host)\(path)"
    }

    /// As the protocol says; lines are added before the first section, within which npm reads none.
    public func merging(_ items: [ExportItem], into content: Secret) throws -> Secret {
        var content = content
        for item in items { content = try merging(item, into: content) }
        return content
    }

    private func merging(_ item: ExportItem, into content: Secret) throws -> Secret {
        let registry = try mark(of: item)
        try check(item)
        var line: [ContentPiece] = ["\(registry):_authToken=", .secret(item.value)]
        if let user = user(of: item) {
            let pair = Secret([.plain(user.bytes), ":", .secret(item.value)])
            line = ["\(registry):_auth=", .secret(Base64.padded(pair))]
        }
        let lines = ContentLines(content)
        var edits = ContentEdits(content)
        var known = own(registry, lines)
        if known.isEmpty {
            let section = lines.lines.indices.first { index in
                lines.withLine(index) { $0.first { !$0.isBlank } == UInt8(ascii: "[") }
            }
            lines.insert([line], before: section ?? lines.lines.count, &edits)
        } else {
            lines.replace(known.removeFirst(), by: line, &edits)
            lines.remove(Set(known), &edits)
        }
        return edits.result
    }

    /// npm reads `${NAME}` as a variable, `;` and `#` as the start of a comment, and takes quotes
    /// and backslashes away.
    private func check(_ item: ExportItem) throws {
        try item.requireHeader(for: Self.format, user: user(of: item) ?? "")
        if let user = user(of: item), user.bytes.contains(UInt8(ascii: ":")) {
            throw Problem("the user name of \(item.entry) has a colon, after which npm ends it")
        }
        guard user(of: item) == nil else { return }
        try item.requireLine(for: Self.format)
        let hasMark = item.value.withBytes { bytes in
            bytes.contains { ";#\"'\\$[] ".utf8.contains($0) }
        }
        guard !hasMark else {
            throw item.unfit(for: Self.format, "it has a character that npm takes for a mark")
        }
    }

    /// npm's own tokens are given without a user, whatever the entry says of one.
    private func user(of item: ExportItem) -> Text? { item.kind == "npm" ? nil : item.username }

    /// The lines that log in to a registry.
    private func own(_ registry: Text, _ lines: ContentLines) -> [Int] {
        let keys = Self.logins.map { registry.bytes + Array(":\($0)".utf8) }
        return lines.lines.indices.filter { index in
            lines.withLine(index) { bytes in
                guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else { return false }
                let key = bytes[..<equals].trimmingBlanks
                return keys.contains(key)
            }
        }
    }

    /// The lines that log in to a registry.
    public func part(_ mark: Text, of content: Secret) throws -> Secret? {
        let lines = ContentLines(content)
        let own = own(mark, lines)
        guard !own.isEmpty else { return nil }
        return Secret(own.flatMap { [.secret(content.slice(lines.lines[$0].content)), "\n"] })
    }

    /// What logs in to a registry: its token or password; nothing when there is none.
    func value(of registry: Text, in content: Secret) -> Secret? {
        NPMRCImport.registries(in: content).registries
            .first { $0.mark == registry }?.login?.secret
    }

    /// Without the lines that log in to a registry.
    public func removing(_ mark: Text, from content: Secret) throws -> Secret {
        let lines = ContentLines(content)
        var edits = ContentEdits(content)
        lines.remove(Set(own(mark, lines)), &edits)
        return edits.result
    }
}
