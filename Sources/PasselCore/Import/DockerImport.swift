/// Entries from docker's `config.json`: one for each registry.
enum DockerImport {
    static func items(_ source: Secret) throws -> ImportedItems {
        try source.withBytes { bytes in
            guard let json = JSONPlaces(bytes, parts: ImportFormat.mostParts),
                case .object = json.root
            else { throw Problem("it is not a JSON object") }
            var result = ImportedItems()
            for (registry, value) in json.members(json["auths"]) {
                guard let (user, secret) = json.login(value) else {
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

extension JSONPlaces {
    /// What logs in to a registry; nothing where a helper keeps it.
    func login(_ node: Node) -> (user: Text?, secret: Secret)? {
        var user = text(self[node, "username"])
        var found = secret(self[node, "password"])
        if let pair = secret(self[node, "auth"])?.decodedLogin {
            (user, found) = (pair.user, pair.password)
        }
        if let token = secret(self[node, "identitytoken"]), !token.isEmpty { found = token }
        return found.flatMap { $0.isEmpty ? nil : (user, $0) }
    }
}

extension Secret {
    /// A user and a password as HTTP has them: `USER:PASSWORD` in Base64 (RFC 7617).
    var decodedLogin: (user: Text, password: Secret)? {
        guard let pair = withBytes({ Base64.decode($0, .standard) }),
            let colon = pair.withBytes({ $0.firstIndex(of: UInt8(ascii: ":")) })
        else { return nil }
        return (pair.slice(0..<colon).asText, pair.slice((colon + 1)..<pair.count))
    }
}
