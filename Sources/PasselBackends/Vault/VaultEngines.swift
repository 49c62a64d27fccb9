import PasselCore

/// A secrets engine that keeps keys and values.
struct VaultEngine {
    /// What the engine can do.
    enum Version: Equatable {
        /// Nothing but keep values.
        case one
        /// It keeps old versions, and compares.
        case two
    }

    /// Where it is mounted, with a slash at its end.
    let mount: [UInt8]
    let version: Version
}

/// The secrets engines that places are in, as the settings or the server say.
final class VaultEngines {
    private let server: VaultServer
    private let mount: [UInt8]?
    private let version: VaultEngine.Version?
    private var known: [VaultEngine] = []

    /// - Throws: a `BackendFailure` for settings that mean nothing.
    init(_ setup: BackendSetup, _ server: VaultServer) throws {
        self.server = server
        switch try setup.text("kv")?.value {
        case nil: version = nil
        case "1": version = .one
        case "2": version = .two
        default: throw BackendFailure(.validation, "the setting kv is 1 or 2", setting: "kv")
        }
        let mount = try setup.text("mount")?.value.bytes.split(separator: .slash)
        guard mount?.isEmpty != true else {
            throw BackendFailure(.validation, "the setting mount names no engine", setting: "mount")
        }
        self.mount = mount.map { $0.joined(separator: [.slash]) + [.slash] }
    }

    /// The one that all places are in, if the settings name one.
    var only: VaultEngine? { mount == nil ? nil : known.first }

    /// Whether places are spelled without the engine they are in.
    var isGiven: Bool { mount != nil }

    /// Finds the one that the settings name.
    func find() throws {
        if let mount, known.isEmpty { known = [try engine(named: mount)] }
    }

    /// The engine of a path that begins with its mount.
    func engine(of path: [UInt8]) throws -> VaultEngine {
        let folder = path.last == .slash ? path : path + [.slash]
        if let found = known.first(where: { folder.starts(with: $0.mount) }) { return found }
        let found = try engine(named: folder)
        known.append(found)
        return found
    }

    private func engine(named path: [UInt8]) throws -> VaultEngine {
        if let mount, let version { return VaultEngine(mount: mount, version: version) }
        let request = HTTPRequest(
            "GET",
            Array("/v1/sys/internal/ui/mounts/".utf8)
                + PercentEncoding.encode(path.dropLast()))
        let response = try server.response(request)
        guard response.status == 200 else {
            let failure = try server.failure(response, hiding: [])
            guard failure.kind == .permission || failure.kind == .missing else { throw failure }
            throw BackendFailure(
                .permission,
                "no secrets engine is mounted at \(Text(path)), or the token may not use it",
                setting: isGiven ? "mount" : nil)
        }
        return try response.body.withBytes { bytes in
            guard let json = JSONPlaces(bytes), let data = json["data"],
                let mount = json.text(json[data, "path"]), mount.bytes.last == .slash,
                path.starts(with: mount.bytes)
            else { throw VaultServer.nonsense }
            let type = json.text(json[data, "type"])
            guard type == "kv" || type == "generic" else {
                throw BackendFailure(
                    .validation, "the secrets engine at \(mount) does not keep keys and values")
            }
            let options = json[data, "options"]
            let isTwo = options.flatMap { json.text(json[$0, "version"]) } == "2"
            return VaultEngine(mount: mount.bytes, version: version ?? (isTwo ? .two : .one))
        }
    }
}
