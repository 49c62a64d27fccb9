import PasselCore

/// How the Secret Service tells an item apart from others, and what a user sees of it.
struct SecretServiceItem {
    /// Names and values, which are not secret: every program of the session sees them.
    let attributes: [(name: String, value: Text)]
    /// Those by which it is found: what others made for the same purpose has no more.
    let sought: [(name: String, value: Text)]
    /// Names of attributes that the item must not have.
    let without: [String]
    let label: Text

    /// What items of passel's own say that they are of.
    private static let own: Text = "passel"
    /// As Python's keyring has it.
    private static let python: Text = "Python keyring library"
    private static let pythonFolder = "keyring/"
    private static let gitFolder = "git/"
    private static let gitSchema: Text = "org.git.Password"

    /// The item that a location means: `keyring/SERVICE/USER` of Python's keyring,
    /// `git/PROTOCOL://USER@HOST` of git, and any other of passel's own.
    ///
    /// - Throws: a `BackendFailure` for what can be none.
    init(_ location: Location) throws {
        let place = location.place
        guard !place.bytes.isEmpty, !place.bytes.contains(0),
            location.field?.bytes.contains(0) != true,
            String(validating: place.bytes, as: UTF8.self) != nil,
            String(validating: location.field?.bytes ?? [], as: UTF8.self) != nil
        else { throw BackendFailure(.validation, "a place is text") }
        let rest: [UInt8]
        if place.bytes.starts(with: Self.pythonFolder.utf8) {
            rest = Array(place.bytes.dropFirst(Self.pythonFolder.utf8.count))
            try Self.refuse(location.field)
            self = try Self.python(rest)
        } else if place.bytes.starts(with: Self.gitFolder.utf8) {
            rest = Array(place.bytes.dropFirst(Self.gitFolder.utf8.count))
            try Self.refuse(location.field)
            self = try Self.git(rest)
        } else {
            var attributes = [
                ("xdg:schema", "org.freedesktop.Secret.Generic" as Text),
                ("application", Self.own), ("path", place),
            ]
            if let field = location.field { attributes.append(("field", field)) }
            self.init(
                attributes, notSought: ["xdg:schema"],
                without: location.field == nil ? ["field"] : [],
                label: "passel: \(place)" + (location.field.map { "#\($0)" } ?? ""))
        }
    }

    private init(
        _ attributes: [(String, Text)], notSought: [String] = [], without: [String] = [],
        label: Text
    ) {
        self.attributes = attributes
        sought = attributes.filter { !notSought.contains($0.0) }
        self.without = without
        self.label = label
    }

    private static func refuse(_ field: Text?) throws {
        guard field == nil else {
            throw BackendFailure(.validation, "such an item has one value: leave #FIELD out")
        }
    }

    private static func python(_ rest: [UInt8]) throws -> SecretServiceItem {
        guard let slash = rest.lastIndex(of: .slash), slash > 0, slash < rest.count - 1 else {
            throw BackendFailure(
                .validation, "an item of Python's keyring is keyring/SERVICE/USER")
        }
        let (service, user) = (Text(rest[..<slash]), Text(rest[(slash + 1)...]))
        return SecretServiceItem(
            [
                ("xdg:schema", "org.freedesktop.Secret.Generic"), ("application", python),
                ("service", service), ("username", user),
            ], notSought: ["xdg:schema", "application"],
            label: "Password for '\(user)' on '\(service)'")
    }

    /// As git-credential-libsecret has it: the port is an attribute of its own, and so is the path.
    private static func git(_ rest: [UInt8]) throws -> SecretServiceItem {
        let wrong = BackendFailure(.validation, "an item of git is git/PROTOCOL://USER@HOST")
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            rest[colon...].starts(with: "://".utf8)
        else { throw wrong }
        let behind = rest[(colon + 3)...]
        let authority = behind.prefix { $0 != .slash }
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")), at > authority.startIndex else {
            throw wrong
        }
        let (user, protocolName) = (Text(authority[..<at]), Text(rest[..<colon]))
        let host = authority[(at + 1)...].split(
            separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let server = host.first, !server.isEmpty else { throw wrong }
        var attributes: [(String, Text)] = [
            ("xdg:schema", gitSchema), ("user", user), ("protocol", protocolName),
            ("server", Text(server)),
        ]
        if host.count > 1 {
            guard !host[1].isEmpty, host[1].allSatisfy(\.isDigit), host[1].count <= 5 else {
                throw wrong
            }
            attributes.append(("port", Text(host[1])))
        }
        let path = behind[authority.endIndex...].dropFirst()
        if !path.isEmpty { attributes.append(("object", Text(path))) }
        let end = Text(authority[(at + 1)...]) + (path.isEmpty ? "" : "/\(Text(path))")
        return SecretServiceItem(
            attributes,
            without: ["port", "object"].filter { name in
                !attributes.contains { $0.0 == name }
            }, label: "Git: \(protocolName)://\(end)")
    }

    // MARK: Lists

    /// The attributes of all items that may be below a folder.
    static func attributes(below folder: Location) -> [(name: String, value: Text)] {
        if folder.place.bytes.starts(with: pythonFolder.utf8) { return [("application", python)] }
        if folder.place.bytes.starts(with: gitFolder.utf8) { return [("xdg:schema", gitSchema)] }
        return [("application", own)]
    }

    /// The place and field of an item that was found by these; nothing for what is no such item.
    static func place(
        below folder: Location, _ attribute: (String) -> Text?
    ) -> (place: Text, field: Text?)? {
        if folder.place.bytes.starts(with: pythonFolder.utf8) {
            guard let service = attribute("service"), let user = attribute("username") else {
                return nil
            }
            return ("\(pythonFolder.text)\(service)/\(user)", nil)
        }
        if folder.place.bytes.starts(with: gitFolder.utf8) {
            guard let scheme = attribute("protocol"), let user = attribute("user"),
                let server = attribute("server")
            else { return nil }
            let port = attribute("port").map { ":\($0)" as Text } ?? ""
            let object = attribute("object").map { "/\($0)" as Text } ?? ""
            return ("\(gitFolder.text)\(scheme)://\(user)@\(server)\(port)\(object)", nil)
        }
        return attribute("path").map { ($0, attribute("field")) }
    }
}

extension String {
    fileprivate var text: Text { Text(utf8) }
}
