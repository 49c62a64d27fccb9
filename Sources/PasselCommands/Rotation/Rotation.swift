import PasselCore
import PasselStore

/// The rotation of one entry, from wherever it stands.
///
/// planned → revoked (in an emergency) → minted → each place → promoted → grace → revoked. What a
/// step needs of those before is in the store before it begins, so that it can be done again.
struct Rotation {
    let session: Session
    let arguments: Arguments
    let entry: StoredEntry
    private let metadata: TokenMetadata

    /// How long the old secret works on, unless said otherwise.
    private static let usualGrace: Int64 = 86_400

    /// - Throws: a `Problem` when there is no such entry, or nobody here can read it.
    init(_ name: Path, session: Session, _ arguments: Arguments) throws {
        self.session = session
        self.arguments = arguments
        entry = try StoredEntry(name, session: session)
        metadata = TokenMetadata(entry.text)
    }

    private var name: Path { entry.name }
    private var title: Text { Text(name.bytes) }
    private var word: Text { ShellWord.text(name.bytes) }

    // MARK: Steps

    /// What would be done.
    func plan() throws -> ExitStatus {
        let report = RotationReport(session: session, arguments: arguments, entry: name)
        let carrier = Carrier(session: session)
        let places = try carrier.carry(targets())
        report.show(.planned, places, lines: page())
        return places.allSatisfy { if case .failed = $0.outcome { false } else { true } }
            ? .done : .inPart
    }

    /// From the beginning.
    func begin() throws -> ExitStatus {
        guard !entry.secret.isEmpty else {
            throw Problem(
                "\(name) has no secret to replace",
                hints: ["\(session.program) edit \(word)"])
        }
        // What could not be put into the entry in the end is not begun.
        guard !entry.text.isOpaque else { throw entry.notEditable }
        _ = try text(of: former(since: Instant(second: session.now)))
        try session.agree(to: targets(), arguments)
        let record = RotationRecord(
            .planned, since: Instant(second: session.now),
            grace: arguments[Rotate.grace]?.seconds ?? Self.usualGrace,
            isEmergency: arguments[Rotate.emergency], reason: arguments[Rotate.reason])
        guard record.isEmergency else { return try mint(record, nil) }
        try keep(record, nil, telling: [draft(.begun)], .begun)
        return try resume(try kept())
    }

    /// From where it stands.
    func resume(_ kept: KeptRotation) throws -> ExitStatus {
        switch kept.record.state {
        case .planned: try revokeFirst(kept)
        case .revoked: try mint(kept.record, kept)
        case .minted: try carry(kept)
        case .grace: try end(kept, [])
        }
    }

    /// In an emergency, before anything else.
    private func revokeFirst(_ kept: KeptRotation) throws -> ExitStatus {
        // It is begun by now, and must not be begun again.
        let generate: Text = arguments[Rotate.generate] ? " --generate" : ""
        try session.approve(
            ["revoke the old secret\(end(of: entry.secret)) now\(revokePage)"],
            question: "Is it revoked?",
            again: "\(session.program) rotate \(word) --resume --yes\(generate)", arguments)
        var record = kept.record
        record.state = .revoked
        var draft = draft(.revoked)
        draft.newLastFour = nil
        try keep(record, kept, telling: [draft], .revoked)
        return try resume(try self.kept())
    }

    /// A new secret, kept before anything is done with it.
    private func mint(_ begun: RotationRecord, _ kept: KeptRotation?) throws -> ExitStatus {
        for line in page() { session.output.error(line) }
        let token = try newSecret()
        guard token.secret != entry.secret else {
            throw Problem(
                "that is the secret that \(name) has already",
                hints: ["make a new one\(revokePage)"])
        }
        var changes = FieldChanges(now: session.now)
        if let typed = arguments[Rotate.expires] {
            changes.set(.expires, try changes.value(typed, for: .expires).map { [$0] } ?? [])
        }
        if metadata.isToken { changes.renew(for: token, of: entry) }
        var record = begun
        record.state = .minted
        record.secret = token.secret
        func value(_ field: TokenField) -> Text? {
            let changed = changes.values.first { $0.field == field }
            return changed.map { $0.values.last } ?? metadata[field].last
        }
        record.created = value(.created)
        record.expires = value(.expires)
        _ = try rewritten(record)
        try keep(record, kept, telling: kept == nil ? [draft(.begun)] : [], .minted)
        return try carry(try self.kept())
    }

    private func newSecret() throws -> NewToken {
        guard arguments[Rotate.generate] else {
            return try NewToken.ask(for: name, session: session, arguments)
        }
        let secret = try PasswordGenerator.password(
            length: session.passwordLength(),
            from: CharacterSet(session.settings.characterSet))
        return NewToken(secret: secret, finding: nil)
    }

