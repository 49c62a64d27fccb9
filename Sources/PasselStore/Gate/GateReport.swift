public import PasselCore
public import PasselGit

/// What was found of a head that came from a remote.
public struct GateReport: Sendable {
    /// Something that must not come into the store.
    public struct Violation: Sendable, Equatable {
        /// What it is about, below the store's top; empty for all of it.
        public let name: Path
        /// The rule that it breaks.
        public let rule: GateRule
        /// Why, in words.
        public let text: Text
        /// The commit that did it; nothing for the head itself.
        public let commit: GitID?

        /// The violation in a line that can be shown anywhere, whatever the name is.
        public var description: Text {
            let place: Text = name.isEmpty ? "" : "\(name): "
            let origin: Text = commit.map { " (in \(String($0.hex.prefix(10))))" } ?? ""
            return Text(TerminalText.sanitised((place + text + origin).bytes))
        }
    }

    /// A remote that no longer has what it had when it was verified.
    public struct Rewrite: Sendable {
        /// The head that was verified last.
        public let known: GitID
        /// The names that would change if the incoming head took its place.
        public let changed: [Path]
    }

    /// The remote.
    public let remote: Text
    /// The head that was looked at.
    public let incoming: GitID
    /// What must not come in.
    public internal(set) var violations: [Violation] = []
    /// Set when the remote went back, or has another history now.
    public internal(set) var rewritten: Rewrite?
    /// The commits that neither we nor any verified head have, the newest first, and what their
    /// signatures are worth.
    public internal(set) var commits: [(commit: HistoryCommit, trust: CommitTrust)] = []
    /// The names that commits changed for which nobody of the team vouches.
    public internal(set) var unverified: [Path] = []
    /// Whether the store is seen for the first time: what is there is where trust begins, and only
    /// its newest commit is in `commits`.
    public internal(set) var isFirst = false
    /// Whether only commits that the team vouches for are let in.
    public let requiresSigned: Bool
    /// Whether the user accepts that the history is another.
    public let acceptsRewrite: Bool

    init(remote: Text, incoming: GitID, requiresSigned: Bool, acceptsRewrite: Bool) {
        self.remote = remote
        self.incoming = incoming
        self.requiresSigned = requiresSigned
        self.acceptsRewrite = acceptsRewrite
    }

    /// Whether nothing of it may come into the store.
    public var isRefused: Bool { !refusals.isEmpty }

    /// The violations that count: what only an older commit did does not if the user accepts the
    /// history as it is.
    public var refusals: [Text] {
        var found = violations.filter {
            !acceptsRewrite || $0.commit == nil || [.unsigned, .writer].contains($0.rule)
        }.map(\.description)
        if let rewritten, !acceptsRewrite {
            found.append(
                "the remote does not have \(String(rewritten.known.hex.prefix(10))) any more, which it had before; \(rewritten.changed.count) names would change"
            )
        }
        return found
    }

    /// How many of the commits nobody of the team vouches for.
    public var unverifiedCommits: Int { commits.count { !$0.trust.isGood } }
}
