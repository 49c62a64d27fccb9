public import PasselCore
import PasselGit
import PasselPosix

/// What differs between the team that the store says and the one that this machine has
/// acknowledged.
public struct Review {
    /// One difference, for people to judge.
    public struct Difference: Sendable {
        /// What changed.
        public enum Kind: Sendable, Equatable {
            /// The store got its first roster.
            case firstRoster
            /// There is a newer roster.
            case roster(from: Int, to: Int)
            /// Two signers changed the roster at the same time.
            case diverged
            /// The roster is gone, older, or not chained to the acknowledged one.
            case badRoster
            /// A list of recipients.
            case list
            /// A key file.
            case key
        }

        /// What changed.
        public let kind: Kind
        /// The folder, for a list; nothing otherwise.
        public let folder: Path?
        /// What it is about, in words.
        public let what: Text
        /// Who joins, by name and fingerprint.
        public var added: [Text] = []
        /// Who leaves.
        public var removed: [Text] = []
        /// Who changes role, from what to what.
        public var changed: [Text] = []
        /// Who committed it, and when; nothing when it was not committed.
        public var origin: Origin?
        /// Why it cannot be accepted; nothing when it can.
        public var obstacle: Problem?
    }

    /// Who brought a difference into the store.
    public struct Origin: Sendable, Equatable {
        /// The commit's author, name and mail address.
        public let author: Text
        /// The second since the epoch.
        public let time: Int64
        /// The commit, abbreviated.
        public let commit: Text
        /// Its subject.
        public let subject: Text
    }

    /// The differences; none when everything is as acknowledged.
    public var differences: [Difference] = []
    /// What would be acknowledged.
    var accepted: Pins
    /// Lists that the roster does not say, which a signer may take into it.
    var foreignLists: [Path: [UInt8]] = [:]
    /// Two rosters of which a signer has to make one.
    var divergence: Divergence?
    let base: Pins

    /// Whether all of it can be accepted.
    public var isAcceptable: Bool { differences.allSatisfy { $0.obstacle == nil } }

    /// Whether what this machine has acknowledged can be put back.
    ///
    /// Of two rosters made at the same time, one is refused by signing for both.
    public var isRefusable: Bool {
        divergence == nil || differences.allSatisfy { $0.kind != .diverged || $0.obstacle == nil }
    }
}

extension Store {
    /// What differs from what this machine has acknowledged.
    public func review() throws -> Review { try exclusively { try reviewAlone() } }

    /// As above, for who holds the store's lock.
    func reviewAlone() throws -> Review {
        guard let pins = try pins() else {
            throw Problem(
                "there is nowhere to remember whom you have acknowledged",
                hints: ["set a folder for it: export XDG_STATE_HOME=~/.local/state"])
        }
        var review = Review(accepted: pins, base: pins)
        try reviewRoster(&review)
        try reviewLists(&review)
        try reviewReaders(&review)
        return review
    }

    // MARK: The roster

    private func reviewRoster(_ review: inout Review) throws {
        let pins = review.base
        guard let content = try Files.readIfPresent(root / Roster.file) else {
            if pins.roster != nil {
                review.differences.append(
                    bad("the roster is gone", "a signed roster can only be followed by a newer one")
                )
            }
            return
        }
        let name = Roster.file
        if content == pins.roster?.content {
            do {
                if let found = try divergence(from: pins) { try describe(found, &review) }
            } catch let problem as Problem {
                review.differences.append(bad("a roster beside it", problem.message))
            }
            return
        }
        do {
            // What cannot be accepted leaves no trace.
            var accepted = review.accepted
            if let old = pins.roster {
                let steps = try RosterChain(store: self).steps(from: old, to: content)
                for (before, after) in steps {
                    var difference = describe(before.roster, after.roster)
                    difference.origin = try origin(of: name, content: after.content)
                    review.differences.append(difference)
                }
                if let last = steps.last {
                    try TeamFiles(store: self).adoptKeys(of: last.after.roster, &accepted)
                    accepted.roster = last.after
                }
            } else {
                let first = try TeamFiles(store: self).trusted(content, &accepted)
                accepted.roster = first
                var difference = describe(nil, first.roster, listed: pins.lists)
                difference.origin = try origin(of: name, content: content)
                review.differences.append(difference)
            }
            if let roster = accepted.roster?.roster {
                for folder in Set(accepted.lists.keys).union(roster.folders.keys) {
                    accepted.setList(folder, roster.list(of: folder))
                }
                try describe(roster, &accepted)
            }
            review.accepted = accepted
        } catch let problem as Problem {
            // Why it does not follow is told unless it was made at the same time.
            if let found = try? divergence(from: pins) { return try describe(found, &review) }
            var difference = bad("the roster is another", problem.message)
            difference.origin = try origin(of: name, content: content)
            review.differences.append(difference)
        }
    }

