/// Entries from KeePass's XML export, version 2, as KeePass and KeePassXC write it.
///
/// What was in an entry before, and the recycle bin, stay behind.
enum KeePassImport {
    static func items(_ source: Secret, inflater: some Inflater) throws -> ImportedItems {
        do {
            return try source.withBytes { bytes in
                guard bytes.isUTF8 else { throw Problem("it is not XML in UTF-8") }
                let tree = try XMLTree(bytes)
                guard tree.root.name == Array("KeePassFile".utf8),
                    let top = tree.root["Root"]?["Group"]
                else {
                    throw Problem(
                        "it is not the XML of KeePass 2",
                        hints: ["keepassxc-cli export -f xml DATABASE > FILE"])
                }
                var reader = KeePassReader(tree: tree, inflater: inflater)
                try reader.readBinaries()
                try reader.read(group: top, in: [])
                return reader.result
            }
        } catch let flaw as XMLReader.Flaw {
            throw Problem("line \(flaw.line): \(flaw.reason)")
        }
    }
}

/// Walks through the groups.
private struct KeePassReader<Unpacker: Inflater> {
    let tree: XMLTree
    let inflater: Unpacker
    var result = ImportedItems()
    private var binaries: [Text: Secret] = [:]
    private let bin: Text?

    init(tree: XMLTree, inflater: Unpacker) {
        self.tree = tree
        self.inflater = inflater
        // What cannot be read is told where it is needed.
        bin = tree.root["Meta"]?["RecycleBinUUID"].flatMap { try? tree.text($0).asText }
    }

    mutating func readBinaries() throws {
        for node in tree.root["Meta"]?["Binaries"]?.all("Binary") ?? [] {
            guard let id = try tree.attribute("ID", of: node) else { continue }
            binaries[id] = try content(of: node)
        }
    }

    private func content(of node: XMLTree.Node) throws -> Secret {
        let text = try tree.text(node)
        guard let packed = text.withBytes({ Base64.decode($0, .standard, hasLines: true) }) else {
            throw Problem("an attachment is not Base64")
        }
        return try tree.attribute("Compressed", of: node) == "True"
            ? inflater.gunzip(packed) : packed
    }

    mutating func read(group: XMLTree.Node, in folder: [Text]) throws {
        for entry in group.all("Entry") { try read(entry: entry, in: folder) }
        for child in group.all("Group") {
            if let bin, try child["UUID"].map({ try tree.text($0).asText }) == bin {
                let count = child.count(of: "Entry")
                if count > 0 {
                    let entries = count == 1 ? "1 entry" : "\(count) entries"
                    result.leftOut.append("\(entries) of the recycle bin")
                }
                continue
            }
            let name = try child["Name"].map { try tree.text($0).asText } ?? "unnamed"
            try read(group: child, in: folder + [name])
        }
    }

    private mutating func read(entry: XMLTree.Node, in folder: [Text]) throws {
        var strings: [(key: Text, value: Secret)] = []
        for string in entry.all("String") {
            guard let key = string["Key"], let value = string["Value"] else { continue }
            guard try tree.attribute("Protected", of: value) != "True" else {
                throw Problem(
                    "the passwords in it are still encrypted",
                    hints: ["keepassxc-cli export -f xml DATABASE > FILE"])
            }
            strings.append((try tree.text(key).asText, try tree.text(value)))
        }
        func known(_ key: Text) -> Secret? {
            strings.first { $0.key == key }.flatMap { $0.value.isEmpty ? nil : $0.value }
        }
        let title = known("Title")?.asText ?? known("URL")?.asText ?? "unnamed"
        let username = known("UserName")?.asText
        var content = ImportedContent(secret: known("Password"))
        content.add("username", username)
        content.add("url", known("URL"))
        for (key, value) in strings where !usual.contains(key) {
            if oneTimeKeys.contains(key) {
                content.addOneTimeKey(value, title: title, account: username)
            } else {
                content.add(key, value)
            }
        }
        if let end = try end(of: entry) { content.add("expires", end.spelling) }
        if let tags = try entry["Tags"].map({ try tree.text($0) }) { content.add("tags", tags) }
        if let notes = known("Notes") { content.addNotes(notes) }
        let place = folder + [title]
        if !content.isEmpty {
            result.items.append(
                ImportedItem(place: place, account: username, content: content.content))
        } else if entry.all("Binary").isEmpty {
            result.leftOut.append("\(title) holds nothing to keep")
        }
        for binary in entry.all("Binary") { try read(attachment: binary, in: place) }
    }

    private var usual: Set<Text> { ["Title", "UserName", "Password", "URL", "Notes"] }
    private var oneTimeKeys: Set<Text> { ["otp", "TimeOtp-Secret-Base32", "TOTP Seed"] }

    private mutating func read(attachment: XMLTree.Node, in place: [Text]) throws {
        guard let key = attachment["Key"], let value = attachment["Value"] else { return }
        let name = try tree.text(key).asText
        let content: Secret?
        if let reference = try tree.attribute("Ref", of: value) {
            content = binaries[reference]
        } else {
            content = try self.content(of: value)
        }
        guard let content else {
            result.leftOut.append("the attachment \(name), which is not in the file")
            return
        }
        result.items.append(ImportedItem(place: place + [name], content: content))
    }

    /// When an entry ends: as text, or as the bytes of its seconds since the year 1.
    private func end(of entry: XMLTree.Node) throws -> Instant? {
        guard let times = entry["Times"], let expires = times["Expires"],
            let end = times["ExpiryTime"],
            try tree.text(expires).asText == "True"
        else { return nil }
        let text = try tree.text(end)
        if let instant = Instant(text.asText.bytes) { return instant }
        guard let bytes = text.withBytes({ Base64.decode($0, .standard) }), bytes.count == 8 else {
            return nil
        }
        let second = bytes.withBytes { $0.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) } }
        return Instant(claimed: second - 62_135_596_800)
    }
}
