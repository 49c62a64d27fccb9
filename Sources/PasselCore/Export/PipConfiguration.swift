/// The file `pip.conf`: the index that packages come from, with the login in its address.
///
/// Ours in it is the line `index-url` of the section `[global]`.
public struct PipConfiguration: MergedFile {
    private let hasPassword: Bool
    private static let format: Text = "pip.conf"
    private static let section = Array("global".utf8)
    private static let key = "index-url"

    /// - Parameter hasPassword: whether the address has the password, or it stays with the keyring.
    public init(hasPassword: Bool = true) { self.hasPassword = hasPassword }

    /// There is one index only.
    public func mark(of item: ExportItem) throws -> Text { Text(Self.key.utf8) }

    /// As the protocol says.
    public func merging(_ items: [ExportItem], into content: Secret) throws -> Secret {
        guard let item = items.first, items.count == 1 else {
            throw Problem(
                "pip takes packages from one index, but \(items.count) values are given",
                hints: ["give one entry, which has the fields url and username"])
        }
        let url = try item.requiredURL(for: Self.format)
        let user = try item.requiredUsername(for: Self.format)
        if hasPassword {
            if item.value.isEmpty { throw item.unfit(for: Self.format, "it is empty") }
            try item.requireHeader(for: Self.format, user: user)
        }
        let name = Self.encoded(user.bytes.withUnsafeBytes { Secret(copying: $0) })
        let value = Secret(
            ["\(url.scheme)://", .secret(name)]
                + (hasPassword ? [":", .secret(Self.encoded(item.value))] : [])
                + ["@\(url.host)\(url.path)"])
        let file = INIFile(content)
        var edits = ContentEdits(content)
        if let section = try file.section(Self.section, in: Self.format) {
            if let known = option(section) {
                file.text.replace(known.lines[0], by: ["\(Self.key) = ", .secret(value)], &edits)
                file.text.remove(Set(known.lines.dropFirst()), &edits)
            } else {
                file.set([(Self.key, .secret(value))], in: section, &edits)
            }
        } else {
            file.add("global", [["\(Self.key) = ", .secret(value)]], &edits)
        }
        return edits.result
    }

    /// pip takes `_` for `-`.
    private func option(_ section: INIFile.Section) -> INIFile.Option? {
        section.options.first { option in
            option.key.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
                .elementsEqual(Self.key.utf8)
        }
    }

    /// The bytes as they stand before the `@` of an address: RFC 3986 §3.2.1, nothing reserved bare.
    private static func encoded(_ value: Secret) -> Secret {
        value.replacing { byte in
            let isBare =
                byte.isDigit || (0x61...0x7a).contains(byte | 0x20) || "-._~".utf8.contains(byte)
            return isBare && byte < 0x80 ? nil : Array("%\([byte].hex)".utf8)
        }
    }

    /// The lines of the index.
    public func part(_ mark: Text, of content: Secret) throws -> Secret? {
        let file = INIFile(content)
        guard let section = try file.section(Self.section, in: Self.format),
            let option = option(section)
        else { return nil }
        return Secret(
            option.lines.flatMap { [.secret(content.slice(file.text.lines[$0].content)), "\n"] })
    }

    /// Without the index, and without its section when nothing else is in it.
    public func removing(_ mark: Text, from content: Secret) throws -> Secret {
        let file = INIFile(content)
        guard let section = try file.section(Self.section, in: Self.format),
            let option = option(section)
        else { return content }
        var edits = ContentEdits(content)
        let lines = file.lines(of: section)
        let kept = lines.subtracting(option.lines).filter { $0 > section.header }
        file.text.remove(kept.isEmpty ? lines : Set(option.lines), &edits)
        return edits.result
    }
}
