public import PasselCore
import PasselGit
import PasselPosix

/// A move or a copy of an entry or folder: where from, where to, and what it was called by the
/// user.
public struct Relocation {
    /// Whether the source goes away.
    public let isMove: Bool
    /// The file or folder as it is found, spelled with the store's folder.
    public let source: Path
    /// Where it goes, `.gpg` and the name within an existing folder included.
    public let destination: Path
    let old: Text
    let new: Text

    /// What `mv OLD NEW` and `cp OLD NEW` mean: a file rather than a folder of the same name unless
    /// OLD ends in a slash; into NEW if that is a folder or ends in a slash.
    ///
    /// - Throws: pass's message when there is no OLD; what mv(1) and cp(1) refuse.
    public init(_ old: Path, to new: Path, isMove: Bool, in store: Store) throws {
        self.isMove = isMove
        self.old = Text(old.bytes)
        self.new = Text(new.bytes)
        source = Self.source(old, in: store)
        guard try FileStatus(of: source, following: false) != nil else {
            throw Problem.pass("Error: \(old) is not in the password store.")
        }
        var target = store.path(new)
        let sourceIsFolder = FileStatus.isFolder(source)
        if FileStatus.isFolder(target) || new.hasTrailingSlash {
            target = target.withoutTrailingSlashes / source.name
        } else if !sourceIsFolder {
            target = target.appending(EntryName.suffix)
        }
        destination = target
    }

    /// The file or folder that a name means, there or not; for the line that is printed first.
    public static func source(_ old: Path, in store: Store) -> Path {
        let folder = store.path(old.withoutTrailingSlashes)
        let file = store.file(old)
        let folderMeant =
            !FileStatus.isFile(file) || (old.hasTrailingSlash && FileStatus.isFolder(folder))
        return folderMeant ? folder : file
    }

    /// The words for `mv` or `cp`.
    private var verb: Text { isMove ? "mv" : "cp" }

    /// Refuses what cannot be done without losing something, in the words of mv(1) and cp(1).
    ///
    /// Returns whether something is there to be replaced, for which the user's consent is needed.
    public func replaces(in store: Store) throws -> Bool {
        let from = store.quoted(source)
        let to = store.quoted(destination)
        guard let there = try FileStatus(of: destination) else {
            let inside = destination.isWithin(source) && destination != source
            if FileStatus.isFolder(source), inside {
                throw Problem.pass(
                    isMove
                        ? "mv: cannot move \(from) to a subdirectory of itself, \(to)"
                        : "cp: cannot copy a directory, \(from), into itself, \(to)")
            }
            return false
        }
        if try FileStatus(of: source)?.identity == there.identity {
            throw Problem.pass("\(verb): \(from) and \(to) are the same file")
        }
        let sourceIsFolder = FileStatus.isFolder(source)
        switch (sourceIsFolder, there.kind == .folder) {
        case (true, true):
            if isMove, !(try Files.names(in: destination).isEmpty) {
                throw Problem.pass("mv: cannot move \(from) to \(to): Directory not empty")
            }
            return false
        case (true, false):
            throw Problem.pass(
                "\(verb): cannot overwrite non-directory \(to) with directory \(from)")
        case (false, true):
            throw Problem.pass(
                "\(verb): cannot overwrite directory \(to) with non-directory \(from)")
        case (false, false): return true
        }
    }
}

extension Store {
    /// Moves or copies, encrypts anew for the recipients of the new place, and commits, all in one
    /// change.
    ///
    /// A folder that carries its own `.gpg-id` keeps it. Entries that cannot be encrypted anew are
    /// moved as they are.
    ///
    /// - Throws: a `Problem` that lists those, after all else is done.
    public func relocate(_ relocation: Relocation) throws {
        try exclusively {
            _ = try relocation.replaces(in: self)
            let (source, destination) = (relocation.source, relocation.destination)
            try refuseLeavingStore(destination)
            var plan = RelocationPlan(store: self, relocation: relocation)
            try plan.make()
            for folder in plan.folders { _ = try DurableFile.makeFolder(folder) }
            let there = try repository(around: destination.parent)?.workTree
            try Change(
                store: self, steps: plan.steps, events: plan.events(), lines: plan.lines
            ) { plan.subject($0, destination: there) }.perform()
            if relocation.isMove { try prune(source.withoutTrailingSlashes.parent) }
            guard plan.failed.isEmpty else {
                let names = plan.failed.map(\.name).joined(separator: ", ")
                throw Problem(
                    "\(relocation.isMove ? "moved" : "copied") to \(destination), but not encrypted anew: \(names)",
                    hints: ["ask somebody who can read them to run: passel mv again"], status: 1)
            }
        }
    }
}

/// The steps of a move or copy.
private struct RelocationPlan {
    let store: Store
    let relocation: Relocation
    var steps: [FileChange] = []
    /// Folders that a copy needs, the outermost first.
    var folders: [Path] = []
    var lines: [Text] = []
    var failed: [(name: Text, problem: Problem)] = []
    /// The entries, and where they come to lie.
    private var entries: [(source: Path, place: Path)] = []
    /// The audiences of folders whose lists come along.
    private var pending: [Path: Audience?] = [:]

    init(store: Store, relocation: Relocation) {
        self.store = store
        self.relocation = relocation
    }

