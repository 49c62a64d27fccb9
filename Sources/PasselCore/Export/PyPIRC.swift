/// The file `.pypirc`, from which twine, flit and hatch take indexes and how to log in to them.
///
/// Ours in it are sections, each named after its index, and the names in `index-servers`.
public struct PyPIRC: MergedFile {
    private let hasPasswords: Bool
    private static let format: Text = ".pypirc"
    private static let ownKeys = ["repository", "username", "password"]
    private static let list = Array("index-servers".utf8)
    private static let top = Array("distutils".utf8)

    /// - Parameter hasPasswords: whether it has passwords, or they stay with the keyring.
    public init(hasPasswords: Bool = true) { self.hasPasswords = hasPasswords }

    /// The name of an item's section.
    public func mark(of item: ExportItem) throws -> Text {
        let isName = item.name.bytes.allSatisfy {
            $0.isDigit || (0x61...0x7a).contains($0 | 0x20) || "-_.".utf8.contains($0)
        }
        guard isName, !item.name.bytes.isEmpty,
            !["distutils", "server-login", "DEFAULT"].contains(where: {
                item.name.bytes.elementsEqual($0.utf8)
            })
        else {
            throw Problem("\(item.name) cannot be the name of an index in \(Self.format)")
        }
        return item.name
    }

    /// As the protocol says.
    public func merging(_ items: [ExportItem], into content: Secret) throws -> Secret {
        try Self.requireReadable(content)
        var content = content
        for item in items { content = try merging(item, into: content) }
        return try listing(items.map { try mark(of: $0).bytes }, in: content)
    }

    private func merging(_ item: ExportItem, into content: Secret) throws -> Secret {
        let name = try mark(of: item)
        let url = try item.requiredURL(for: Self.format).text
        let user = try item.requiredUsername(for: Self.format)
        try check(item, url, user)
        let wanted: [(String, ContentPiece?)] = [
            ("repository", .plain(url.bytes)), ("username", .plain(user.bytes)),
            ("password", hasPasswords ? .secret(item.value) : nil),
        ]
        let file = INIFile(content)
        var edits = ContentEdits(content)
        if let section = try file.section(name.bytes, in: Self.format) {
            file.set(wanted, in: section, &edits)
        } else {
            file.add(
                name, wanted.compactMap { key, value in value.map { ["\(key) = ", $0] } }, &edits)
        }
        return edits.result
    }

    /// `%` begins an interpolation for hatch, which reads the file with Python's `ConfigParser`.
    private func check(_ item: ExportItem, _ url: Text, _ user: Text) throws {
        if hasPasswords {
            try item.requireLine(for: Self.format)
            try item.requireHeader(for: Self.format, user: user)
        }
        if let reason = ExportItem.flaw(user.bytes.withUnsafeBytes { Secret(copying: $0) }) {
            throw Problem("the user name of \(item.entry) cannot be in \(Self.format): \(reason)")
        }
        let percent = UInt8(ascii: "%")
        let hasPercent =
            url.bytes.contains(percent) || user.bytes.contains(percent)
            || hasPasswords && item.value.withBytes { $0.contains(percent) }
        guard !hasPercent else {
            throw item.unfit(
                for: Self.format, "hatch takes a % for the start of a variable and stops",
                hints: ["passel run -- twine upload ..."])
        }
    }

    /// The file with names added to its list of indexes.
    ///
    /// Without a list twine knows `pypi` and `testpypi`, so these stay known.
    private func listing(_ names: [[UInt8]], in content: Secret) throws -> Secret {
        let file = INIFile(content)
        var edits = ContentEdits(content)
        let section = try file.section(Self.top, in: Self.format)
        let option = section?.options.first { $0.key == Self.list }
        let known =
            option.map(file.words)
            ?? ["pypi", "testpypi"].map { Array($0.utf8) }.filter { name in
                file.sections.contains { $0.name == name }
            }
        var missing: [[UInt8]] = []
        for name in (option == nil ? known : []) + names
        where !missing.contains(name) && (option == nil || !known.contains(name)) {
            missing.append(name)
        }
        guard !missing.isEmpty else { return content }
        let lines: [[ContentPiece]] = missing.map { ["    \($0)"] }
        let all: [[ContentPiece]] = [["index-servers ="]] + lines
        if let last = option?.lines.last {
            file.text.insert(lines, before: last + 1, &edits)
        } else if let section {
            file.text.insert(all, before: section.insertion, &edits)
        } else if file.sections.first?.header == 0 {
            // On top, where people look for it.
            file.text.insert([["[distutils]"]] + all + [[]], before: 0, &edits)
        } else {
            file.add("distutils", all, &edits)
        }
        return edits.result
    }

