import PasselCore
import PasselPosix

/// Reads the packets of every entry below a place, without decrypting anything.
///
/// An entry that is a link is judged by what it leads to: left out where that is an entry below the
/// place anyway, else looked at under the link's name, with the recipients of the folder that the
/// file lies in. Folders behind links likewise, none twice.
struct EntryScan {
    /// A folder with entries.
    struct Place: Sendable {
        /// Where it is.
        let path: Path
        /// Its path below the store as the user would spell it; empty for the top.
        let shown: [UInt8]
        /// The folder of the team whose list holds for it, or that lies below it.
        let team: Path
        /// Whether it lies in the store, so that an entry in it may be written.
        let isInside: Bool
        /// Whether all names in it were seen, and not only some entry.
        fileprivate(set) var isListed = false
    }

    /// What a file says of its readers.
    enum Content: Sendable {
        case message([KeyID], usesAEAD: Bool)
        /// Why nobody can read it.
        case flawed(Text)
    }

    /// An entry.
    struct Entry: Sendable {
        /// The index of its place.
        let place: Int
        /// The file's name in it.
        let file: [UInt8]
        /// The name that it is called by: of the file, or of the link that leads to it.
        let shown: [UInt8]
        var content: Content
    }

    private(set) var places: [Place] = []
    /// The folder that was asked for; nothing where only an entry was.
    private(set) var scope: Path?
    private(set) var entries: [Entry] = []
    /// Folders with a list of their own, or with a link called like one.
    private(set) var lists: Set<Path> = []
    /// Folders that cannot be listed, and why.
    private(set) var failures: [(folder: Text, why: Text)] = []

    private let root: Path
    private let top: Path
    private var links: [(place: Place, name: [UInt8])] = []
    private var entered: [Path] = []

    /// Takes what a look at all of the store found; only links and what they lead to are read anew.
    ///
    /// - Throws: `NotInitialised` when there is no store.
    init(_ store: Store, _ look: FileLook) throws {
        guard let top = Files.resolved(store.root) else { throw NotInitialised() }
        root = store.root
        self.top = top
        scope = Roster.top
        entered.append(top)
        for folder in look.folders where !folder.isReserved {
            let name = Array(folder.prefix.dropLast())
            if let failure = folder.failure {
                failures.append((Text(name), Self.unlisted(failure)))
                continue
            }
            let place = place(name.isEmpty ? top : top / name, shown: name)
            let index = places.count
            addListed(place)
            for file in folder.files {
                if let message = file.message {
                    entries.append(
                        Entry(place: index, file: file.name, shown: file.name, content: message))
                } else if file.name.elementsEqual(".gpg-id".utf8) {
                    lists.insert(place.team)
                }
            }
            links += folder.links.map { (place, $0) }
            if folder.links.contains(where: { $0.elementsEqual(".gpg-id".utf8) }) {
                lists.insert(place.team)
            }
        }
        let read = entries.count
        followLinks()
        readContents(from: read)
    }

    /// Reads what is at and below `name`, an entry or a folder, as the user spells it; empty for all
    /// of the store.
    ///
    /// - Throws: `NotInitialised` when there is no store; a `Problem` when nothing has that name.
    init(_ store: Store, at name: Path) throws {
        guard let top = Files.resolved(store.root), FileStatus.isFolder(top) else {
            throw NotInitialised()
        }
        root = store.root
        self.top = top
        let shown = Array(name.components.joined(separator: [.slash]))
        if shown.isEmpty {
            scope = Roster.top
            walk(from: place(top, shown: []))
        } else {
            let path = store.path(name)
            var found = false
            if !name.hasTrailingSlash, let file = Files.resolved(store.file(name)),
                FileStatus.isFile(file)
            {
                found = true
                add(file: file, shown: Path(shown).appending(EntryName.suffix))
            }
            if let folder = Files.resolved(path), FileStatus.isFolder(folder) {
                found = true
                scope = place(folder, shown: shown).team
                walk(from: place(folder, shown: shown))
            }
            guard found else {
                throw Problem(
                    "\(Text(shown)) is not in the store",
                    hints: ["look for it: passel find \(Text(Path(shown).name))"])
            }
        }
        followLinks()
        readContents(from: 0)
    }

    /// The name of an entry.
    func name(_ entry: Entry) -> Text {
        let bytes =
            entry.shown.ends(with: EntryName.suffix)
            ? entry.shown.dropLast(EntryName.suffix.utf8.count) : entry.shown[...]
        let folder = places[entry.place].shown
        return Text(folder.isEmpty ? Array(bytes) : folder + [.slash] + bytes)
    }

