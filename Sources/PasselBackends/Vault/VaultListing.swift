import PasselCore

/// The places below a folder.
struct VaultListing {
    private let folder: Location
    private let top: VaultPlace
    private let server: VaultServer

    init(folder: Location, _ engines: VaultEngines, _ server: VaultServer) throws {
        self.folder = folder
        self.server = server
        top = try VaultPlace(folder: folder, engines)
    }

    /// Every field of every secret; what a location cannot name is left out.
    ///
    /// - Parameter fields: those of a secret.
    func places(_ fields: (VaultPlace) throws -> [Text]) throws -> [Location] {
        var places: [Location] = []
        var waiting = [top]
        while let next = waiting.popLast() {
            for name in try names(in: next) {
                let place = next.below(name)
                if name.last == .slash {
                    waiting.append(place)
                    continue
                }
                let spelling = Text(folder.place.bytes + place.path.dropFirst(top.path.count))
                places += try fields(place).compactMap { folder.below(spelling, field: $0) }
                guard places.count <= BackendAnswer.mostPlaces else {
                    throw BackendFailure(
                        .validation, "there are more than \(BackendAnswer.mostPlaces) places")
                }
            }
        }
        return places.sorted { $0.spelling.bytes.precedes($1.spelling.bytes) }
    }

    /// The names in a folder, folders with a slash at their end.
    private func names(in folder: VaultPlace) throws -> [[UInt8]] {
        let response = try server.response(
            HTTPRequest("LIST", folder.path(under: "metadata/")))
        guard response.status != 404 else { return [] }
        guard response.status == 200 else { throw try server.failure(response, hiding: []) }
        return try response.body.withBytes { bytes in
            guard let json = JSONPlaces(bytes, parts: 4 * BackendAnswer.mostPlaces),
                let data = json["data"], let keys = json.texts(json[data, "keys"])
            else { throw VaultServer.nonsense }
            return keys.map(\.bytes).filter { name in
                // A server that names itself again would be asked without end.
                let word = name.last == .slash ? name.dropLast() : name[...]
                return !word.isEmpty && !word.contains(.slash) && !word.elementsEqual(".".utf8)
                    && !word.elementsEqual("..".utf8)
            }
        }
    }
}
