public import PasselCore
public import PasselGit
import PasselPosix

/// What taking back a commit does to the entries.
public struct Undoing: Sendable {
    /// What happens to one entry, or another file.
    public enum Effect: String, Sendable {
        /// The commit had added it.
        case removed
        /// The commit had changed it.
        case restored
        /// The commit had removed it.
        case broughtBack = "brought_back"
    }

    /// The commit that is taken back.
    public let commit: HistoryCommit
    /// What happens, by name: of entries as they are called, of other files with their path.
    public let effects: [(name: Path, effect: Effect)]
}

extension Store {
    /// Takes back what a commit did, as a new commit: the one that a person names, or the last one
    /// made on this machine that is not taken back yet.
    ///
    /// What comes back is encrypted for the recipients that its folder has today. Taking back a
    /// commit that took one back brings that one's changes back.
    ///
    /// - Throws: a `Problem`, and nothing has changed, for a merge, for the first commit, for a
    ///   change of recipients, and when something that the commit changed was changed again since.
    public func undo(_ revision: Text?, dryRun: Bool = false) throws -> Undoing {
        try exclusively {
            let history = try KeptHistory(around: root, in: self)
            let local = try LocalChange(history)
            let commit = try revision.map(history.commit) ?? local.newest()
            let plan = try UndoPlan(commit, history, local, self)
            let steps = try plan.steps()
            let undoing = Undoing(
                commit: commit,
                effects: steps.map { step in
                    (plan.name(of: step.path), plan.effect(on: step.path))
                })
            guard !dryRun else { return undoing }
            for step in steps { try makeFolders(step.path.parent) }
            let events = plan.isLogged ? try events(steps) : SecurityLog.Events()
            try Change(store: self, steps: steps, events: events) { _ in
                LocalChange.subject(undoing: commit)
            }.perform()
            for step in steps {
                if case .remove(let path) = step { try prune(path.parent) }
            }
            return undoing
        }
    }

    /// What the security log says of what comes back and goes.
    private func events(_ steps: [FileChange]) throws -> SecurityLog.Events {
        let changes = try steps.compactMap { step -> TokenChange? in
            guard step.path.hasSuffixIgnoringCase(EntryName.suffix) else { return nil }
            let name = entryName(step.path)
            // What cannot be read here comes back all the same.
            func text(_ content: [UInt8]) -> TokenChange.Content {
                (try? decryptNoting(content, name: name)).map { TokenChange.Content.text($0) }
                    ?? .unseen
            }
            var after = TokenChange.Content.nothing
            if case .write(_, let content, _) = step { after = text(content) }
            return TokenChange(
                Path(name.bytes), from: try Files.readIfPresent(step.path).map(text) ?? .nothing,
                to: after)
        }
        return SecurityLog(store: self).eventsIfPossible(
            EventDraft.drafts(of: changes, restoring: true)
        ) { try audience(of: $0) }
    }
}

/// What has to be done to take back a commit, found out before anything is done.
private struct UndoPlan {
    private let commit: HistoryCommit
    private let history: KeptHistory
    private let local: LocalChange
    private let store: Store
    /// Whether the commit has an event of the security log.
    private(set) var isLogged = false
    private var changes: [Path: GitLeafChange] = [:]
    private var order: [Path] = []

    init(
        _ commit: HistoryCommit, _ history: KeptHistory, _ local: LocalChange, _ store: Store
    ) throws {
        (self.commit, self.history, self.local, self.store) = (commit, history, local, store)
        guard commit.parents.count < 2 else {
            throw refusal("is a merge, and has no changes of its own to take back")
        }
        guard let parent = commit.parents.first else {
            throw refusal("is where the store's history begins")
        }
        for change in try history.repository.changes(from: parent, to: commit.id) {
            guard let name = history.place.name(of: change.name), Self.isStorable(name),
                [change.old, change.new].allSatisfy({ $0?.isFile != false })
            else {
                throw Problem(
                    "\(commit.id.short) changed \(Text(change.name)), which is no file of the store",
                    hints: ["passel git revert \(commit.id.short)"])
            }
            // What the log has stays in it.
            guard !EventName.isInLog(name) else {
                isLogged = true
                continue
            }
            let path = store.path(Path(name))
            changes[path] = change
            order.append(path)
        }
        guard !order.isEmpty || !isLogged else {
            throw refusal("only added to the security log, and what that has stays in it")
        }
        try refuseRecipients()
        guard order.contains(where: isEntry) else {
            throw Problem(
                "\(commit.id.short) (\(commit.subject)) changed no entry",
                hints: ["passel git revert \(commit.id.short)"])
        }
        try refuseChangedSince(parent)
    }

    func name(of path: Path) -> Path {
        guard isEntry(path) else { return path.relative(to: store.root) ?? path }
        return Path(store.entryName(path).bytes)
    }

