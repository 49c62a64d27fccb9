import PasselCore
import PasselStore

/// A token of the store: its entry, and what the entry's fields and the token itself say.
struct KnownToken {
    private let entry: IndexedEntry

    /// The token of an entry; nothing where the entry says of none.
    init?(_ entry: IndexedEntry) {
        guard entry.metadata.isToken || entry.claimedEnd != nil else { return nil }
        self.entry = entry
    }

    var name: Path { entry.name }
    var metadata: TokenMetadata { entry.metadata }
    /// The last four characters of the secret, of a long one.
    var lastFour: Text? { entry.lastFour }
    /// The kind: the field, else what the token looks like.
    var kind: Text? { metadata[.kind].last ?? entry.recognisedKind }
    /// How long it may be used; nothing where no end is known.
    var life: TokenLife? { TokenLife(metadata, claimedEnd: entry.claimedEnd) }

    /// What it is and when it ends, for programs.
    func json(at now: Int64) -> JSON {
        let life = life
        let fields = TokenField.allCases.map { field -> JSON.Member in
            let values = field == .kind ? kind.map { [$0] } ?? [] : metadata[field]
            return JSON.Member(
                field.jsonKey,
                field.isRepeatable ? .array(values.map { .string($0) }) : .text(values.last))
        }
        return .object(
            [JSON.Member("name", .path(name)), JSON.Member("last4", .text(lastFour))] + fields + [
                JSON.Member("due", .text(life?.end.spelling)),
                JSON.Member("due_for", .text(life.map { Text($0.kind.rawValue.utf8) })),
                JSON.Member("days_left", life.map { .int($0.daysLeft(at: now)) } ?? .null),
                JSON.Member("overdue", .bool(life?.isOver(at: now) ?? false)),
            ])
    }
}

/// All tokens of the store or of a folder.
struct TokenCatalogue {
    let tokens: [KnownToken]
    /// All entries, also those that may be tokens, but cannot be read here.
    let entries: Catalogue

    /// What is known of every entry below a folder; remembers when tokens end if that is all of
    /// them.
    ///
    /// - Throws: as `Store.catalogue`.
    init(below folder: Path, session: Session) throws {
        entries = try session.store.catalogue(below: folder)
        tokens = entries.entries.compactMap { KnownToken($0) }
        if folder.isEmpty {
            session.store.remember(DueSummary(tokens.compactMap { $0.life?.end.second }))
        }
    }
}
