/// Items from Bitwarden's JSON export, not encrypted, of a person or an organisation.
enum BitwardenImport {
    static func items(_ source: Secret) throws -> ImportedItems {
        try source.withBytes { bytes in
            guard let json = JSONPlaces(bytes, parts: ImportFormat.mostParts) else {
                throw Problem("it is not JSON as Bitwarden writes it")
            }
            if case .bool(true) = json["encrypted"] {
                throw Problem(
                    "the export is encrypted for the account it came from, which alone can open it",
                    hints: ["export it again, as .json, or as .json (encrypted) with a password"])
            }
            guard case .array(let nodes) = json["items"] else {
                throw Problem("it has no \"items\", so it is no export of Bitwarden")
            }
            var folders: [Text: Text] = [:]
            for folder in json.elements(json["folders"]) + json.elements(json["collections"]) {
                if let id = json.text(json[folder, "id"]) {
                    folders[id] = json.text(json[folder, "name"])
                }
            }
            var result = ImportedItems()
            for node in nodes {
                let item = BitwardenItem(json: json, node: node)
                guard let made = item.made(in: folders) else {
                    result.leftOut.append("\(item.name) holds nothing to keep")
                    continue
                }
                if item.isDeleted {
                    result.leftOut.append("\(item.name) is in the trash")
                } else {
                    result.items.append(made)
                }
            }
            return result
        }
    }
}

/// One of its items.
private struct BitwardenItem {
    let json: JSONPlaces
    let node: JSONPlaces.Node

    var name: Text { json.text(json[node, "name"]) ?? "unnamed" }
    var isDeleted: Bool { json.text(json[node, "deletedDate"]) != nil }

    func made(in folders: [Text: Text]) -> ImportedItem? {
        let login = json[node, "login"]
        let key = json[node, "sshKey"]
        let username = json.text(member(login, "username"))
        var content = ImportedContent(
            secret: json.secret(member(login, "password"))
                ?? json.secret(member(key, "privateKey")))
        content.add("username", username)
        for uri in json.elements(member(login, "uris")) {
            content.add("url", json.text(json[uri, "uri"]))
        }
        if let totp = json.secret(member(login, "totp")) {
            content.addOneTimeKey(totp, title: name, account: username)
        }
        for (word, value) in json.members(key) where word != "privateKey" {
            content.add(word == "keyFingerprint" ? "fingerprint" : word, json.value(value))
        }
        // A card or an identity: everything that is said of it.
        for (word, value) in json.members(json[node, "card"]) {
            if word == "number", let number = json.secret(value) {
                content.addSecret(number, key: word)
            } else {
                content.add(word, json.value(value))
            }
        }
        for (word, value) in json.members(json[node, "identity"]) {
            content.add(word, json.value(value))
        }
        for field in json.elements(json[node, "fields"]) {
            guard let value = json.secret(json[field, "value"]) else { continue }
            content.add(json.text(json[field, "name"]) ?? "field", value)
        }
        if let notes = json.secret(json[node, "notes"]) { content.addNotes(notes) }
        guard !content.isEmpty else { return nil }
        return ImportedItem(
            place: folder(folders) + [name], account: username, content: content.content)
    }

    private func folder(_ folders: [Text: Text]) -> [Text] {
        let ids =
            [json.text(json[node, "folderId"])]
            + json.elements(json[node, "collectionIds"]).map { json.text($0) }
        guard let name = ids.lazy.compactMap({ $0.flatMap { folders[$0] } }).first else {
            return []
        }
        return name.bytes.split(separator: .slash).map { Text($0) }
    }

    private func member(_ node: JSONPlaces.Node?, _ key: String) -> JSONPlaces.Node? {
        node.flatMap { json[$0, key] }
    }
}

extension JSONPlaces {
    /// A string, number or truth value as a text; nothing for anything else.
    func value(_ node: Node?) -> Secret? {
        switch node {
        case .string: secret(node)
        case .number(let place): digits(place).bytes.withUnsafeBytes { Secret(copying: $0) }
        case .bool(let value): Secret(plain: value ? "true" : "false")
        default: nil
        }
    }
}

extension ImportedContent {
    /// A field; nothing where there is no value.
    mutating func add(_ key: Text, _ value: Secret?) {
        if let value { add(key, value) }
    }
}
