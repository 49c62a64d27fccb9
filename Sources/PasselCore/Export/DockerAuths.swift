/// Docker's `config.json`, from which docker, podman and others take logins for registries.
///
/// Ours in it are members of `auths`, one for each registry.
public struct DockerAuths: MergedFile {
    private static let format: Text = "docker's config.json"

    /// The format.
    public init() {}

    /// The registry's host; of Docker Hub the address by which docker knows it.
    public func mark(of item: ExportItem) throws -> Text {
        let url = try item.requiredURL(for: Self.format)
        let isHub = ["index.docker.io", "docker.io", "hub.docker.com"].contains {
            url.host.elementsEqual($0.utf8)
        }
        return isHub ? "https://index.docker.io/v1/" : Text(url.host)
    }

    /// A member of `auths`: what docker login writes.
    static func login(_ item: ExportItem) throws -> Secret {
        let user = try item.requiredUsername(for: format)
        guard !user.bytes.contains(UInt8(ascii: ":")) else {
            throw Problem("the user name of \(item.entry) has a colon, after which docker ends it")
        }
        if let reason = ExportItem.flaw(item.value) { throw item.unfit(for: format, reason) }
        try item.requireHeader(for: format, user: user)
        return Base64.padded(Secret([.plain(user.bytes), ":", .secret(item.value)]))
    }

    /// As the protocol says.
    public func merging(_ items: [ExportItem], into content: Secret) throws -> Secret {
        var content = content
        if content.withBytes({ $0.allSatisfy { $0 <= 0x20 } }) {
            content = Secret(plain: "{\n\t\"auths\": {}\n}\n")
        }
        for item in items { content = try merging(item, into: content) }
        return content
    }

    private func merging(_ item: ExportItem, into content: Secret) throws -> Secret {
        let registry = try mark(of: item)
        let auth: [ContentPiece] = [
            "{\n\t\t\t\"auth\": \"", .secret(try Self.login(item)), "\"\n\t\t}",
        ]
        let member: [ContentPiece] = [.plain(JSON.string(registry).compact), ": "] + auth
        var edits = ContentEdits(content)
        try content.withBytes { bytes in
            let top = try Self.top(bytes)
            try Self.refuseHelpers(top, bytes, registry)
            guard let auths = try Self.auths(top, bytes) else {
                let comma: ContentPiece = top.members.isEmpty ? "\n\t" : ",\n\t"
                let end = top.members.last?.all.upperBound ?? top.open + 1
                let close: [ContentPiece] = top.members.isEmpty ? ["\n"] : []
                edits.insert(
                    [comma, "\"auths\": {\n\t\t"] + member + ["\n\t}"] + close, at: end)
                return
            }
            if let known = auths[registry.description] {
                edits.replace(known.value, by: auth)
            } else if let last = auths.members.last {
                edits.insert([",\n\t\t"] + member, at: last.all.upperBound)
            } else {
                edits.replace(
                    (auths.open + 1)..<auths.close, by: ["\n\t\t"] + member + ["\n\t"])
            }
        }
        return edits.result
    }

    private static func top(_ bytes: UnsafeRawBufferPointer) throws -> JSONMembers {
        guard JSONPlaces(bytes) != nil, let top = JSONMembers(bytes, at: 0) else {
            throw Problem("\(format) is not a JSON object")
        }
        return top
    }

    private static func auths(_ top: JSONMembers, _ bytes: UnsafeRawBufferPointer) throws
        -> JSONMembers?
    {
        guard let member = top["auths"] else { return nil }
        guard let auths = JSONMembers(bytes, at: member.value.lowerBound) else {
            throw Problem("\"auths\" is no object in \(format)")
        }
        return auths
    }

    /// Where a helper is set up, docker asks that and never looks at `auths`.
    private static func refuseHelpers(
        _ top: JSONMembers, _ bytes: UnsafeRawBufferPointer, _ registry: Text
    ) throws {
        let helpers = top["credHelpers"].flatMap { JSONMembers(bytes, at: $0.value.lowerBound) }
        let store = top["credsStore"].map { $0.value.count > 2 } ?? false
        guard store || helpers?[registry.description] != nil else { return }
        throw Problem(
            "\(format) sends docker to a helper for \(registry), so a login in it has no effect",
            hints: ["passel export docker-config --stdout ..."])
    }

    /// The login of a registry.
    public func part(_ mark: Text, of content: Secret) throws -> Secret? {
        guard !content.isEmpty else { return nil }
        let place = try content.withBytes { bytes in
            try Self.auths(Self.top(bytes), bytes)?[mark.description]?.value
        }
        return place.map(content.slice)
    }

    /// The password or token in the login of a registry; nothing when there is none.
    func value(of registry: Text, in content: Secret) throws -> Secret? {
        guard !content.isEmpty else { return nil }
        return try content.withBytes { bytes in
            guard let json = JSONPlaces(bytes) else {
                throw Problem("\(Self.format) is not a JSON object")
            }
            let auths = json["auths"].map { json.members($0) } ?? []
            return auths.first { $0.key == registry }.flatMap { json.login($0.value) }?.secret
        }
    }

    /// Without the login of a registry; empty when nothing but logins was ever in it.
    public func removing(_ mark: Text, from content: Secret) throws -> Secret {
        var edits = ContentEdits(content)
        let isEmpty = try content.withBytes { bytes -> Bool in
            let top = try Self.top(bytes)
            guard let auths = try Self.auths(top, bytes),
                let index = auths.members.firstIndex(where: { $0.key == mark.bytes })
            else { return false }
            if auths.members.count == 1 {
                edits.replace((auths.open + 1)..<auths.close, by: [])
                return top.members.count == 1
            }
            let known = auths.members[index].all
            if index > 0 {
                edits.replace(auths.members[index - 1].all.upperBound..<known.upperBound, by: [])
            } else {
                edits.replace(known.lowerBound..<auths.members[1].all.lowerBound, by: [])
            }
            return false
        }
        return isEmpty ? Secret(plain: "") : edits.result
    }
}

extension JSON {
    /// A text as JSON writes it, without a line feed behind it.
    var compact: [UInt8] { text.bytes.dropLast() }
}
