/// Entries from an `.npmrc`: one for each registry.
enum NPMRCImport {
    /// What an `.npmrc` says of a registry.
    struct Registry {
        /// `//HOST/PATH/`.
        let mark: Text
        fileprivate var values: [(key: Text, value: Secret)]

        fileprivate func last(_ key: Text) -> Secret? { values.last { $0.key == key }?.value }

        /// Whose it is, and its token or password; nothing where it has neither.
        var login: (user: Text?, secret: Secret)? {
            let user = last("username")?.asText
            let password = last("_password").flatMap { value in
                value.withBytes { Base64.decode($0, .standard) }
            }
            let found: (user: Text?, secret: Secret)? =
                (last("_authToken") ?? password).map { (user, $0) }
                ?? last("_auth")?.decodedLogin.map { ($0.user, $0.password) }
            return found.flatMap { $0.secret.isEmpty ? nil : $0 }
        }
    }

    /// All registries that it says something of, and what of that is left out.
    static func registries(in source: Secret) -> (registries: [Registry], leftOut: [Text]) {
        var registries: [Registry] = []
        var leftOut: [Text] = []
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
                leftOut.append("\(key) is a variable")
                continue
            }
            if let known = registries.firstIndex(where: { $0.mark == mark }) {
                registries[known].values.append((word, value))
            } else {
                registries.append(Registry(mark: mark, values: [(word, value)]))
            }
        }
        return (registries, leftOut)
    }

    static func items(_ source: Secret) throws -> ImportedItems {
        var result = ImportedItems()
        let (registries, leftOut) = registries(in: source)
        result.leftOut = leftOut
        for registry in registries {
            guard let item = item(registry) else {
                result.leftOut.append("\(registry.mark) has no token or password")
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

    private static func item(_ registry: Registry) -> ImportedItem? {
        guard let (user, secret) = registry.login else { return nil }
        let address = registry.mark.bytes.drop { $0 == .slash }
        let place = address.split(separator: .slash).map(Array.init)
        var content = ImportedContent(secret: secret)
        content.add("username", user)
        content.add("url", "https://\(Array(address))" as Text)
        content.add("email", registry.last("email"))
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
