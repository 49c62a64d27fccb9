import PasselCore
import PasselPosix
import PasselStore

/// `location add`: a place that an entry's value must be in from now on.
struct LocationAdd: Command {
    static let word = "add"
    static let summary = "say that the value of an entry must be in a place, too"
    static let discussion = """
        LOCATION is NAME:PLACE or NAME:PLACE#FIELD: file:PATH is a file with the value and nothing \
        else; pypirc:PATH#SECTION, dotenv:PATH#VARIABLE, envrc:PATH#VARIABLE, netrc:PATH#HOST, \
        npmrc:PATH#//HOST/PATH/ and docker:PATH#REGISTRY are parts of such files; other names are \
        set up with backend add. Nothing is sent before push.
        """
    static let parameters: [any Parameter] = [entry, location, dryRun, Flag.json]
    static let entry = Operand("ENTRY", .entry, "the entry with the value")
    static let location = Operand("LOCATION", .location, "the place")
    private static let dryRun = Flag("dry-run", letter: "n", "only say what would be changed")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let location = try Location(arguments[Self.location].bytes)
        guard !location.isFolder else {
            throw Problem("\(location.spelling) ends in /, as only what pull is given may do")
        }
        try LocationEdit.check(location, session)
        let entry = try StoredEntry(arguments[Self.entry], session: session)
        let known = entry.text.values(.location)
        let isNew = !known.contains(location.spelling)
        if isNew, !arguments[Self.dryRun] {
            try LocationEdit.set(known + [location.spelling], in: entry)
        }
        if !arguments[Self.dryRun] {
            try session.store.changeLocationRegister {
                $0.agree(to: location, of: entry.name, at: session.now)
            }
            if !location.backend.isOfFiles,
                try Backends(session: session).list()[location.backend] == nil
            {
                let name = location.backend.text
                session.warn(
                    Problem(
                        "no backend \(name) is set up on this machine yet",
                        hints: ["\(session.program) backend add \(name) TYPE KEY=VALUE..."]))
            }
        }
        LocationEdit.report(
            location, of: entry, isNew ? "added" : "there already", session, arguments)
        return .done
    }
}

/// What `location add` and `location rm` have in common.
enum LocationEdit {
    /// Refuses a place in a file that can be none.
    static func check(_ location: Location, _ session: Session) throws {
        guard let files = FilePlaces(location.backend) else { return }
        do {
            _ = try FileBackend.path(location, session.settings)
            _ = try files.part(location)
        } catch let failure as BackendFailure {
            throw failure.problem(of: location.backend, program: Text(session.program))
        }
    }

    /// Gives an entry exactly these locations.
    static func set(_ values: [Text], in entry: StoredEntry) throws {
        do {
            try entry.replace(
                by: entry.text.setting(.location, to: values),
                subject: CommitSubject.editFields(Text(entry.name.bytes)))
        } catch is EntryText.NotEditable {
            throw entry.notEditable
        }
    }

    static func report(
        _ location: Location, of entry: StoredEntry, _ what: Text, _ session: Session,
        _ arguments: Arguments
    ) {
        if arguments[Flag.json] {
            session.output.json([
                "name": .path(entry.name), "location": .string(location.spelling),
                "changed": .bool(what != "there already"),
            ])
        } else {
            session.output.line("\(entry.name): \(location.spelling): \(what)")
        }
    }
}

extension ValueKind<Text> {
    /// A location, which is read when it is known that the rest is right, so that it is told what is
    /// wrong with it.
    static var location: ValueKind {
        ValueKind(placeholder: "LOCATION", expected: "a location such as vault:secret/ci#token") {
            $0.isEmpty ? nil : Text($0)
        }
    }
}