    /// The new secret to every place, then to the entry.
    private func carry(_ kept: KeptRotation) throws -> ExitStatus {
        let targets = try targets()
        try session.agree(to: targets, arguments)
        let places = try bring(
            SecretExchange(wanted: kept.record.secret, other: entry.secret, isUndoing: false),
            to: targets, inOrder: kept.record.isEmergency)
        let report = RotationReport(session: session, arguments: arguments, entry: name)
        guard places.allSatisfy(\.isSettled) else {
            report.show(
                .minted, places,
                hints: [
                    "\(session.program) rotate \(word) --resume",
                    "\(session.program) rotate \(word) --abort",
                ] + leavingOut(places))
            return .inPart
        }
        try promote(kept, places)
        if kept.record.isEmergency {
            report.show(.done, places)
            EmergencyReport(session: session, entry: name).show(arguments)
            return .done
        }
        if arguments[Rotate.atOnce] { return try end(try self.kept(), places) }
        let until = Instant(second: session.now + kept.record.grace)
        report.show(
            .grace, places, until: until,
            lines: [
                "the old secret\(end(of: entry.secret)) works until it is revoked\(revokePage)"
            ],
            hints: ["after \(until.spelling): \(session.program) rotate \(word) --resume"])
        return .done
    }

    private func bring(
        _ exchange: SecretExchange, to targets: [LocationTarget], inOrder: Bool
    ) throws -> [CarriedPlace] {
        var carrier = Carrier(
            session: session, writes: true, replaces: arguments[Rotate.replace])
        carrier.exchanges = [name: exchange]
        var places: [CarriedPlace] = []
        for part in inOrder ? targets.map({ [$0] }) : [targets] where !part.isEmpty {
            let carried = try carrier.carry(part)
            try session.remember(carried)
            places += carried
        }
        return places
    }

    /// The entry gets the new secret, and the old one stays beside it, in one commit.
    private func promote(_ kept: KeptRotation, _ places: [CarriedPlace]) throws {
        let new = kept.record
        let content = try rewritten(new)
        var changes = [entry.change(to: content)]
        if !new.isEmergency {
            var old = former(since: new.since)
            old.reason = new.reason
            old.grace = new.grace
            old.until = Instant(second: session.now + new.grace)
            changes.append(
                EntryChange(
                    RotationRecord.Side.prev.name(beside: name), to: try text(of: old),
                    known: .absent))
        }
        changes.append(EntryChange(kept.name, to: nil, known: kept.known))
        var draft = draft(.replaced, new.reason)
        draft.newLastFour = new.secret.lastFour
        draft.locations = metadata[.location]
        try session.store.putTogether(
            changes, telling: [draft], subject: CommitSubject.rotate(title, .promoted))
        session.store.rememberEnd(of: content, insteadOf: entry.text.source)
    }

    /// The old secret goes, once its issuer does not take it any more.
    private func end(
        _ kept: KeptRotation, _ places: [CarriedPlace]
    ) throws -> ExitStatus {
        let report = RotationReport(session: session, arguments: arguments, entry: name)
        if let until = kept.record.until, session.now < until.second, !arguments[Rotate.atOnce] {
            report.show(
                .grace, places, until: until,
                lines: [
                    "the old secret\(end(of: kept.record.secret)) is to work until \(until.spelling)"
                ],
                hints: ["revoke it before: \(session.program) rotate \(word) --resume --now"])
            return .done
        }
        try session.approve(
            ["revoke the old secret\(end(of: kept.record.secret))\(revokePage)"],
            question: "Is it revoked?",
            again: "\(session.program) rotate \(word) --resume --now --yes", arguments)
        var draft = EventDraft(.revoked, name)
        draft.oldLastFour = kept.record.secret.lastFour
        draft.reason = kept.record.reason
        try session.store.putTogether(
            [EntryChange(kept.name, to: nil, known: kept.known)], telling: [draft],
            subject: CommitSubject.rotate(title, .ended))
        report.show(
            .done, places, lines: ["the old secret is revoked, and kept in history only"])
        return .done
    }

