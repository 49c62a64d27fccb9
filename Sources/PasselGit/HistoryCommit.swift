public import PasselCore

/// A commit as its own text tells of it.
///
/// Whoever made it could write anything: names, times and messages are claims.
public struct HistoryCommit: Sendable {
    /// The commit's id.
    public let id: GitID
    /// The commits that it was made from, the branch's own first; those that a shallow clone left
    /// out are missing.
    public let parents: [GitID]
    /// Who wrote it.
    public let author: Authorship
    /// Who made the commit.
    public let committer: Authorship
    /// The whole message.
    public let message: Text
    /// Whether a shallow clone left out what came before: then all of its files seem new.
    public let isShallow: Bool

    let tree: GitID

    /// Reads a commit's text, however odd, as long as it names a tree.
    init(_ id: GitID, _ text: [UInt8], isShallow: Bool) throws {
        var rest = text[...]
        guard let tree = Self.take("tree ", from: &rest).flatMap({ GitID(hex: $0) }) else {
            throw GitProblem("read the commit \(id.hex)", "it is damaged")
        }
        var parents: [GitID] = []
        while let line = Self.take("parent ", from: &rest) {
            guard let parent = GitID(hex: line) else {
                throw GitProblem("read the commit \(id.hex)", "it is damaged")
            }
            parents.append(parent)
        }
        self.id = id
        self.tree = tree
        self.parents = isShallow ? [] : parents
        self.isShallow = isShallow
        author = Authorship(Self.take("author ", from: &rest) ?? [])
        committer = Authorship(Self.take("committer ", from: &rest) ?? [])
        // What else the head has, such as a signature, ends at the first empty line.
        while let line = Self.take("", from: &rest), !line.isEmpty {}
        message = Text(rest)
    }

    /// The rest of the next line, if it begins with these bytes; only then it is taken.
    private static func take(
        _ prefix: String, from text: inout ArraySlice<UInt8>
    ) -> ArraySlice<UInt8>? {
        guard !text.isEmpty, text.starts(with: prefix.utf8) else { return nil }
        let end = text.firstIndex(of: .newline) ?? text.endIndex
        defer { text = text[end...].dropFirst() }
        return text[..<end].dropFirst(prefix.utf8.count)
    }
}
