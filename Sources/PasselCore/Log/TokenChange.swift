/// What one change does to an entry, as far as the security log wants to know it.
public struct TokenChange: Sendable {
    /// What an entry holds.
    public enum Content: Sendable {
        /// There is no such entry.
        case nothing
        /// It holds this.
        case text(Secret)
        /// Nobody looked: it is no token, or cannot be read here.
        case unseen

        fileprivate var text: Secret? { if case .text(let text) = self { text } else { nil } }
    }

    /// The entry.
    public let entry: Path
    /// What it held before.
    public let before: Content
    /// What it holds from then on.
    public let after: Content
    /// The entry that it is a copy of.
    public let original: Path?

    /// What happens to an entry.
    public init(
        _ entry: Path, from before: Content, to after: Content, copyOf original: Path? = nil
    ) {
        self.entry = entry
        self.before = before
        self.after = after
        self.original = original
    }
}

extension EventDraft {
    /// What the changes that are made at once mean to the tokens in their entries, in their order;
    /// what goes away for good comes last.
    ///
    /// A token that is gone from one entry and there in another has moved. One that goes while
    /// another of the entries keeps it is not gone.
    ///
    /// - Parameter restoring: whether what comes was there before.
    public static func drafts(
        of changes: [TokenChange], restoring: Bool = false
    ) -> [EventDraft] {
        var gone = changes.compactMap { change -> (entry: Path, text: EntryText)? in
            guard case .nothing = change.after, let text = change.before.text else { return nil }
            let entry = EntryText(text)
            return TokenMetadata(entry).isToken ? (change.entry, entry) : nil
        }
        var drafts: [EventDraft] = []
        var kept: [Secret] = []
        for change in changes {
            guard let after = change.after.text else { continue }
            let secret = EntryText(after).secret
            kept.append(secret)
            guard var draft = EventDraft(change.entry, from: change.before.text, to: after) else {
                continue
            }
            let place = gone.firstIndex { $0.text.secret == secret }
            let source = place.map { gone.remove(at: $0).entry }
            // What nobody looked at was replaced all the same.
            if case .unseen = change.before { draft.kind = .replaced }
            draft.source = source ?? change.original
            if draft.kind == .added, draft.source != nil {
                draft.kind = source == nil ? .copied : .moved
            } else if restoring {
                draft.kind = .restored
            }
            drafts.append(draft)
        }
        return drafts
            + gone.filter { item in !kept.contains { $0 == item.text.secret } }.map { entry, text in
                var draft = EventDraft(.removed, entry)
                draft.oldLastFour = text.secret.lastFour
                draft.locations = TokenMetadata(text)[.location]
                return draft
            }
    }
}