    /// The lines of a section that are ours.
    public func part(_ mark: Text, of content: Secret) throws -> Secret? {
        let file = INIFile(content)
        guard let section = try file.section(mark.bytes, in: Self.format) else { return nil }
        let lines = section.options.filter(Self.isOurs).flatMap(\.lines)
        guard !lines.isEmpty else { return nil }
        return Secret(
            lines.flatMap { [.secret(content.slice(file.text.lines[$0].content)), "\n"] })
    }

    /// The password in a section; nothing when it has none.
    func value(of name: Text, in content: Secret) throws -> Secret? {
        let file = INIFile(content)
        let section = try file.section(name.bytes, in: Self.format)
        let password = section?.options.last { $0.key.elementsEqual("password".utf8) }
        return password.map(file.value).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Without a section of ours and its place in the list; of a section that has more in it, the
    /// user name and the password go.
    public func removing(_ mark: Text, from content: Secret) throws -> Secret {
        let file = INIFile(content)
        guard let section = try file.section(mark.bytes, in: Self.format) else { return content }
        var edits = ContentEdits(content)
        if section.options.allSatisfy(Self.isOurs), !hasComments(section, file) {
            file.text.remove(file.lines(of: section), &edits)
            return try unlisting(mark.bytes, in: edits.result)
        }
        let secret = section.options.filter { !$0.key.elementsEqual("repository".utf8) }
        file.text.remove(Set(secret.filter(Self.isOurs).flatMap(\.lines)), &edits)
        return edits.result
    }

    private func unlisting(_ name: [UInt8], in content: Secret) throws -> Secret {
        let file = INIFile(content)
        guard let section = try file.section(Self.top, in: Self.format),
            let option = section.options.first(where: { $0.key == Self.list })
        else { return content }
        var edits = ContentEdits(content)
        let rest = file.words(option).filter { $0 != name }
        if rest.isEmpty, section.options.count == 1, !hasComments(section, file) {
            var lines = file.lines(of: section)
            if section.header == 0, let last = lines.max(), last + 1 < file.text.lines.count,
                file.text.isBlank(last + 1)
            {
                lines.insert(last + 1)
            }
            file.text.remove(lines, &edits)
            return edits.result
        }
        for line in option.lines {
            file.text.withLine(line) { bytes in
                let words = bytes.split(whereSeparator: \.isBlank)
                guard let found = words.first(where: { $0.elementsEqual(name) }) else { return }
                let start = file.text.lines[line].content.lowerBound
                if words.count == 1 {
                    file.text.remove([line], &edits)
                } else {
                    let from = bytes[..<found.startIndex].lastIndex { !$0.isBlank }.map { $0 + 1 }
                    edits.replace(
                        (start + (from ?? found.startIndex))..<(start + found.endIndex), by: [])
                }
            }
        }
        return edits.result
    }

    private static func isOurs(_ option: INIFile.Option) -> Bool {
        ownKeys.contains { option.key.elementsEqual($0.utf8) }
    }

    private func hasComments(_ section: INIFile.Section, _ file: INIFile) -> Bool {
        let known = Set(section.options.flatMap(\.lines) + [section.header])
        return (section.header..<section.end).contains { index in
            !known.contains(index) && !file.text.isBlank(index)
        }
    }

    private static func requireReadable(_ content: Secret) throws {
        let hasMark = content.withBytes { $0.starts(with: [0xef, 0xbb, 0xbf]) }
        guard !hasMark else {
            throw Problem(
                "\(format) begins with a byte order mark, so nothing can read it",
                hints: ["sed -i '1s/^\\xEF\\xBB\\xBF//' ~/.pypirc"])
        }
    }
}
