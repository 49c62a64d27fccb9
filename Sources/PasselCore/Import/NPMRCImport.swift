/// Entries from an `.npmrc`: one for each registry.
enum NPMRCImport {
    static func items(_ source: Secret) throws -> ImportedItems {
        var registries: [(mark: Text, values: [(key: Text, value: Secret)])] = []
        var result = ImportedItems()
        let lines = ContentLines(source)
        for index in lines.lines.indices {
            guard let (key, value) = assignment(lines, index) else { continue }
            let colon = key.bytes.lastIndex(of: UInt8(ascii: ":"))
            let word = Text(key.bytes[(colon.map { $0 + 1 } ?? 0)...])
            guard ["_authToken", "_auth", "_password", "username", "email"].contains(word) else {
                continue
            }
            let mark = colon.map { Text(key.bytes[..<$0]) } ?? "//registry.npmjs.org/"
            guard !value.withBytes({ Array($0).includes(Array("${".utf8)) }) else {
                result.leftOut.append("\(key) is a variable")
                continue
            }
            if let known = registries.firstIndex(where: { $0.mark == mark }) {
                registries[known].values.append((word, value))
            } else {
                registries.append((mark, [(word, value)]))
            }
        }
        for (mark, values) in registries {
            guard let item = registry(mark, values) else {
                result.leftOut.append("\(mark) has no token or password")
                continue
            }
            result.items.append(item)
        }
        return result
    }

    private static func assignment(_ lines: ContentLines, _ index: Int) -> (Text, Secret)? {
        let parts = lines.withLine(index) { line -> (Text, Range<Int>)? in
            guard let start = line.firstIndex(where: { !$0.isBlank }),
                !";#[".utf8.contains(line[start]),
                let equals = line.firstIndex(of: UInt8(ascii: "="))
            else { return nil }
            return (Text(line[..<equals].trimmingBlanks), (equals + 1)..<line.count)
        }
        guard let (key, range) = parts else { return nil }
        let start = lines.lines[index].content.lowerBound
        let value = lines.content.slice((start + range.lowerBound)..<(start + range.upperBound))
            .withoutBlankEnds
        return (key, value.withoutQuotes)
    }

    private static func registry(
        _ mark: Text, _ values: [(key: Text, value: Secret)]
    ) -> ImportedItem? {
        func last(_ key: Text) -> Secret? { values.last { $0.key == key }?.value }
        var user = last("username")?.asText
        var secret = last("_authToken")
        if secret == nil {
            secret = last("_password").flatMap { $0.withBytes { Base64.decode($0, .standard) } }
        }
        if secret == nil, let pair = last("_auth")?.decodedLogin {
            (user, secret) = (pair.user, pair.password)
        }
        guard let secret, !secret.isEmpty else { return nil }
        let address = mark.bytes.drop { $0 == .slash }
        let place = address.split(separator: .slash).map(Array.init)
        var content = ImportedContent(secret: secret)
        content.add("username", user)
        content.add("url", "https://\(Array(address))" as Text)
        content.add("email", last("email"))
        return ImportedItem(
            place: [Text(Array(place.joined(separator: Array("-".utf8))))], account: user,
            content: content.content)
    }
}

extension Secret {
    /// What stands between two quotes; all of it where there are none.
    fileprivate var withoutQuotes: Secret {
        let isQuoted = withBytes { bytes in
            bytes.count >= 2 && bytes.first == bytes.last && "\"'".utf8.contains(bytes[0])
        }
        return isQuoted ? slice(1..<(count - 1)) : self
    }
}