    func effect(on path: Path) -> Undoing.Effect {
        changes[path]?.old == nil ? .removed : changes[path]?.new == nil ? .broughtBack : .restored
    }

    private func isEntry(_ path: Path) -> Bool { path.hasSuffixIgnoringCase(EntryName.suffix) }

    // MARK: - What stands in the way

    private func refusal(_ reason: Text) -> Problem {
        var hints: [Text] = ["see what it did: passel git show \(commit.id.short)"]
        // Without another one made here there is nothing to propose.
        if let next = try? local.newest(before: commit.id), next.parents.count == 1 {
            hints.append("undo the one before: passel undo \(next.id.short)  # \(next.subject)")
        }
        return Problem("\(commit.id.short) (\(commit.subject)) \(reason)", hints: hints)
    }

    /// Whether a name that a commit has may be written: what somebody else made can have any.
    private static func isStorable(_ name: [UInt8]) -> Bool {
        name.split(separator: .slash, omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.count <= 255 && !part.contains(0)
                && ![".", "..", ".git"].contains { part.map(\.asciiLowercased) == Array($0.utf8) }
        }
    }

    private func refuseRecipients() throws {
        let files = order.filter { path in
            path.isList || path.name.elementsEqual(".gpg-id.sig".utf8)
                || path.relative(to: store.root)?.components.contains(where: EntryName.isReserved)
                    == true
        }
        guard !files.isEmpty else { return }
        throw Problem(
            "\(commit.id.short) (\(commit.subject)) changed who may read; that is not taken back by itself",
            hints: [
                "see who may read now: passel recipients",
                "change it: passel recipients set, add or rm",
            ])
    }

    private func refuseChangedSince(_ parent: GitID) throws {
        var changed: [Path] = []
        var uncommitted: [Path] = []
        for path in order {
            guard let change = changes[path] else { continue }
            if try history.repository.leaf(at: change.name) != change.new { changed.append(path) }
            guard history.repository.name(of: path) == change.name else {
                throw Problem(
                    "\(name(of: path)) is behind a link",
                    hints: ["look at it: ls -l \(path.parent)"])
            }
            let content = try Files.readIfPresent(path)
            if content.map({ GitID(ofFile: $0) }) != change.new?.id { uncommitted.append(path) }
        }
        if let first = changed.first {
            throw Problem(
                "\(list(changed)) changed again since \(commit.id.short)",
                hints: [
                    "see what: passel log \(name(of: first))",
                    "bring back how it was: passel restore \(name(of: first)) --at \(parent.short)",
                ])
        }
        guard uncommitted.isEmpty else {
            throw Problem(
                "\(list(uncommitted)) has changes that are not committed",
                hints: ["see which: passel git status"])
        }
    }

    private func list(_ paths: [Path]) -> Text {
        let names = paths.prefix(3).map { Text(name(of: $0).bytes) }.joined(separator: ", ")
        return paths.count > 3 ? "\(names) and \(paths.count - 3) more" : names
    }

    // MARK: - What is done

    func steps() throws -> [FileChange] {
        let steps = try order.compactMap { try step(for: $0) }
        guard !steps.isEmpty else {
            throw refusal("only encrypted entries again, and there is nothing to take back")
        }
        return steps
    }

    private func step(for path: Path) throws -> FileChange? {
        guard let change = changes[path] else { return nil }
        guard let old = change.old else { return .remove(path) }
        let content = try history.repository.content(of: old.id, limit: 64 << 20)
        guard isEntry(path) else { return .write(path, content, mode: .kept) }
        let now = change.new == nil ? nil : try Files.read(path)
        return try store.renewed(content, of: path, unlessSameAs: now).map {
            .write(path, $0, mode: .kept)
        }
    }
}

extension Store {
    /// An old version of an entry for the recipients of today: the same bytes where it is for
    /// exactly those; nothing where `now` holds the same plaintext.
    fileprivate func renewed(
        _ old: [UInt8], of file: Path, unlessSameAs now: [UInt8]?
    ) throws -> [UInt8]? {
        let audience = try audience(of: file.parent)
        let wanted = try audience.readers(with: cipher)
        // A flawed message is told by decrypting it.
        if let message = try? EncryptedMessage(old), !wanted.contains(.hidden),
            message.recipients.sorted() == wanted, let pins = try pins()
        {
            if let found = try check(old, for: audience, pins: pins) {
                try acknowledge(found, of: audience)
            }
            return old
        }
        let name = entryName(file)
        let plaintext = try cipher.decrypt(old, name: name)
        if let now, try cipher.decrypt(now, name: name) == plaintext { return nil }
        let ciphertext = try encrypt(plaintext, to: audience)
        note(plaintext, as: ciphertext)
        return ciphertext
    }
}
