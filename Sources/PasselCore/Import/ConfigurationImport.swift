/// Entries from the files that tools take secrets from.
enum ConfigurationImport {
    /// `.env`: an entry for each variable, under its name.
    static func dotenv(_ source: Secret) throws -> ImportedItems {
        let found: [Dotenv.Assignment]
        do {
            found = try Dotenv.assignments(in: source)
        } catch {
            throw Problem("line \(error.line): \(error.reason)")
        }
        var result = ImportedItems()
        var last: [Text: Int] = [:]
        for (index, line) in found.enumerated() { last[line.name.text] = index }
        for (index, line) in found.enumerated() where last[line.name.text] == index {
            let name = line.name.text
            guard !line.value.isEmpty else {
                result.leftOut.append("\(name) is empty")
                continue
            }
            guard !line.value.withBytes({ $0.starts(with: "passel://".utf8) }) else {
                result.leftOut.append("\(name) is a reference to an entry")
                continue
            }
            if let doubt = line.doubt { result.leftOut.append("a doubt about \(name): \(doubt)") }
            result.items.append(
                ImportedItem(
                    place: [name], content: ImportedContent(secret: line.value).content))
        }
        return result
    }

    /// `.pypirc`: an entry for each index.
    static func pypirc(_ source: Secret) throws -> ImportedItems {
        let file = INIFile(source)
        var result = ImportedItems()
        var seen: Set<[UInt8]> = []
        for section in file.sections where !section.name.elementsEqual("distutils".utf8) {
            let name = Text(section.name)
            guard seen.insert(section.name).inserted else {
                throw Problem("it has the section [\(name)] twice, so nothing can read it")
            }
            func value(_ key: String) -> Secret? {
                section.options.last { $0.key.elementsEqual(key.utf8) }.map(file.value)
            }
            guard let password = value("password"), !password.isEmpty else {
                result.leftOut.append("[\(name)] has no password")
                continue
            }
            var content = ImportedContent(secret: password)
            content.add("username", value("username"))
            content.add("url", value("repository")?.asText ?? Self.indexes[name])
            for option in section.options {
                let key = String(decoding: option.key, as: UTF8.self)
                guard !["username", "password", "repository"].contains(key) else { continue }
                content.add(Text(option.key), file.value(option))
            }
            result.items.append(ImportedItem(place: [name], content: content.content))
        }
        return result
    }

    private static let indexes: [Text: Text] = [
        "pypi": "https://upload.pypi.org/legacy/", "testpypi": "https://test.pypi.org/legacy/",
    ]

    /// `.netrc`: an entry for each host.
    static func netrc(_ source: Secret) throws -> ImportedItems {
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

    /// `.npmrc`: an entry for each registry.
    static func npmrc(_ source: Secret) throws -> ImportedItems {
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

    /// docker's `config.json`: an entry for each registry.
    static func docker(_ source: Secret) throws -> ImportedItems {
        try source.withBytes { bytes in
            guard bytes.isUTF8, let json = JSONPlaces(bytes, parts: ImportFormat.mostParts),
                case .object = json.root
            else { throw Problem("it is not a JSON object") }
            var result = ImportedItems()
            for (registry, value) in json.members(json["auths"]) {
                var user = json.text(json[value, "username"])
                var secret = json.secret(json[value, "password"])
                if let pair = json.secret(json[value, "auth"])?.decodedLogin {
                    (user, secret) = (pair.user, pair.password)
                }
                if let token = json.secret(json[value, "identitytoken"]), !token.isEmpty {
                    secret = token
                }
                guard let secret, !secret.isEmpty else {
                    result.leftOut.append("the login for \(registry), which is kept by a helper")
                    continue
                }
                var content = ImportedContent(secret: secret)
                content.add("username", user)
                let url =
                    WebAddress(registry.bytes) == nil ? "https://\(registry)" as Text : registry
                content.add("url", url)
                result.items.append(
                    ImportedItem(place: [registry], account: user, content: content.content))
            }
            return result
        }
    }
}

extension Secret {
    /// A user and a password as HTTP has them: `USER:PASSWORD` in Base64 (RFC 7617).
    fileprivate var decodedLogin: (user: Text, password: Secret)? {
        guard let pair = withBytes({ Base64.decode($0, .standard) }),
            let colon = pair.withBytes({ $0.firstIndex(of: UInt8(ascii: ":")) })
        else { return nil }
        return (pair.slice(0..<colon).asText, pair.slice((colon + 1)..<pair.count))
    }

    /// What stands between two quotes; all of it where there are none.
    fileprivate var withoutQuotes: Secret {
        let isQuoted = withBytes { bytes in
            bytes.count >= 2 && bytes.first == bytes.last && "\"'".utf8.contains(bytes[0])
        }
        return isQuoted ? slice(1..<(count - 1)) : self
    }
}
