public import PasselCore

/// What is not as it should be with who can read what.
public struct Drift: Sendable {
    /// An entry whose packets differ from its folder's recipients, or that cannot be judged by them.
    public struct Entry: Sendable {
        /// The entry's name.
        public let name: Text
        /// The folder whose list holds for it; nothing where there is none.
        public let folder: Path?
        /// Recipients without a packet.
        public var missing: [NamedKey] = []
        /// Packets of keys that are no recipients'.
        public var extra: [Addressee] = []
        /// How many packets name nobody.
        public var hidden = 0
        /// People whose only packet is for a subkey that is not to be used any more.
        public var oldSubkeys: [OldSubkey] = []
        /// Why nobody can read the file at all.
        public var flaw: Text?
        /// Whether the content is in a packet that older programs and phones cannot read.
        public var usesAEAD = false
        /// The file, where it is in the store.
        let file: Path?

        /// Whether something has to be done: everything but a subkey that has just expired.
        public var isDrifted: Bool {
            !missing.isEmpty || !extra.isEmpty || hidden > 0 || flaw != nil || usesAEAD
                || folder == nil || oldSubkeys.contains(where: \.isRevoked)
        }
    }

    /// A recipient who cannot be encrypted to today.
    public struct Person: Sendable {
        /// Who.
        public let key: NamedKey
        /// In which folders, sorted; `.` is the top of the store.
        public var folders: [Path]
        /// Why not.
        public let standing: Standing
    }

    /// A list, or the roster, that this machine has not acknowledged as it is.
    public struct Unacknowledged: Sendable {
        /// The folder of the list; nothing for the roster.
        public let folder: Path?
        /// What is the matter with it, as a sentence without a full stop.
        public let what: Text
    }

    /// Entries with something to tell, sorted by name.
    public var entries: [Entry] = []
    /// Recipients who cannot be encrypted to, sorted by fingerprint.
    public var people: [Person] = []
    /// Lists and rosters that nobody here has looked at.
    public var unacknowledged: [Unacknowledged] = []
    /// Folders that cannot be listed, and why.
    public var unlisted: [(folder: Text, why: Text)] = []
    /// How many entries were looked at.
    public var checked = 0

    /// The entries with which something has to be done.
    public var drifted: [Entry] { entries.filter(\.isDrifted) }

    /// Whether nothing has to be done.
    public var isNone: Bool {
        people.isEmpty && unacknowledged.isEmpty && unlisted.isEmpty
            && !entries.contains(where: \.isDrifted)
    }
}
