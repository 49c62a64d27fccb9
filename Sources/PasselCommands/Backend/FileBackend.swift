import PasselCore
import PasselPosix
import PasselStore

/// Places in files of this machine: `file:PATH`, `pypirc:PATH#SECTION` and the like.
///
/// What is written is remembered as an export, so that `exports` lists and shreds it.
final class FileBackend: Backend {
    let capabilities = BackendCapabilities(
        reads: true, lists: false, deletes: false, compares: true)
    private let session: Session
    private let kind: FilePlaces
    private let entry: Path
    private let text: EntryText?
    /// Names states, and means nothing to anybody else.
    private let key = Secret.random(byteCount: 32)

    /// Files of a kind.
    ///
    /// - Parameters:
    ///   - entry: whose value is put there.
    ///   - text: what it says of itself, for forms with more than the value.
    init(_ kind: FilePlaces, session: Session, entry: Path = "", text: EntryText? = nil) {
        self.kind = kind
        self.session = session
        self.entry = entry
        self.text = text
    }

    /// The file that a location means.
    ///
    /// - Throws: a `BackendFailure` for a location that can be none.
    static func path(_ location: Location, _ settings: Settings) throws -> Path {
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
        let file = try file(location)
        let part = try kind.part(location)
        guard let content = file.content else { return PlaceContent(.nothing, version: .absent) }
        let value = try kind.value(of: part ?? "", in: content)
        return PlaceContent(
            value.map { .value($0) } ?? .nothing, version: version(of: file))
    }

    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion {
        let file = try file(location)
        let items = try items(value, kind.part(location), file)
        var target = ExportTarget(path: file.path, form: kind.form, items: items)
        target.stored = items.map(\.value)
        var consent = ExportConsent()
        // Whether what is there may be replaced was decided when it was read.
        consent.replacesForeign = true
        consent.command = { _ in
            let ignored = file.path.parent / ".gitignore"
            return
                "echo \(ShellWord.text(file.path.name)) >>\(ShellWord.text(ignored.bytes))"
        }
        try session.store.export([target], consent) { _ in
            guard try version(of: self.file(location)) == expected else {
                throw BackendFailure(.conflict, "")
            }
        }
        return try version(of: self.file(location))
    }

    func places(below folder: Location) throws -> [Location] {
        throw BackendFailure(.unsupported, "a folder of files is not read as places")
    }

    private func file(_ location: Location) throws -> PlaintextFile {
        try PlaintextFile(Self.path(location, session.settings))
    }

    /// What is to stand in the file for the value; in an `.envrc` with all that passel wrote there.
    private func items(
        _ value: Secret, _ part: Text?, _ file: PlaintextFile
    ) throws -> [ExportItem] {
        guard let part else {
            return [
                ExportItem(
                    name: Text(file.path.name), entry: Text(entry.bytes),
                    reference: Reference(entry).spelling, value: value)
            ]
        }
        let item = ExportValues(session: session, form: kind.form).item(
            part, value, of: Reference(entry), text ?? EntryText(value), url: kind.url(of: part))
        if case .merged(let maker) = try kind.form.maker(), kind != .envrc {
            let mark = try maker.mark(of: item)
            guard mark == part else {
                throw BackendFailure(.validation, "such a file calls that \(mark), not \(part)")
            }
        }
        guard kind == .envrc, let content = file.content else { return [item] }
        let known = try session.store.exportRegister()[file.path]?.items ?? []
        var items = try EnvrcBlock(isMaterialised: true).values(in: content).map { name, value in
            guard let reference = known.first(where: { $0.name == name })?.reference else {
                throw BackendFailure(
                    .validation, "\(name) in what passel wrote there is of an unknown entry")
            }
            return ExportItem(name: name, entry: reference, reference: reference, value: value)
        }
        if let place = items.firstIndex(where: { $0.name == part }) {
            items[place] = item
        } else {
            items.append(item)
        }
        return items
    }

    private func version(of file: PlaintextFile) -> PlaceVersion {
        guard let content = file.content else { return .absent }
        return .named(Text(content.withBytes { Digest(code: $0, key: key) }.hex.utf8))
    }
}
