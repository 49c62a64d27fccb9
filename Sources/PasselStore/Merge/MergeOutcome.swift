public import PasselCore

/// What became of one name in a merge.
public struct MergeOutcome: Sendable, Equatable {
    /// What lies under the name.
    public enum Subject: String, Sendable {
        /// An entry.
        case entry
        /// A list of recipients; the name is its folder, `.` for the top.
        case list
        /// The roster of the team.
        case roster
        /// Somebody's public key.
        case key
        /// Anything else.
        case file
    }

    /// What became of it.
    public enum Kind: Sendable, Equatable {
        /// It is new here.
        case came
        /// They changed it, we did not.
        case changed
        /// They removed it, we did not change it.
        case removed
        /// They renamed it.
        case renamed(from: Path)
        /// Both changed it, and it holds what both meant.
        case merged
        /// Both changed it and one renamed it: the changes are under the new name.
        case mergedUnderNewName(from: Path)
        /// Both changed the same parts: the newer stands, the other version is kept whole.
        case conflict(kept: Path, parts: [EntryPart])
        /// Both versions are there, because they could not be merged.
        case keptBoth(kept: Path, reason: Text)
        /// One side removed it, the other changed it: it stays.
        case removalUndone(by: MergeSide)
        /// Both renamed it, each to another name: both are there.
        case renamedApart(ours: Path, theirs: Path)
        /// Its name differs from another's only in the case of letters.
        case twin(of: Path)
        /// A merged list lost the signature that pass puts beside it.
        case unsigned
        /// What only the other side said is not taken over, for the roster says otherwise.
        case overruled
    }

    /// The entry's name, or the path of another file below the store.
    public let name: Path
    /// What lies there.
    public let subject: Subject
    /// What became of it.
    public let kind: Kind

    /// What became of a name.
    public init(_ name: Path, _ subject: Subject, _ kind: Kind) {
        self.name = name
        self.subject = subject
        self.kind = kind
    }

    /// Whether somebody has to look at it.
    public var needsPerson: Bool {
        switch kind {
        case .conflict, .keptBoth, .unsigned, .overruled: true
        default: false
        }
    }
}
