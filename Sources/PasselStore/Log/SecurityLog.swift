import PasselCore
import PasselGit
import PasselPosix

/// The security log of a store: one encrypted event per file, each naming those that nothing came
/// after before it.
///
/// Files have unique names and never change, so logs of two branches unite by having all files of
/// both. An event is for whoever can read the entry at the time, and is not encrypted again when
/// others come to read it.
struct SecurityLog {
    let store: Store

    /// Events that are part of a change.
    struct Events {
        /// The steps that write them.
        fileprivate(set) var steps: [FileChange] = []
        fileprivate var names: [EventName] = []
        /// What lay there before.
        fileprivate var known: Set<EventName> = []
    }

    /// The most events that one names as those before it: of more the newest, which is enough to
    /// hold on to all that they follow.
    private static let mostPrevious = 64

    private var folder: Path { store.root / EventName.folder }
    private var state: StateFolder? { store.storedPins?.folder }

    /// The events that lie in the folder.
    func names() throws -> Set<EventName> {
        guard FileStatus.isFolder(folder) else { return [] }
        return Set(try Files.names(in: folder).compactMap { EventName($0.bytes) })
    }

    /// The events that these drafts become, each for the readers of its entry, and each following
    /// the one before it.
    ///
    /// - Throws: a `Problem` when one cannot be encrypted.
    func events(
        _ drafts: [EventDraft], for audience: (_ folder: Path) throws -> Audience
    ) throws -> Events {
        var events = Events()
        guard !drafts.isEmpty else { return events }
        events.known = try names()
        let seen = state.map(SeenEvents.init) ?? SeenEvents()
        var previous = Array(
            events.known.subtracting(seen.followed).sorted().suffix(Self.mostPrevious))
        let actor = actor()
        var audiences: [Path: Audience] = [:]
        var keys: [Audience: Fingerprint?] = [:]
        var contents: [(plaintext: Secret, audience: Audience)] = []
        for draft in drafts {
            let folder = store.file(draft.entry).parent
            let readers = try audiences[folder] ?? audience(folder)
            audiences[folder] = readers
            let own = try keys[readers] ?? key(readers)
            keys[readers] = own
            let event = SecurityEvent(
                draft, time: Instant(second: store.settings.now()), actor: actor, key: own,
                nonce: Random.bytes(count: 16), previous: previous)
            contents.append(
                (event.content.withUnsafeBytes { Secret(copying: $0) }, readers))
            events.names.append(event.name)
            previous = [event.name]
        }
        for (name, ciphertext) in zip(events.names, try store.encrypt(contents)) {
            events.steps.append(.write(store.root / name.path, ciphertext, mode: .fresh))
        }
        try store.makeFolders(folder)
        return events
    }

    /// As above, of a change that is made whether or not anybody can be told of it: what cannot be
    /// written is told.
    func eventsIfPossible(
        _ drafts: [EventDraft], for audience: (_ folder: Path) throws -> Audience
    ) -> Events {
        do {
            return try events(drafts, for: audience)
        } catch {
            let reason = (error as? Problem).map { ": \($0.message)" as Text } ?? ""
            store.observer.warned(
                Problem("it is not in the security log what becomes of tokens\(reason)"))
            return Events()
        }
    }

    /// Remembers events that were written.
    func remember(_ events: Events) {
        guard let state, !events.names.isEmpty else { return }
        var seen = SeenEvents(in: state)
        seen.followed.formUnion(events.known.union(events.names.dropLast()))
        seen.heads.formUnion(events.names.suffix(1))
        // Forgetting it makes the next event name more than it needs to.
        try? seen.save(in: state)
    }

    /// Remembers what was found to be there.
    func remember(_ check: LogCheck) {
        guard let state else { return }
        var seen = SeenEvents(in: state)
        let before = seen
        let names = Set(check.events.map(\.name)).union(check.unreadable)
        seen.followed.formUnion(names.subtracting(check.heads))
        seen.heads.formUnion(check.heads)
        // As above.
        if seen != before { try? seen.save(in: state) }
    }

