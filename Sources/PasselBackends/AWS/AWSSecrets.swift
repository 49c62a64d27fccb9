import PasselCore
import PasselPosix

/// AWS Secrets Manager.
///
/// A place is the name of a secret, a field a key of the JSON object in it; without a field the whole
/// secret is meant. The version that is current is the state. A new version is put beside it first,
/// and becomes the current one only while the other still is: `UpdateSecretVersionStage` with
/// `RemoveFromVersionId`.
final class AWSSecrets: RemoteBackend {
    private let server: AWSServer
    /// The label of a version that is to become the current one.
    private static let pending = "PASSEL_PENDING"

    let capabilities = BackendCapabilities(
        reads: true, lists: true, deletes: true, compares: true, largest: 65_536)

    /// - Throws: a `BackendFailure` when settings are missing or mean nothing.
    init(_ setup: BackendSetup) throws { server = try AWSServer(setup) }

    func begin(_ deadline: Deadline) throws {
        server.deadline = deadline
        try server.logIn()
    }

    func begins(_ deadline: Deadline) { server.deadline = deadline }

    func content(of location: Location) throws -> PlaceContent {
        let secret = try secret(AWSName(location))
        guard let value = try secret.value(location.field) else {
            return PlaceContent(.nothing, version: secret.version)
        }
        return PlaceContent(.value(value), version: secret.version)
    }

    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion {
        let name = try AWSName(location)
        return try change(name, expected) { try $0.content(with: value, in: location.field) }
    }

    func remove(_ location: Location, expected: PlaceVersion) throws -> PlaceVersion {
        let name = try AWSName(location)
        let secret = try secret(name)
        guard expected == .unknown || expected == secret.version else {
            throw BackendFailure(.conflict, "")
        }
        guard try secret.value(location.field) != nil else { return secret.version }
        if let field = location.field, let others = try secret.content(without: field) {
            return try change(name, secret.version) { _ in others }
        }
        // For thirty days it can be restored.
        _ = try server.result("DeleteSecret", [.init("SecretId", .string(name.text))])
        return .named(AWSSecret.deleting)
    }

    func places(below folder: Location) throws -> [Location] {
        var (places, names) = ([Location](), [Text]())
        var next: Text?
        repeat {
            let page = try page(folder.place, next)
            names += page.names
            guard next == nil || page.next != next else { throw AWSServer.nonsense }
            next = page.next
            guard names.count <= BackendAnswer.mostPlaces else {
                throw BackendFailure(
                    .validation, "there are more than \(BackendAnswer.mostPlaces) places")
            }
        } while next != nil
        for name in names where name.bytes.starts(with: folder.place.bytes) {
            guard let location = folder.below(name, field: nil) else { continue }
            let secret = try secret(AWSName(location))
            guard let fields = secret.fields else {
                if secret.content != nil { places.append(location) }
                continue
            }
            places += fields.compactMap { folder.below(name, field: $0) }
        }
        return places.sorted { $0.spelling.bytes.precedes($1.spelling.bytes) }
    }

    // MARK: Secrets

    private func secret(_ name: AWSName) throws -> AWSSecret {
        let answer = try server.call(
            "GetSecretValue",
            [.init("SecretId", .string(name.text)), .init("VersionStage", "AWSCURRENT")])
        switch answer {
        case .done(let body): return try AWSSecret(body)
        case .refused(let refusal):
            guard let secret = AWSSecret(refusal) else { throw refusal.failure }
            return secret
        }
    }

    private func change(
        _ name: AWSName, _ expected: PlaceVersion, _ body: (AWSSecret) throws -> AWSContent
    ) throws -> PlaceVersion {
        var secret = try secret(name)
        guard expected == .unknown || expected == secret.version else {
            throw BackendFailure(.conflict, "")
        }
        let content = try body(secret)
        if secret.version == .named(AWSSecret.deleting) {
            _ = try server.result("RestoreSecret", [.init("SecretId", .string(name.text))])
            secret = try self.secret(name)
        }
        let token = server.token(for: name.text, after: secret.version, content)
        let head: [JSON.Member] = [.init("ClientRequestToken", .string(token))]
        switch secret.version {
        case .absent:
            try name.checkNew()
            let answer = try server.call(
                "CreateSecret", head + [.init("Name", .string(name.text))], content)
            if case .refused(let refusal) = answer { throw refusal.failure }
        case .named(let current) where current.bytes.count >= 32:
            let id: [JSON.Member] = [.init("SecretId", .string(name.text))]
            let put = try server.call(
                "PutSecretValue",
                head + id + [
                    .init("VersionStages", .array([.string(Text(Self.pending.utf8))]))
                ], content)
            if case .refused(let refusal) = put { throw refusal.failure }
            guard current != token else { return .named(token) }
            try move(name, from: current, to: token)
        default:
            let answer = try server.call(
                "PutSecretValue", head + [.init("SecretId", .string(name.text))], content)
            if case .refused(let refusal) = answer { throw refusal.failure }
        }
        return .named(token)
    }

    /// Makes another version the current one, if that still is the one that it was.
    private func move(_ name: AWSName, from current: Text, to token: Text) throws {
        let answer = try server.call(
            "UpdateSecretVersionStage",
            [
                .init("SecretId", .string(name.text)), .init("VersionStage", "AWSCURRENT"),
                .init("RemoveFromVersionId", .string(current)),
                .init("MoveToVersionId", .string(token)),
            ])
        guard case .refused(let refusal) = answer else { return }
        guard refusal.failure.kind == .validation, try secret(name).version != .named(current)
        else { throw refusal.failure }
        throw BackendFailure(.conflict, "")
    }

    private func page(_ prefix: Text, _ token: Text?) throws -> (names: [Text], next: Text?) {
        var members: [JSON.Member] = [
            .init("MaxResults", 100),
            .init("Filters", [["Key": "name", "Values": [.string(prefix)]]]),
        ]
        if let token { members.append(.init("NextToken", .string(token))) }
        return try server.result("ListSecrets", members).withBytes { bytes in
            guard let json = JSONPlaces(bytes, parts: 100_000), let list = json["SecretList"]
            else { throw AWSServer.nonsense }
            let names = json.elements(list).map { json.text(json[$0, "Name"]) }
            guard !names.contains(nil) else { throw AWSServer.nonsense }
            return (names.compactMap(\.self), json.text(json["NextToken"]))
        }
    }
}
