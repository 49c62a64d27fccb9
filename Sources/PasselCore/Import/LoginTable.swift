/// Rows of logins with named columns, as password managers and browsers write them.
///
/// What a column is follows from its name; a column that is not known becomes a field of that name.
struct LoginTable {
    /// What a column holds.
    enum Role: Equatable {
        case folder, title, username, password, url, oneTimeKey, notes
        /// Lines `name: value`.
        case fields
        case field(Text)
        case ignored
    }

    /// What stands between the names of nested folders.
    var folderSeparator: UInt8 = .slash
    /// Addresses that stand for none.
    var noURL: [Text] = []

    private static let roles: [(Role, [String])] = [
        (.folder, ["folder", "grouping", "group", "collections", "vault"]),
        (.title, ["title", "name", "account"]),
        (.username, ["username", "user name", "user", "login", "login_username", "login name"]),
        (.password, ["password", "login_password", "pass", "secret"]),
        (.url, ["url", "website", "web site", "login_uri", "uri", "urls"]),
        (.oneTimeKey, ["totp", "otp", "otpauth", "login_totp"]),
        (.notes, ["notes", "note", "extra", "comments", "comment"]),
        (.fields, ["fields"]),
        (
            .ignored,
            [
                "icon", "last modified", "favorite", "fav", "reprompt", "archived", "archiveddate",
                "guid", "formactionorigin", "timecreated", "timelastused", "timepasswordchanged",
            ]
        ),
    ]

    /// What a column of this name holds; only the first of a role has it.
    static func roles(of header: [Text]) -> [Role] {
        var seen: [Role] = []
        return header.map { name in
            let word = String(
                decoding: name.bytes.trimmingBlanks.map(\.asciiLowercased), as: UTF8.self)
            let role = Self.roles.first { $0.1.contains(word) }?.0 ?? .field(name)
            guard role == .ignored || !seen.contains(role) else { return .field(name) }
            seen.append(role)
            return role
        }
    }

    /// The entry of a row; nothing where the row holds nothing to keep.
    func item(_ cells: [(role: Role, value: Secret)]) -> ImportedItem? {
        var folder: [Text] = []
        var (title, username, url): (Text?, Text?, Text?) = (nil, nil, nil)
        var password: Secret?
        for (role, value) in cells where !value.isEmpty {
            switch role {
            case .folder:
                folder = value.asText.bytes.split(separator: folderSeparator).map { Text($0) }
            case .title: title = value.asText
            case .username: username = value.asText
            case .password: password = value
            case .url: url = noURL.contains(value.asText) ? nil : value.asText
            default: continue
            }
        }
        let name = title ?? url ?? username ?? "unnamed"
        var content = ImportedContent(secret: password)
        content.add("username", username)
        content.add("url", url)
        for (role, value) in cells {
            switch role {
            case .oneTimeKey: content.addOneTimeKey(value, title: name, account: username)
            case .notes: content.addNotes(value)
            case .fields: content.addNamed(value)
            case .field(let key): content.add(key, value)
            default: continue
            }
        }
        guard !content.isEmpty else { return nil }
        return ImportedItem(place: folder + [name], account: username, content: content.content)
    }
}

extension ImportedContent {
    /// Fields that stand in lines `name: value`.
    fileprivate mutating func addNamed(_ text: Secret) {
        let lines = ContentLines(text)
        for line in lines.lines {
            let value = text.slice(line.content)
            let colon = value.withBytes { $0.firstIndex(of: UInt8(ascii: ":")) }
            guard let colon else {
                addNotes(value)
                continue
            }
            add(value.slice(0..<colon).asText, value.slice((colon + 1)..<value.count))
        }
    }
}
