/// Items from the `export.data` of 1Password's archive, `.1pux`.
enum OnePasswordImport {
    /// Reads it.
    ///
    /// - Parameter file: the content of a file of the archive, by its id and name.
    /// - Throws: a `Problem` for what is no such export.
    static func items(
        _ source: Secret, file: (_ id: Text, _ name: Text) throws -> Secret?
    ) throws -> ImportedItems {
        try source.withBytes { bytes in
            guard let json = JSONPlaces(bytes, parts: ImportFormat.mostParts),
                case .array(let accounts) = json["accounts"]
            else { throw Problem("its export.data is not what 1Password writes") }
            var result = ImportedItems()
            let vaults = accounts.flatMap { json.elements(json[$0, "vaults"]) }
            for vault in vaults {
                let name = json[vault, "attrs"].flatMap { json.text(json[$0, "name"]) }
                for node in json.elements(json[vault, "items"]) {
                    let item = OnePasswordItem(json: json, node: node)
                    let made = try item.made(vault: vaults.count > 1 ? name : nil, file)
                    if made.isEmpty { result.leftOut.append("\(item.title) holds nothing to keep") }
                    result.items += made
                }
            }
            return result
        }
    }
}

/// One of its items.
private struct OnePasswordItem {
    let json: JSONPlaces
    let node: JSONPlaces.Node

    var title: Text {
        json[node, "overview"].flatMap { json.text(json[$0, "title"]) } ?? "unnamed"
    }

    /// The entry, and one for each file that belongs to it.
    func made(
        vault: Text?, _ file: (Text, Text) throws -> Secret?
    ) throws -> [ImportedItem] {
        let details = json[node, "details"]
        let fields = json.elements(member(details, "loginFields"))
        var username = fields.first { json.text(json[$0, "designation"]) == "username" }
            .flatMap { json.text(json[$0, "value"]) }
        let password = fields.first { json.text(json[$0, "designation"]) == "password" }
            .flatMap { json.secret(json[$0, "value"]) }
        var content = ImportedContent(secret: password ?? json.secret(member(details, "password")))
        var rest: [(name: Text, kind: Text, value: JSONPlaces.Node)] = []
        var documents = [member(details, "documentAttributes")].compactMap(\.self)
        for section in json.elements(member(details, "sections")) {
            for field in json.elements(json[section, "fields"]) {
                guard let (kind, value) = json.members(json[field, "value"]).first else { continue }
                let id = json.text(json[field, "id"])
                let name = json.text(json[field, "title"]) ?? id ?? kind
                // What an API credential, a server or a database keeps its secret in.
                let isSecret = ["credential", "password"].contains(id) || kind == "sshKey"
                if kind == "file" {
                    documents.append(value)
                } else if isSecret, !content.hasSecret,
                    let secret = json.secret(value) ?? json.secret(json[value, "privateKey"])
                {
                    content.addSecret(secret, key: name)
                } else if username == nil, id == "username", let user = json.text(value) {
                    username = user
                } else {
                    rest.append((name, kind, value))
                }
            }
        }
        content.add("username", username)
        addAddresses(&content)
        for (name, kind, value) in rest { add(name, kind, value, username, &content) }
        for field in fields {
            guard json.text(json[field, "designation"]) ?? "" == "",
                let value = json.value(json[field, "value"])
            else { continue }
            content.add(json.text(json[field, "name"]) ?? "field", value)
        }
        let tags = json[node, "overview"].flatMap { json.texts(json[$0, "tags"]) } ?? []
        if !tags.isEmpty { content.add("tags", tags.joined(separator: ", ")) }
        if let notes = json.secret(member(details, "notesPlain")) { content.addNotes(notes) }
        let place = (vault.map { [$0] } ?? []) + [title]
        let files = try documents.compactMap { try item($0, in: place, file) }
        guard !content.isEmpty else { return files }
        return [ImportedItem(place: place, account: username, content: content.content)] + files
    }

    private func addAddresses(_ content: inout ImportedContent) {
        guard let overview = json[node, "overview"] else { return }
        let first = json.text(json[overview, "url"])
        content.add("url", first)
        for other in json.elements(json[overview, "urls"]) {
            let url = json.text(json[other, "url"])
            if url != first { content.add("url", url) }
        }
    }

    private func add(
        _ name: Text, _ kind: Text, _ value: JSONPlaces.Node, _ username: Text?,
        _ content: inout ImportedContent
    ) {
        switch kind {
        case "totp":
            if let key = json.secret(value) {
                content.addOneTimeKey(key, title: title, account: username)
            }
        case "date":
            if let second = Instant(claimed: json.integer(value)) {
                let key: Text = isEnd(name) ? "expires" : name
                content.add(key, Day(second: second.second).spelling)
            }
        case "email":
            content.add(name, json.secret(value) ?? json.secret(json[value, "email_address"]))
        case "monthYear": content.add(name, json.value(value))
        case "address", "sshKey":
            for (part, value) in json.members(value) {
                content.add("\(name) \(part)", json.value(value))
            }
        case "reference": return
        default: content.add(name, json.value(value))
        }
    }

    /// Whether a date is the end of what the item is about.
    private func isEnd(_ name: Text) -> Bool {
        ["expires", "expiry date", "expiration date", "valid to"].contains(
            String(decoding: name.bytes.map(\.asciiLowercased), as: UTF8.self))
    }

    /// A file, as an entry below the item's.
    private func item(
        _ document: JSONPlaces.Node, in place: [Text], _ file: (Text, Text) throws -> Secret?
    ) throws -> ImportedItem? {
        guard let id = json.text(json[document, "documentId"]),
            let name = json.text(json[document, "fileName"]), let content = try file(id, name)
        else { return nil }
        return ImportedItem(place: place + [name], content: content)
    }

    private func member(_ node: JSONPlaces.Node?, _ key: String) -> JSONPlaces.Node? {
        node.flatMap { json[$0, key] }
    }
}