    /// Everything as it was before.
    func abort(_ kept: KeptRotation) throws -> ExitStatus {
        let isPromoted = kept.side == .prev
        let (old, new) =
            isPromoted
            ? (kept.record.secret, entry.secret) : (entry.secret, kept.record.secret)
        let report = RotationReport(session: session, arguments: arguments, entry: name)
        var places: [CarriedPlace] = []
        if !new.isEmpty {
            places = try bring(
                SecretExchange(wanted: old, other: new, isUndoing: true), to: targets(),
                inOrder: false)
            guard places.allSatisfy(\.isSettled) else {
                report.show(
                    isPromoted ? .grace : .minted, places,
                    hints: ["\(session.program) rotate \(word) --abort"] + leavingOut(places))
                return .inPart
            }
        }
        var changes = [EntryChange(kept.name, to: nil, known: kept.known)]
        var draft = draft(.abandoned, kept.record.reason)
        if isPromoted {
            let content = try rewritten(kept.record)
            changes.append(entry.change(to: content))
            draft = self.draft(.restored, kept.record.reason)
            draft.newLastFour = old.lastFour
            draft.locations = metadata[.location]
        }
        try session.store.putTogether(
            changes, telling: [draft], subject: CommitSubject.rotate(title, .abandoned))
        var lines: [Text] = []
        if !new.isEmpty { lines.append("revoke the new secret\(end(of: new))\(revokePage)") }
        if kept.record.state == .revoked { lines.append("the old secret is revoked all the same") }
        report.show(.aborted, places, lines: lines)
        return .done
    }

    // MARK: Parts

    /// The places that the entry names, in its order.
    private func targets() throws -> [LocationTarget] {
        var seen: Set<Text> = []
        return metadata[.location].compactMap { spelling in
            // What is no location is told when its turn comes.
            let location = try? Location(spelling.bytes)
            guard seen.insert(location?.spelling ?? spelling).inserted else { return nil }
            return LocationTarget(entry: name, spelling: spelling, location: location)
        }
    }

    /// How a place is given up that cannot be reached.
    private func leavingOut(_ places: [CarriedPlace]) -> [Text] {
        let failed = places.first { if case .failed = $0.outcome { true } else { false } }
        return failed.map { place in
            let spelling = ShellWord.text(place.target.spelling.bytes)
            return ["without that place: \(session.program) location rm \(word) \(spelling)"]
        } ?? []
    }

    /// The entry with the secret of a record, and what its fields say of that.
    private func rewritten(_ record: RotationRecord) throws -> Secret {
        do {
            var content = try entry.text.replacingSecret(by: record.secret)
            for (field, value) in [
                (TokenField.created, record.created), (.expires, record.expires),
            ]
            where metadata[field].last != value {
                content = try EntryText(content).setting(field, to: value.map { [$0] } ?? [])
            }
            return content
        } catch is EntryText.NotEditable {
            throw entry.notEditable
        }
    }

    /// What is kept of the secret that the entry has.
    private func former(since: Instant) -> RotationRecord {
        var record = RotationRecord(.grace, secret: entry.secret, since: since, grace: 0)
        record.created = metadata[.created].last
        record.expires = metadata[.expires].last
        return record
    }

    private func text(of record: RotationRecord) throws -> Secret {
        if let content = record.content { return content }
        throw Problem(
            "a secret of several lines that is no whole block cannot be rotated",
            hints: ["\(session.program) edit \(word)"])
    }

    /// Writes the record into `NAME.next`.
    private func keep(
        _ record: RotationRecord, _ kept: KeptRotation?, telling drafts: [EventDraft],
        _ step: CommitSubject.RotationStep
    ) throws {
        let name = RotationRecord.Side.next.name(beside: name)
        try session.store.putTogether(
            [EntryChange(name, to: try text(of: record), known: kept?.known ?? .absent)],
            telling: drafts, subject: CommitSubject.rotate(title, step))
    }

    private func kept() throws -> KeptRotation {
        if let kept = try KeptRotation(of: name, session: session) { return kept }
        throw Problem("what is kept of the rotation of \(name) was removed meanwhile")
    }

    private func draft(_ kind: EventDraft.Kind, _ reason: Text? = nil) -> EventDraft {
        var draft = EventDraft(kind, name)
        draft.oldLastFour = entry.secret.lastFour
        draft.reason = reason ?? arguments[Rotate.reason]
        return draft
    }

    /// Where a new secret is made, and what of the old one it is to have.
    private func page() -> [Text] {
        guard !arguments[Rotate.generate] else { return [] }
        var lines: [Text] = []
        let pages = metadata[.revokeURL] + (metadata[.revokeURL].isEmpty ? knownPage : [])
        lines += pages.map { "make a new secret at \($0)" }
        lines += metadata[.scope].map { "scope: \($0)" }
        lines += metadata[.username].map { "username: \($0)" }
        return lines
    }

    private var knownPage: [Text] {
        (entry.secret.tokenFinding?.implied[.revokeURL]).map { [$0] } ?? []
    }

    /// By what a secret is known, behind what it is called.
    private func end(of secret: Secret) -> Text {
        secret.lastFour.map { " …\($0)" as Text } ?? ""
    }

    /// Where the old secret is revoked, behind what is said of it.
    private var revokePage: Text {
        (metadata[.revokeURL] + knownPage).first.map { ": \($0)" as Text } ?? ""
    }
}
