public import PasselCore

/// What came of a sync, or would come of it.
public struct SyncReport {
    /// How it went with one remote.
    public struct Remote {
        /// How far it came.
        public enum State: String, Sendable {
            /// Both have the same now, as far as the policy wants it.
            case done
            /// It could not be reached, or what is new could not be exchanged.
            case failed
            /// What it has is not taken.
            case refused
        }

        /// Its name.
        public let name: Text
        /// What is exchanged with it.
        public let policy: RemotePolicy
        /// How far it came.
        public var state = State.done
        /// How many commits came from it.
        public var received = 0
        /// How many commits went to it.
        public var sent = 0
        /// What was found of what it has; nothing where that was not looked at.
        public var gate: GateReport?
        /// What went wrong, in words.
        public var problem: Problem?
    }

    /// What became of one file.
    public struct Item {
        /// What became of it.
        public enum What {
            /// It came from a remote, alone or merged with what is here.
            case merged(MergeOutcome)
            /// It went to a remote: new, changed or gone there.
            case sent
            /// It was encrypted anew for the recipients of its folder.
            case healed
            /// It is not for the recipients of its folder, and why it stays so.
            case drifted(Problem)
        }

        /// The name: of an entry without its suffix, of another file as it is.
        public let name: Path
        /// What became of it.
        public let what: What
        /// The remote; nothing where it is about none.
        public let remote: Text?
    }

    /// How it went with each remote, in the order of their names.
    public internal(set) var remotes: [Remote] = []
    /// What became of each file, in the order in which it happened.
    public internal(set) var items: [Item] = []
    /// Folders whose recipients changed and wait for a review; `.` is the top of the store.
    public internal(set) var reviews: [Path] = []
    /// Files that are not committed, and which were left alone.
    public internal(set) var uncommitted: [Path] = []
    /// Whether everything was there already, on all sides.
    public var isNothing: Bool {
        items.isEmpty && remotes.allSatisfy { $0.state == .done && $0.received + $0.sent == 0 }
    }

    /// Whether a remote or an entry needs somebody.
    public var needsPerson: Bool {
        !reviews.isEmpty || remotes.contains { $0.state != .done }
            || items.contains { item in
                switch item.what {
                case .merged(let outcome): outcome.needsPerson
                case .drifted: true
                case .sent, .healed: false
                }
            }
    }
}