    mutating func make() throws {
        let (source, destination) = (relocation.source, relocation.destination)
        guard relocation.isMove else {
            try copy(source, destination)
            try reencrypt()
            return
        }
        if try FileStatus(of: source, following: false)?.identity.device
            != FileStatus(of: destination.parent)?.identity.device
        {
            throw Problem(
                "\(relocation.new) lies on another file system",
                hints: ["copy, then remove: passel cp \(relocation.old) \(relocation.new)"])
        }
        lines.append("renamed \(store.quoted(source)) -> \(store.quoted(destination))")
        steps.append(.move(source, destination))
        try reencrypt()
        try renameInProfiles()
    }

    /// Profiles of the store follow an entry to its new name.
    private mutating func renameInProfiles() throws {
        let (old, new) = (relocation.source, relocation.destination)
        let isEntry = FileStatus.isFile(old)
        let changes = try store.profileChanges { name in
            if isEntry {
                let isIt = store.file(name).components == old.components
                return isIt ? Path(store.entryName(new).bytes) : nil
            }
            // An entry beside the folder, of the same name, stays where it is.
            guard let rest = store.path(name).relative(to: old), !rest.components.isEmpty else {
                return nil
            }
            return (new / rest).relative(to: store.root)
        }
        steps += changes.map(\.step)
        for (name, _) in changes {
            store.observer.warned(
                Problem(
                    "the profile \(name) named it, and names it as it is called now",
                    hints: ["passel profile show \(ShellWord.text(name.bytes))"]))
        }
    }

    /// The subject for one of the two repositories that a move may touch.
    func subject(_ workTree: Path, destination: Path?) -> Text {
        guard relocation.isMove else { return CommitSubject.copy(relocation.old, relocation.new) }
        return workTree == destination
            ? CommitSubject.move(relocation.old, relocation.new)
            : CommitSubject.movedAway(relocation.old)
    }

    /// As `cp -r -v`: folders made, files and links copied, one line each.
    private mutating func copy(_ from: Path, _ to: Path) throws {
        guard let status = try FileStatus(of: from, following: false) else { return }
        let line: Text = "\(store.quoted(from)) -> \(store.quoted(to))"
        switch status.kind {
        case .folder:
            // cp(1) says nothing of a folder that is there already.
            if !FileStatus.isFolder(to) {
                folders.append(to)
                lines.append(line)
            }
            for name in try Files.names(in: from).sorted(by: {
                $0.bytes.lexicographicallyPrecedes($1.bytes)
            }) {
                try copy(from / name.bytes, to / name.bytes)
            }
            return
        // With -r cp(1) copies links as links.
        case .link: steps.append(.link(to, target: try Files.target(of: from).bytes))
        case .file: steps.append(.write(to, try Files.read(from), mode: .kept))
        default:
            throw Problem("\(from) is neither a file nor a folder nor a link")
        }
        lines.append(line)
    }

    /// Entries at the new place that need other recipients there.
    ///
    /// Where entries are not yet at their new place they are read at the old one.
    private mutating func reencrypt() throws {
        let (source, destination) = (relocation.source, relocation.destination)
        try store.refuseUnacknowledged(below: source)
        let files = try Reencryption.files(below: source)
        // A place without recipients has nothing that could stay the same.
        let oldAudience = try? store.audience(of: source.parent)
        var candidates: [Reencryption.Candidate] = []
        for file in try listFiles(below: source) {
            let place = destination / (file.relative(to: source) ?? "")
            let content = try Files.read(file)
            // It will decide who can read; that it lies elsewhere yet makes it no more trustworthy.
            try store.verify(content, of: file)
            pending[place.parent] = try store.audience(of: content, movedFrom: file, to: place)
        }
        for file in files {
            let place =
                file == source ? destination : destination / (file.relative(to: source) ?? "")
            entries.append((file, place))
            let newAudience = try store.audience(of: place.parent, pending: pending)
            candidates.append(
                Reencryption.Candidate(
                    source: file, destination: place, listChanged: newAudience != oldAudience))
        }
        let result = try Reencryption(store: store, pending: pending).run(candidates)
        for change in result.changes {
            guard case .write(let path, _, _) = change else { continue }
            // The copy of the old ciphertext need not be written first.
            steps.removeAll { step in
                if case .write(path, _, _) = step { return true }
                return false
            }
            steps.append(change)
        }
        lines += result.lines
        failed = result.failed
    }

    /// What the security log says of it.
    func events() throws -> SecurityLog.Events {
        let watch = TokenWatch(store: store)
        guard try watch.isNeeded else { return SecurityLog.Events() }
        let held = try watch.contents(entries.flatMap { [$0.source, $0.place] })
        let changes = entries.flatMap { source, place -> [TokenChange] in
            let (old, new) = (name(of: source), name(of: place))
            let content = held[source] ?? .unseen
            let moved = TokenChange(
                new, from: held[place] ?? .nothing, to: content,
                copyOf: relocation.isMove ? nil : old)
            return relocation.isMove
                ? [TokenChange(old, from: content, to: .nothing), moved] : [moved]
        }
        return SecurityLog(store: store).eventsIfPossible(EventDraft.drafts(of: changes)) {
            try store.audience(of: $0, pending: pending)
        }
    }

    private func name(of file: Path) -> Path { Path(store.entryName(file).bytes) }

    private func listFiles(below path: Path) throws -> [Path] {
        guard try FileStatus(of: path, following: false)?.kind == .folder else { return [] }
        return try Files.names(in: path).flatMap { name -> [Path] in
            let inner = path / name.bytes
            return name.bytes == Array(".gpg-id".utf8) ? [inner] : try listFiles(below: inner)
        }
    }
}
