/// A part of an entry that a person can name.
public enum EntryPart: Hashable, Sendable {
    /// The first line.
    case secret
    /// A line `key: value`, by its key as it is spelled.
    case field(Text)
    /// A line `otpauth://…`.
    case otpauth
    /// Everything else.
    case text
}

extension EntryPart {
    /// Keys under which people and programs keep what is no secret.
    private static let publicKeys: Set<[UInt8]> = Set(
        [
            "account", "created", "domain", "email", "expires", "host", "kind", "location",
            "login", "mail", "name", "path", "port", "rotate-every", "scope", "server", "site",
            "uri", "url", "user", "username", "web", "website",
        ].map { Array($0.utf8) })

    /// Whether what it holds is in most cases no secret: only fields with usual keys.
    public var isUsuallyPublic: Bool {
        guard case .field(let key) = self else { return false }
        return Self.publicKeys.contains(key.bytes.map(\.asciiLowercased))
    }
}
