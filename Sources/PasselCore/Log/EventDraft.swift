/// Something that happened to a token and belongs into the security log.
public struct EventDraft: Sendable, Equatable {
    /// What happened.
    public enum Kind: String, Sendable, CaseIterable {
        /// The store has it from now on.
        case added
        /// There is to be another secret in its place, and what is done for it follows.
        case begun
        /// There is another secret in its place.
        case replaced
        /// There will be no other secret after all.
        case abandoned
        /// What was there before, or was gone, is there again.
        case restored
        /// It has another name.
        case moved
        /// It is there under another name, too.
        case copied
        /// The store does not have it any more.
        case removed
        /// A narrower token was made of it.
        case narrowed
        /// A place has the new one.
        case updated
        /// A place was seen to have it, or its issuer to take it.
        case verified
        /// Its issuer takes it no more.
        case revoked
        /// A backup of the whole store was restored on trial; the entry is the top.
        case drilled
    }

    /// What happened.
    public var kind: Kind
    /// The entry that it happened to.
    public var entry: Path
    /// The entry that it came from, where it has another name now.
    public var source: Path?
    /// The last four characters of the secret before.
    public var oldLastFour: Text?
    /// The last four characters of the secret from then on.
    public var newLastFour: Text?
    /// The places that it is about.
    public var locations: [Text] = []
    /// How it ended, where it is not simply done.
    public var result: Text?
    /// Why it was done.
    public var reason: Text?

    /// Something that happened to the token of an entry.
    public init(_ kind: Kind, _ entry: Path) {
        self.kind = kind
        self.entry = entry
    }

    /// What a change of an entry means to the token in it; nothing where no token has another
    /// secret.
    ///
    /// Without an old content it is told from the new one alone whether it is a token.
    public init?(_ entry: Path, from old: Secret?, to new: Secret) {
        let (before, after) = (old.map { EntryText($0) }, EntryText(new))
        let isToken = [before, after].contains { $0.map { TokenMetadata($0).isToken } ?? false }
        guard isToken else { return nil }
        let (was, now) = (before?.secret, after.secret)
        guard was == nil || was != now else { return nil }
        self.init(was == nil ? .added : .replaced, entry)
        oldLastFour = was?.lastFour
        newLastFour = now.lastFour
        locations = TokenMetadata(after)[.location]
    }
}
