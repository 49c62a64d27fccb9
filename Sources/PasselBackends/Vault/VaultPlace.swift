import PasselCore

/// A field of a secret, or a folder of secrets.
struct VaultPlace {
    let engine: VaultEngine
    /// Below the engine.
    let path: [UInt8]
    let field: Text

    /// The place that a location means.
    ///
    /// - Throws: a `BackendFailure` for what can be none.
    init(_ location: Location, _ engines: VaultEngines) throws {
        guard let field = location.field else {
            throw BackendFailure(
                .validation,
                "a secret has several fields: \(location.backend.text):\(location.place)#FIELD")
        }
        try self.init(location.place, field: field, engines)
    }

    /// The folder that a location means, whose path ends in a slash unless it is the whole engine.
    init(folder: Location, _ engines: VaultEngines) throws {
        try self.init(Text(folder.place.bytes.dropLast()), field: "", engines, isFolder: true)
    }

    private init(
        _ place: Text, field: Text, _ engines: VaultEngines, isFolder: Bool = false
    ) throws {
        let parts = place.bytes.split(separator: .slash, omittingEmptySubsequences: false)
        guard
            parts.allSatisfy({
                !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
            })
        else { throw BackendFailure(.validation, "the place is no path of a secret") }
        if let only = engines.only {
            engine = only
            path = place.bytes + (isFolder ? [.slash] : [])
        } else {
            engine = try engines.engine(of: place.bytes)
            path = Array((place.bytes + (isFolder ? [.slash] : [])).dropFirst(engine.mount.count))
        }
        guard isFolder || !path.isEmpty else {
            throw BackendFailure(.validation, "the place is the secrets engine itself")
        }
        self.field = field
    }

    private init(_ engine: VaultEngine, _ path: [UInt8]) {
        (self.engine, self.path, field) = (engine, path, "")
    }

    /// What is below this folder under a name.
    func below(_ name: [UInt8]) -> VaultPlace { VaultPlace(engine, path + name) }

    /// Where its values are asked for.
    var dataPath: [UInt8] { path(under: "data/") }

    /// Its path under one of the parts of an engine of version 2; there is but one in version 1.
    func path(under part: String) -> [UInt8] {
        Array("/v1/".utf8) + PercentEncoding.encode(engine.mount)
            + (engine.version == .two ? Array(part.utf8) : []) + PercentEncoding.encode(path)
    }
}
