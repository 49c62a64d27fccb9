/// Logins from a CSV file with a header: of Bitwarden, 1Password, LastPass, KeePass, KeePassXC,
/// browsers, or anybody.
struct CSVImport {
    let format: ImportFormat

    func items(_ source: Secret) throws -> ImportedItems {
        for (mark, name) in [("{", "JSON"), ("<", "XML")] as [(Unicode.Scalar, Text)]
        where source.begins(with: mark) {
            throw Problem("it is \(name), and this format has a table: comma-separated values")
        }
        do {
            return try read(source)
        } catch let flaw as CSVTable.Flaw {
            throw Problem(
                "line \(flaw.line): \(flaw.reason)",
                hints: flaw.reason.bytes.ends(with: "UTF-8")
                    ? ["iconv -f latin1 -t utf8 FILE > CONVERTED"]
                    : ["nothing was imported; export it again, or mend that line"])
        }
    }

    private func read(_ source: Secret) throws -> ImportedItems {
        let table = try CSVTable(source, escape: isOfKeePass(source) ? .backslash : .doubled)
        var roles = LoginTable.roles(of: table.header)
        guard roles.contains(.password) || roles.contains(.oneTimeKey) else {
            let names = table.header.map { "\"\($0)\"" as Text }.joined(separator: ", ")
            throw Problem(
                "no column is called password; the first line names the columns: \(names)",
                hints: ["write them into its first line: title,username,password,url,notes"])
        }
        if format == .bitwarden, let type = table.column("type") { roles[type] = .ignored }
        if format == .keepass, let made = table.column("created") { roles[made] = .ignored }
        var logins = LoginTable()
        if format == .lastpass {
            logins.folderSeparator = UInt8(ascii: "\\")
            logins.noURL = ["http://sn"]
        }
        var result = ImportedItems()
        for row in table.rows {
            let cells = roles.indices.map { (roles[$0], table.secret(row, $0)) }
            if format == .lastpass, cells.contains(where: { $0.1.mayBeEscaped }) {
                result.leftOut.append(
                    "line \(row.line) has &amp;, &lt; or &gt; in it, as LastPass sometimes writes &, < and >: look at it"
                )
            }
            if let item = logins.item(cells) {
                result.items.append(item)
            } else {
                result.leftOut.append("line \(row.line) holds nothing to keep")
            }
        }
        if format == .keepass { result.dropSharedFolder() }
        return result
    }

    /// KeePass 2 writes `\"` for a quote, under these five names.
    private func isOfKeePass(_ source: Secret) -> Bool {
        source.withBytes { bytes in
            let head = "\"Account\",\"Login Name\",\"Password\",\"Web Site\",\"Comments\""
            return bytes.starts(with: head.utf8)
                || bytes.dropFirst(3).starts(with: head.utf8) && bytes.starts(with: [0xef])
        }
    }
}

extension Secret {
    /// Whether it has what HTML writes for `&`, `<` and `>`.
    fileprivate var mayBeEscaped: Bool {
        withBytes { bytes in
            bytes.indices.contains { place in
                bytes[place] == UInt8(ascii: "&")
                    && ["&amp;", "&lt;", "&gt;"].contains { bytes[place...].starts(with: $0.utf8) }
            }
        }
    }
}

extension ImportedItems {
    /// Without the outermost folder, where all items have the same: the database's own name.
    mutating func dropSharedFolder() {
        guard let first = items.first?.place.first,
            items.allSatisfy({ $0.place.count > 1 && $0.place[0] == first })
        else { return }
        items = items.map {
            ImportedItem(
                place: Array($0.place.dropFirst()), account: $0.account, content: $0.content)
        }
    }
}
