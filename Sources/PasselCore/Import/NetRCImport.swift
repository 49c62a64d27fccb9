/// Entries from a `.netrc`: one for each host.
enum NetRCImport {
    static func items(_ source: Secret) throws -> ImportedItems {
        let file = NetRCPlaces(source)
        var result = ImportedItems()
        for machine in file.machines {
            let host = machine.host.map { Text($0) } ?? "default"
            guard let password = machine.password.map(file.word), !password.isEmpty else {
                result.leftOut.append("\(host) has no password")
                continue
            }
            let user = machine.login.map { file.word($0).asText }
            var content = ImportedContent(secret: password)
            content.add("username", user)
            if machine.host != nil { content.add("url", "https://\(host)" as Text) }
            content.add("account", machine.account.map(file.word))
            result.items.append(
                ImportedItem(place: [host], account: user, content: content.content))
        }
        if file.hasMacros { result.leftOut.append("its macros") }
        return result
    }
}