    private func bad(_ what: Text, _ why: Text) -> Review.Difference {
        var difference = Review.Difference(kind: .badRoster, folder: nil, what: what)
        difference.obstacle = Problem(
            why, hints: ["put back what you have acknowledged: passel recipients review --refuse"])
        return difference
    }

    /// What a roster changes; of the first one, compared with the fingerprints in bare lists.
    private func describe(
        _ old: Roster?, _ new: Roster, listed lists: [Path: [UInt8]] = [:]
    ) -> Review.Difference {
        let kind: Review.Difference.Kind =
            old.map { .roster(from: $0.generation, to: new.generation) } ?? .firstRoster
        var difference = Review.Difference(
            kind: kind, folder: nil,
            what: old == nil
                ? "the first roster of the store" : "roster \(new.generation) of the store")
        func person(_ key: Fingerprint) -> Text {
            let name = (new.keys[key] ?? old?.keys[key]).map { Text($0.name) } ?? "?"
            return "\(name) \(key.grouped)"
        }
        let folders = Set(new.folders.keys).union(old?.folders.keys ?? [:].keys)
        for folder in folders.sorted(by: { $0.bytes.precedes($1.bytes) }) {
            // Whoever reads it by the folder above counts, too.
            let before = old?.governing(folder).flatMap { old?.folders[$0] } ?? [:]
            let after = new.governing(folder).flatMap { new.folders[$0] } ?? [:]
            for key in after.keys.sorted() {
                let role = after[key]?.role.rawValue ?? ""
                let isListed = (lists[folder] ?? []).split(separator: .newline)
                    .contains { Fingerprint($0) == key }
                if isListed {
                    difference.changed.append("\(person(key)), \(role) in \(shown(folder))")
                } else if before[key] == nil {
                    difference.added.append("\(person(key)), \(role) in \(shown(folder))")
                } else if before[key] != after[key] {
                    difference.changed.append(
                        "\(person(key)), now \(role) in \(shown(folder))")
                }
            }
            for key in before.keys.sorted() where after[key] == nil {
                difference.removed.append("\(person(key)), from \(shown(folder))")
            }
        }
        for (key, named) in new.keys.sorted(by: { $0.key < $1.key }) {
            if let before = old?.keys[key], before.digest != named.digest {
                difference.changed.append("\(person(key)), with a newer key file")
            }
        }
        return difference
    }

    /// What merging two rosters would change against the one that was acknowledged, and who may.
    private func describe(_ divergence: Divergence, _ review: inout Review) throws {
        let (ours, theirs) = (divergence.ours.roster, divergence.theirs.roster)
        review.divergence = divergence
        var merged = divergence.merged
        var obstacle: Problem?
        do {
            let draft = try draft(of: divergence, review.base, isRefused: false)
            merged = try completed(draft)
            // Why not is said below, with who may.
            if (try? signer(of: merged, after: draft)) == nil {
                let able = divergence.signers(of: merged).map { key in
                    let name = (ours.keys[key] ?? theirs.keys[key]).map { Text($0.name) } ?? "?"
                    return "\(name) \(key.grouped)" as Text
                }
                obstacle = Problem(
                    able.isEmpty
                        ? "two signers took each other out of the team, so that nobody can sign for both; agree on one of the two"
                        : "only somebody who may sign for both can merge them: \(able.joined(separator: ", "))",
                    hints: ["let them do it: passel recipients review --accept"])
            }
        } catch let problem as Problem {
            obstacle = problem
        }
        var difference = describe(ours, merged)
        difference = Review.Difference(
            kind: .diverged, folder: nil,
            what:
                "two changes of the team at once, roster \(ours.generation) here and roster \(theirs.generation); merged",
            added: difference.added, removed: difference.removed, changed: difference.changed)
        difference.origin = try madeBy(divergence)
        difference.obstacle = obstacle
        review.differences.append(difference)
    }

    // MARK: Lists

