import PasselCore
import PasselPosix
import PasselStore

/// `pull`: values from places into the store.
struct Pull: Command {
    static let word = "pull"
    static let summary = "take values from places into the store"
    static let discussion = """
        A LOCATION that ends in / stands for all places below it, each of which becomes an entry in \
        the folder ENTRY. An entry that holds another value stays as it is, unless --replace is \
        given. Every entry names the place afterwards.
        """
    static let parameters: [any Parameter] = [location, into, dryRun, replace, Flag.json]
    private static let location = Operand("LOCATION", .location, "the place, or a folder of places")
    private static let into = Option(
        "into", letter: "i", .entryOrFolder, "the entry, or the folder for the entries")
    private static let dryRun = Flag("dry-run", letter: "n", "only say what would be taken")
    private static let replace = Flag("replace", "also in the place of another value in the store")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let location = try Location(arguments[Self.location].bytes)
        guard !location.isFolder || arguments[Self.into] != nil else {
            throw arguments.problem("say which folder the entries go to: --into FOLDER")
        }
        guard session.store.isThere else {
            throw Problem(
                "there is no store yet", hints: ["\(session.program) init YOUR-GPG-ID"])
        }
        let backend = try connect(location)
        var pulls: [PulledPlace]
        do {
            let wanted = try PulledNames(
                location, try places(location, backend), into: arguments[Self.into],
                session: session)
            pulls = wanted.all.map { name, place in
                PulledPlace(entry: name, location: place, outcome: .new)
            }
        } catch let failure as BackendFailure {
            throw failure.problem(of: location.backend, program: Text(session.program))
        }
        let progress = session.progress("pulling", of: pulls.count)
        for index in pulls.indices {
            take(&pulls[index], backend)
            progress.advance()
        }
        progress.end()
        if !arguments[Self.dryRun] { try remember(pulls) }
        show(pulls)
        return pulls.allSatisfy(\.isDone) ? .done : .inPart
    }

    private func connect(_ location: Location) throws -> any Backend {
        if let files = FilePlaces(location.backend) { return FileBackend(files, session: session) }
        do {
            return try Backends(session: session).setup(location.backend).connect()
        } catch let failure as BackendFailure {
            throw failure.problem(of: location.backend, program: Text(session.program))
        }
    }

    private func places(_ location: Location, _ backend: any Backend) throws -> [Location] {
        guard location.isFolder else { return [location] }
        let places = try backend.places(below: location)
        guard !places.isEmpty else {
            throw Problem("there is no place below \(location.spelling)")
        }
        return places
    }

    /// Takes one value; what stands in the way is told with the place.
    private func take(_ pull: inout PulledPlace, _ backend: any Backend) {
        do {
            let content = try backend.content(of: pull.location)
            guard case .value(let value) = content.holding else {
                if case .nothing = content.holding { throw BackendFailure(.missing, "") }
                throw BackendFailure(.unsupported, "what is there cannot be read back")
            }
            pull.value = value
            pull.outcome = try keep(value, pull)
        } catch let failure as BackendFailure {
            pull.outcome = .failed(
                failure.problem(at: pull.location, program: Text(session.program)))
        } catch let problem as Problem {
            pull.outcome = .failed(problem.about(pull.location.spelling))
        } catch let error as SystemError {
            pull.outcome = .failed(error.problem)
        } catch {
            pull.outcome = .failed(Problem("an entry was changed by somebody else meanwhile"))
        }
    }

    private func keep(_ value: Secret, _ pull: PulledPlace) throws -> PulledPlace.Outcome {
        let spelling = pull.location.spelling
        let isDry = arguments[Self.dryRun]
        guard FileStatus.isFile(session.store.file(pull.entry)) else {
            let content = Secret([
                .secret(value), .plain("\nlocation: ".bytes + spelling.bytes + [.newline]),
            ])
            let text = EntryText(content)
            guard text.secret == value, text.values(.location) == [spelling] else {
                throw Problem(
                    "\(spelling) has a value that is not one line, which an entry cannot begin with"
                )
            }
            if !isDry {
                let folder = session.store.file(pull.entry).parent
                _ = try session.store.recipients(of: folder)
                try session.store.makeFolders(folder)
                try session.store.put(
                    content, in: session.store.file(pull.entry), known: .absent,
                    subject: CommitSubject.pull(Text(pull.entry.bytes)))
            }
            return .new
        }
        let entry = try StoredEntry(pull.entry, session: session)
        let isSame = entry.secret == value
        guard isSame || arguments[Self.replace] else { return .other }
        var text = entry.text
        do {
            if !isSame { text = EntryText(try text.replacingSecret(by: value)) }
            let known = text.values(.location)
            if !known.contains(spelling) {
                text = EntryText(try text.setting(.location, to: known + [spelling]))
            }
        } catch is EntryText.NotEditable {
            throw entry.notEditable
        }
        if !isDry, text.source != entry.text.source {
            try entry.replace(
                by: text.source,
                subject: CommitSubject.pull(Text(pull.entry.bytes)))
        }
        return isSame ? .same : .replaced
    }

    /// What came from a place may be replaced there by what comes after it.
    private func remember(_ pulls: [PulledPlace]) throws {
        let done = pulls.filter(\.isDone)
        guard !done.isEmpty else { return }
        try session.store.changeLocationRegister { register in
            for pull in done {
                guard let value = pull.value else { continue }
                register.note(value, in: pull.location, of: pull.entry, at: session.now)
            }
        }
    }

    private func show(_ pulls: [PulledPlace]) {
        let isDry = arguments[Self.dryRun]
        guard !arguments[Flag.json] else {
            return session.output.json([
                "dry_run": .bool(isDry),
                "entries": .array(
                    pulls.map {
                        [
                            "name": .path($0.entry), "location": .string($0.location.spelling),
                            "state": .string($0.word), "problem": .text($0.problem?.message),
                        ]
                    }),
            ])
        }
        var table = Table("STATE", "ENTRY", "LOCATION")
        for pull in pulls {
            table.add(
                Styled(isDry && pull.isChange ? "would be \(pull.word)" : pull.word, pull.look),
                Styled(Text(pull.entry.bytes), .strong), Styled(pull.location.spelling))
        }
        table.print(session)
        for pull in pulls { if let problem = pull.problem { session.warn(problem) } }
        if pulls.contains(where: { $0.word == "differs" }) {
            session.warn(
                Problem(
                    "what differs has another value in the store, and stays",
                    hints: [arguments.commandLine(adding: "--replace")]))
        }
    }
}