    /// Where an entry's file is, by the store's own spelling; nothing when it is not in the store.
    func file(_ entry: Entry) -> Path? {
        let place = places[entry.place]
        guard place.isInside else { return nil }
        return (place.team == Roster.top ? root : root / place.team) / entry.file
    }

    /// Why nothing can be told of a folder.
    fileprivate static func unlisted(_ error: any Error) -> Text {
        (error as? SystemError).map { "cannot be listed: \(SystemError.text($0.code))" }
            ?? "cannot be listed"
    }

    // MARK: Folders

    /// A folder with its links resolved, under the name that it is shown by.
    private func place(_ folder: Path, shown: [UInt8]) -> Place {
        if let inside = folder.relative(to: top) {
            return Place(
                path: folder, shown: shown, team: inside.isEmpty ? Roster.top : inside,
                isInside: true)
        }
        return Place(
            path: folder, shown: shown, team: shown.isEmpty ? Roster.top : Path(shown),
            isInside: false)
    }

    /// Lists a folder and all below it, level by level, so that two threads share the work.
    private mutating func walk(from start: Place) {
        entered.append(start.path)
        var level = [start]
        while !level.isEmpty {
            // Threads for a few folders would cost more than they save.
            let width = level.count < 16 ? 1 : 2
            let listings = Parallel.map(level, width: width) { Listing($0) }
            var next: [Place] = []
            for (place, listing) in zip(level, listings) {
                if let failure = listing.failure {
                    failures.append((Text(place.shown), failure))
                    continue
                }
                let index = places.count
                addListed(place)
                if listing.hasList { lists.insert(place.team) }
                entries += listing.entries.map {
                    Entry(place: index, file: $0, shown: $0, content: .flawed(""))
                }
                links += listing.links.map { (place, $0) }
                next += listing.folders.map { place.inner($0) }
            }
            level = next
        }
    }

    private mutating func addListed(_ place: Place) {
        places.append(place)
        places[places.count - 1].isListed = true
    }

    /// Folders first, so that what lies in them is not looked at under two names.
    private mutating func followLinks() {
        var files: [(target: Path, shown: [UInt8])] = []
        while !links.isEmpty {
            let batch = links.map { place, name in
                (path: place.path / name, shown: place.inner(name).shown)
            }.sorted { $0.shown.precedes($1.shown) }
            links = []
            for link in batch {
                // What leads nowhere is nothing.
                guard let target = Files.resolved(link.path), !isSeen(target) else { continue }
                if FileStatus.isFolder(target) {
                    // Into what contains the place itself there is no end.
                    guard !entered.contains(where: { $0.isWithin(target) }) else { continue }
                    walk(from: place(target, shown: link.shown))
                } else if link.path.hasSuffixIgnoringCase(EntryName.suffix),
                    FileStatus.isFile(target)
                {
                    files.append((target, link.shown))
                }
            }
        }
        for (target, shown) in files where !isSeen(target) {
            add(file: target, shown: Path(shown))
        }
    }

    /// Whether the walk comes by there anyway, or must not.
    private func isSeen(_ target: Path) -> Bool {
        if let inside = target.relative(to: top),
            inside.components.contains(where: {
                EntryName.isReserved($0)
            })
        {
            return true
        }
        return entered.contains { folder in
            target.relative(to: folder).map { inside in
                // The walk takes a file for an entry only by its name.
                FileStatus.isFolder(target)
                    || target.hasSuffixIgnoringCase(EntryName.suffix)
                        && !inside.isEmpty
            } ?? false
        }
    }

    private mutating func add(file: Path, shown: Path) {
        let folder = shown.components.dropLast().joined(separator: [.slash])
        places.append(place(file.parent, shown: Array(folder)))
        entries.append(
            Entry(
                place: places.count - 1, file: file.name, shown: shown.name,
                content: .flawed("")))
    }

    // MARK: Files

    /// How much of a file is read at first; all of nearly every entry.
    private static let beginning = 1 << 14
    /// Up to which size a whole file is read, to see whether it is complete.
    private static let whole = 1 << 20

