import PasselCore
import PasselPosix
import PasselStore

/// `file:PATH`: a file that holds one value and nothing else, for its owner only.
///
/// What is written is remembered as an export, so that `exports` lists and shreds it.
final class FileBackend: Backend {
    let capabilities = BackendCapabilities(
        reads: true, lists: false, deletes: false, compares: true)
    private let session: Session
    private let entry: Path
    /// Names states, and means nothing to anybody else.
    private let key = Secret.random(byteCount: 32)

    /// The files to which values of an entry are put.
    init(session: Session, entry: Path = "") {
        self.session = session
        self.entry = entry
    }

    /// The file that a location means.
    static func path(_ location: Location, _ settings: Settings) throws -> Path {
        guard location.field == nil else {
            throw BackendFailure(.validation, "a file has one value, so the location has no #FIELD")
        }
        let place = Path(location.place.bytes)
        guard place.bytes.starts(with: "~/".utf8) else {
            guard place.isAbsolute else {
                throw BackendFailure(.validation, "the path is neither absolute nor in ~/")
            }
            return place
        }
        guard let home = settings.environment["HOME"], !home.isEmpty else {
            throw BackendFailure(.validation, "~ is no folder without HOME")
        }
        return Path(home) / Path(place.bytes.dropFirst(2))
    }

    func content(of location: Location) throws -> PlaceContent {
        let file = try PlaintextFile(Self.path(location, session.settings))
        guard let content = file.content else { return PlaceContent(.nothing, version: .absent) }
        return PlaceContent(.value(content), version: version(of: file))
    }

    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion {
        let path = try Self.path(location, session.settings)
        var target = ExportTarget(
            path: path, form: ExportForm(.docker),
            items: [
                ExportItem(
                    name: Text(path.name), entry: Text(entry.bytes),
                    reference: Reference(entry).spelling, value: value)
            ])
        target.stored = [value]
        var consent = ExportConsent()
        // Whether what is there may be replaced was decided when it was read.
        consent.replacesForeign = true
        consent.command = { _ in
            "echo \(ShellWord.text(path.name)) >>\(ShellWord.text((path.parent / ".gitignore").bytes))"
        }
        try session.store.export([target], consent) { _ in
            guard try version(of: PlaintextFile(path)) == expected else {
                throw BackendFailure(.conflict, "")
            }
        }
        return try version(of: PlaintextFile(path))
    }

    func places(below folder: Location) throws -> [Location] {
        throw BackendFailure(.unsupported, "a folder of files is not read as places")
    }

    private func version(of file: PlaintextFile) -> PlaceVersion {
        guard let content = file.content else { return .absent }
        return .named(Text(content.withBytes { Digest(code: $0, key: key) }.hex.utf8))
    }
}
