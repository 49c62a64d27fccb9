/// Which state of a place is meant, so that no other is overwritten.
public enum PlaceVersion: Sendable, Equatable {
    /// There is nothing.
    case absent
    /// The state that the backend calls so.
    case named(Text)
    /// The backend cannot tell states apart.
    case unknown
}

/// What a backend says of a place.
public struct PlaceContent: Sendable {
    /// What is there.
    public enum Holding: Sendable {
        /// Nothing.
        case nothing
        /// This value.
        case value(Secret)
        /// A value that cannot be read back: perhaps its last four characters, and the second since
        /// the epoch when it was put there.
        case unreadable(lastFour: Text?, updated: Int64?)
    }

    /// What is there.
    public let holding: Holding
    /// The state that this is.
    public let version: PlaceVersion

    /// What a place holds, and which state of it that is.
    public init(_ holding: Holding, version: PlaceVersion) {
        self.holding = holding
        self.version = version
    }
}

/// Whether a place has what an entry has.
public struct PlaceComparison: Sendable, Equatable {
    /// What was found.
    public enum State: String, Sendable, CaseIterable {
        case equal, differs, missing, unknown
    }

    /// By what it was found.
    public enum Certainty: String, Sendable, CaseIterable {
        /// The values themselves were compared.
        case exact
        /// The last four characters were.
        case fingerprint
        /// The time of the last change was, with that of the last push.
        case timestamp
    }

    /// What was found.
    public let state: State
    /// By what; nothing where it is unknown.
    public let certainty: Certainty?

    /// A finding.
    public init(_ state: State, _ certainty: Certainty?) {
        self.state = state
        self.certainty = certainty
    }

    /// Clocks of other machines are off by as many seconds.
    public static let skew: Int64 = 60

    /// Compares a value with what a place holds.
    ///
    /// - Parameter pushed: the second since the epoch when exactly this value was put there from
    ///   here, as far as that is known.
    public init(_ value: Secret, with place: PlaceContent, pushed: Int64? = nil) {
        switch place.holding {
        case .nothing: self.init(.missing, .exact)
        case .value(let there): self.init(there == value ? .equal : .differs, .exact)
        case .unreadable(let four?, _):
            guard let own = value.lastFour else {
                self.init(.unknown, nil)
                return
            }
            self.init(own == four ? .equal : .differs, .fingerprint)
        case .unreadable(nil, let updated?):
            guard let pushed else {
                self.init(.unknown, nil)
                return
            }
            let distance = updated.subtractingReportingOverflow(pushed)
            let isSame = !distance.overflow && distance.partialValue.magnitude <= Self.skew
            self.init(isSame ? .equal : .differs, .timestamp)
        case .unreadable(nil, nil): self.init(.unknown, nil)
        }
    }
}

/// What a push does with a place.
public enum PushStep: Sendable, Equatable {
    /// Nothing: the value is there.
    case none
    /// There is nothing yet.
    case create
    /// What is there was put there from here, or nobody minds.
    case update
    /// Something is there that did not come from here: it stays.
    case foreign

    /// The step that follows from a finding.
    ///
    /// - Parameters:
    ///   - isOwn: whether what is there is known to have come from here.
    ///   - replaces: whether the user gives up what is there.
    public init(_ comparison: PlaceComparison, isOwn: Bool, replaces: Bool) {
        switch comparison.state {
        case .equal: self = .none
        case .missing: self = .create
        case .differs, .unknown: self = isOwn || replaces ? .update : .foreign
        }
    }
}