    private mutating func readContents(from start: Int) {
        var chunks: [Range<Int>] = []
        var first = start
        for index in start..<entries.count
        where index + 1 == entries.count || entries[index + 1].place != entries[index].place
            || index - first == 127
        {
            chunks.append(first..<(index + 1))
            first = index + 1
        }
        let (entries, places) = (entries, places)
        let width = entries.count - start < 64 ? 1 : 2
        let contents = Parallel.map(chunks, width: width) { chunk in
            Self.contents(entries[chunk], in: places[entries[chunk.lowerBound].place].path)
        }
        for (index, content) in zip(start..., contents.joined()) {
            self.entries[index].content = content
        }
    }

    private static func contents(_ entries: ArraySlice<Entry>, in folder: Path) -> [Content] {
        do {
            let reader = try FolderScan(folder)
            return entries.map { content(of: $0.file, reader) }
        } catch {
            return entries.map { _ in .flawed(reason(error)) }
        }
    }

    private static func content(of file: [UInt8], _ reader: borrowing FolderScan) -> Content {
        do {
            var bytes = try reader.start(of: file, limit: beginning)
            if bytes.count == beginning { bytes = try reader.start(of: file, limit: whole) }
            let message =
                try bytes.count < whole
                ? EncryptedMessage(bytes) : EncryptedMessage.head(bytes)
            return .message(message.recipients, usesAEAD: message.usesAEAD)
        } catch {
            return .flawed(reason(error))
        }
    }

    // MARK: What is to come

    /// Takes the entries of the store's own folders as they would be once the steps are done;
    /// without content where they write nothing, which is nobody's.
    mutating func apply(_ steps: [FileChange]) {
        guard !steps.isEmpty else { return }
        var coming: [Path: Content?] = [:]
        for step in steps where step.path.hasSuffixIgnoringCase(EntryName.suffix) {
            guard let file = step.path.relative(to: root) else { continue }
            switch step {
            case .write(_, let bytes, _) where !bytes.isEmpty: coming[file] = Self.content(bytes)
            default: coming[file] = .some(nil)
            }
        }
        let places = places
        entries.removeAll { entry in
            let place = places[entry.place]
            return place.isInside && coming[place.team.inner(entry.file)] != nil
        }
        for (file, content) in coming {
            guard let content else { continue }
            let name = file.parent == Roster.top ? [] : file.parent.bytes
            var index = places.firstIndex { $0.isInside && $0.team == file.parent }
            if index == nil {
                index = self.places.count
                self.places.append(
                    Place(
                        path: top / file.parent, shown: name, team: file.parent, isInside: true))
            }
            guard let index else { continue }
            entries.append(
                Entry(place: index, file: file.name, shown: file.name, content: content))
        }
    }

    /// What a whole file says of its readers.
    static func content(_ bytes: [UInt8]) -> Content {
        do {
            let message = try EncryptedMessage(bytes)
            return .message(message.recipients, usesAEAD: message.usesAEAD)
        } catch {
            return .flawed(reason(error))
        }
    }

    /// Why nothing can be told of a file.
    static func reason(_ error: any Error) -> Text {
        switch error {
        case let flaw as EncryptedMessage.Flaw: "\(flaw.description)"
        case let error as SystemError: "cannot be read: \(SystemError.text(error.code))"
        default: "cannot be read"
        }
    }
}

extension EntryScan.Place {
    func inner(_ name: [UInt8]) -> Self {
        Self(
            path: path / name, shown: shown.isEmpty ? name : shown + [.slash] + name,
            team: team.inner(name), isInside: isInside)
    }
}

extension Path {
    /// A name in this folder of the team.
    fileprivate func inner(_ name: [UInt8]) -> Path {
        self == Roster.top ? Path(name) : self / name
    }
}

/// The names in one folder, sorted out.
private struct Listing: Sendable {
    var entries: [[UInt8]] = []
    var folders: [[UInt8]] = []
    var links: [[UInt8]] = []
    var hasList = false
    var failure: Text?

    init(_ place: EntryScan.Place) {
        do {
            let reader = try FolderScan(place.path)
            for name in try reader.names() {
                let bytes = name.bytes
                switch name.kind ?? reader.status(of: bytes, following: false)?.kind {
                case .file where Path(bytes).hasSuffixIgnoringCase(EntryName.suffix):
                    entries.append(bytes)
                case .file: if bytes.elementsEqual(".gpg-id".utf8) { hasList = true }
                case .folder where !EntryName.isReserved(bytes): folders.append(bytes)
                case .link:
                    links.append(bytes)
                    if bytes.elementsEqual(".gpg-id".utf8) { hasList = true }
                default: break
                }
            }
        } catch {
            failure = EntryScan.unlisted(error)
        }
    }
}