    // MARK: Who

    /// Who git says the user is.
    private func actor() -> Text? {
        // Without a history nobody has said; where git does not know, the commit tells so.
        guard let repository = try? store.repository(around: store.root),
            let author = try? repository.identity()
        else { return nil }
        return "\(author.name) <\(author.mail)>"
    }

    /// The user's own key, of those the first that can read what is written.
    private func key(_ audience: Audience) throws -> Fingerprint? {
        let own = try store.cipher.secretKeys().filter {
            $0.state(at: store.settings.now()).isUsable
        }
        guard own.count > 1 else { return own.first?.fingerprint }
        let readers = Set(try audience.readers(with: store.cipher))
        return (own.first { !$0.readerIDs.isDisjoint(with: readers) } ?? own.first)?.fingerprint
    }

    // MARK: Reading

    /// The most bytes that the file of an event can have.
    private static let limit = SecurityEvent.limit * 2

    /// The bytes of every file in the folder that is called like an event; nothing for what is no
    /// file, or too large for one.
    private func contents() throws -> [(name: EventName, content: [UInt8]?)] {
        try names().sorted().map { name in
            // Whatever cannot be read is told as such.
            (
                name,
                try? Files.read(folder / name.text.bytes, limit: Self.limit, followingLinks: false)
            )
        }
    }

    /// By what the index knows the events that lie in the folder.
    func messageIDs() throws -> [MessageID] {
        try contents().compactMap { $0.content.map { MessageID(of: $0) } }
    }

    /// What lies in the folder, as far as it can be read here.
    ///
    /// The index knows the session keys of events that were read before.
    ///
    /// - Throws: a `Problem` when the user's key cannot be used at the moment.
    func readings() throws -> [Text: LogCheck.Reading] {
        guard FileStatus.isFolder(folder) else { return [:] }
        var readings: [Text: LogCheck.Reading] = [:]
        for name in try Files.names(in: folder) { readings[Text(name.bytes)] = .unreadable }
        let own = try store.cipher.secretKeys().reduce(into: Set<KeyID>()) {
            $0.formUnion($1.readerIDs)
        }
        var items: [EntryReader.Item] = []
        var isOurs: Set<Text> = []
        for (name, content) in try contents() {
            guard let content else { continue }
            guard let message = try? EncryptedMessage(content) else {
                // Nobody wrote it so.
                readings[name.text] = .text([])
                continue
            }
            let isNamed = message.recipients.contains(where: own.contains)
            // Where gpg tells of no key of ours it may have one all the same.
            guard isNamed || own.isEmpty || message.recipients.contains(.hidden) else { continue }
            if isNamed { isOurs.insert(name.text) }
            items.append(
                EntryReader.Item(
                    file: folder / name.text.bytes, name: name.text, content: content,
                    id: MessageID(of: content)))
        }
        guard !items.isEmpty else { return readings }
        let reader = try EntryReader(store)
        let counter = store.observer.reading?(items.count)
        defer { counter?.end() }
        try reader.read(items, { _, text in text.withBytes { Array($0) } }) { item, result in
            counter?.advance(by: 1)
            switch result {
            case .success(let text): readings[item.name] = .text(text)
            case .failure:
                if isOurs.contains(item.name) { readings[item.name] = .text([]) }
            }
        }
        // What the index does not learn now it learns the next time.
        try? reader.index?.settle()
        return readings
    }

    /// The events that the commits of the branch ever brought.
    func recorded() throws -> Set<EventName> {
        guard let repository = try store.repository(around: store.root),
            try repository.headID() != nil
        else { return [] }
        let prefix = store.prefix(in: repository)
        var names: Set<EventName> = []
        let folder = prefix + EventName.folder.bytes
        try repository.walkHistory(refs: .head, below: folder) { _, changes in
            for change in changes where change.new != nil {
                let path = Path(change.name)
                if path.parent == Path(folder), let name = EventName(path.name) {
                    names.insert(name)
                }
            }
        }
        return names
    }
}
