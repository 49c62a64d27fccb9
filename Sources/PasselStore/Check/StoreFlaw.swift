public import PasselCore

/// Something in a store, or in what belongs to it, that is not as it should be.
public struct StoreFlaw: Sendable {
    /// What is concerned.
    public enum Kind: String, Sendable {
        /// Who may get at a file.
        case mode
        /// A name that other systems cannot have, or take for something else.
        case name
        /// A lock or temporary file that nobody uses any more.
        case leftover
        /// A file that is not what the newest commit has.
        case file
        /// A file that no commit has, and that git does not ignore.
        case stray
        /// An entry that is no whole message, or cannot be decrypted.
        case entry
        /// Who can read an entry.
        case recipients
        /// Lists and rosters that nobody here has looked at.
        case review
        /// An object of the history.
        case object
        /// A branch, or what git notes of the next commit.
        case reference
        /// The security log.
        case log
        /// What is known of entries without decrypting them.
        case index
    }

    /// What is concerned.
    public let kind: Kind
    /// Which file, entry or object.
    public let name: Text
    /// What is wrong with it.
    public let text: Text
    /// The newest commit with a good version of it, where one was looked for and found.
    public var goodVersion: Text?
    /// What can be done about it, something to type.
    public var hint: Text?
    /// Whether it was put right.
    public var isRepaired = false

    init(_ kind: Kind, _ name: Text, _ text: Text, hint: Text? = nil) {
        self.kind = kind
        self.name = name
        self.text = text
        self.hint = hint
    }
}

/// What a look at all of a store found.
public struct StoreCheck: Sendable {
    /// What is wrong, in the order in which it was looked for.
    public internal(set) var flaws: [StoreFlaw] = []
    /// How many entries there are.
    public internal(set) var entries = 0
    /// How many of them were decrypted.
    public internal(set) var opened = 0

    /// Whether anything is still wrong.
    public var needsAttention: Bool { flaws.contains { !$0.isRepaired } }
}