    private func reviewLists(_ review: inout Review) throws {
        let now = try lists()
        var expected = review.accepted.lists
        if let divergence = review.divergence, divergence.isTheirsInPlace {
            // They are put right by whoever merges the two.
            let roster = divergence.theirs.roster
            expected = [:]
            for folder in roster.folders.keys { expected[folder] = roster.list(of: folder) }
        }
        for folder in Set(now.keys).union(expected.keys).sorted(by: { $0.bytes.precedes($1.bytes) })
        where now[folder] != expected[folder] {
            let file: Path = folder == Roster.top ? ".gpg-id" : folder / ".gpg-id"
            var difference = Review.Difference(
                kind: .list, folder: folder, what: "the recipients of \(shown(folder))")
            difference.origin = try origin(of: file, content: now[folder])
            do {
                let before = try expected[folder].map { try RecipientList($0, path: file) }
                let after = try now[folder].map { try RecipientList($0, path: file) }
                let old = before?.recipients ?? []
                let new = after?.recipients ?? []
                difference.added = try new.filter { !old.contains($0) }.map(described)
                difference.removed = try old.filter { !new.contains($0) }.map(described)
                if now[folder] == nil {
                    difference.changed.append("it inherits its recipients now")
                }
                if after?.recipients.isEmpty == true {
                    difference.obstacle = Problem("it names nobody")
                }
                if now[folder] == nil { difference.obstacle = try whatIsNoList(file) }
            } catch let problem as Problem {
                difference.obstacle = problem
            }
            if review.divergence != nil, difference.obstacle == nil {
                difference.obstacle = Problem(
                    "the two changes of the team have to be merged first",
                    hints: ["put the list back: passel git log -- \(file)"])
            }
            review.differences.append(difference)
            if review.accepted.roster == nil {
                review.accepted.setList(folder, now[folder])
            } else {
                review.foreignLists[folder] = now[folder] ?? []
            }
        }
    }

    /// What lies in the place of a list without being one; nothing where nothing does.
    func whatIsNoList(_ file: Path) throws -> Problem? {
        let path = root / file
        guard let status = try FileStatus(of: path, following: false), !FileStatus.isFile(path)
        else { return nil }
        let isFolder = status.kind == .folder
        let what: Text =
            switch status.kind {
            case .folder: "a folder"
            case .link: "a link that leads to no file"
            default: "no file"
            }
        return Problem(
            "\(file) is \(what), not a list of recipients",
            hints: [
                "look at it: ls -l \(path)", "take it away: rm \(isFolder ? "-r " : "")\(path)",
            ])
    }

    /// A line of a list with whom it means.
    private func described(_ recipient: Recipient) throws -> Text {
        let keys = try cipher.keys([recipient], in: .own)
        guard let key = keys.first else {
            // Nobody here has the key: what the line says is all there is.
            return Fingerprint(recipient.bytes)?.grouped ?? Text(recipient.bytes)
        }
        return "\(key.name) \(key.fingerprint.grouped)"
    }

    /// Whom gpg finds for bare lists that did not change.
    private func reviewReaders(_ review: inout Review) throws {
        guard review.accepted.roster == nil else { return }
        for (folder, known) in review.accepted.readers.sorted(by: {
            $0.key.bytes.precedes($1.key.bytes)
        }) {
            guard let content = review.accepted.lists[folder] else { continue }
            let list = try RecipientList(content, path: folder / ".gpg-id")
            let ids = try cipher.readers(of: list.recipients).filter { $0 != .hidden }
            let keys = try cipher.keys(ids.map { Recipient("0x\($0.hex)".utf8) }, in: .own)
            let found = Pins.readers(keys, at: settings.now())
            guard Set(found.keys) != Set(known.keys), !ids.isEmpty else { continue }
            var difference = Review.Difference(
                kind: .key, folder: folder,
                what: "whom gpg finds for the recipients of \(shown(folder))")
            for key in keys where known[key.fingerprint] == nil {
                difference.added.append("\(key.name) \(key.fingerprint.grouped)")
            }
            for key in known.keys.sorted() where found[key] == nil {
                difference.removed.append(key.grouped)
            }
            review.differences.append(difference)
            review.accepted.readers[folder] = found
        }
    }

    // MARK: Who it was

    /// The commit that brought the other roster.
    private func madeBy(_ divergence: Divergence) throws -> Review.Origin? {
        guard let repository = try repository(around: root),
            let tracked = repository.name(of: root / Roster.file)
        else { return nil }
        let id = GitID(ofFile: divergence.theirs.content)
        return try repository.revisions(of: tracked).last { $0.leaf?.id == id }
            .map { Review.Origin($0.commit) }
    }

    /// The commit that gave a file this content; nothing when no commit did.
    private func origin(of name: Path, content: [UInt8]?) throws -> Review.Origin? {
        guard let repository = try repository(around: root),
            let tracked = repository.name(of: root / name)
        else { return nil }
        guard let revision = try repository.revisions(of: tracked).first else { return nil }
        if let content {
            guard let leaf = revision.leaf, leaf.isFile,
                try repository.content(of: leaf.id) == content
            else {
                return nil
            }
        } else if revision.leaf != nil {
            return nil
        }
        return Review.Origin(revision.commit)
    }
}

extension Review.Origin {
    fileprivate init(_ commit: HistoryCommit) {
        self.init(
            author: "\(commit.author.name) <\(commit.author.mail)>", time: commit.author.time,
            commit: Text(commit.id.hex.prefix(10).utf8), subject: commit.subject)
    }
}
