public import PasselCore
public import PasselGit

/// An entry of which another version is kept beside it, because two people changed the same parts
/// of it at once.
public struct Conflict: Sendable {
    /// Who made a version, and when.
    public struct Author: Sendable, Equatable {
        /// The commit's author, name and mail address.
        public let name: Text
        /// The second since the epoch.
        public let time: Int64
        /// The commit.
        public let commit: GitID
    }

    /// The entry.
    public let name: Path
    /// The entry that holds the other version.
    public let kept: Path
    /// Whether there is an entry of the name; otherwise a folder took its place, or it was removed.
    public let isStanding: Bool
    /// Who made what stands; nothing where no commit says so.
    public internal(set) var standing: Author?
    /// Who made the other version.
    public internal(set) var other: Author?
    /// What is different, each part once.
    public internal(set) var parts: [EntryPart] = []
    /// Why it cannot be told what is different; nothing when it can.
    public internal(set) var obstacle: Problem?
}
