import PasselCore

/// What became of a place.
struct CarriedPlace: Sendable {
    /// What was done, or why nothing was.
    enum Outcome: Sendable {
        /// It has the value.
        case equal
        /// It got the value, or would.
        case created
        case updated
        /// It never got what was to be taken back.
        case left
        /// It holds something that did not come from here.
        case foreign
        /// It could not be looked at, or written to.
        case failed(Problem, BackendFailure.Kind?)
    }

    let target: LocationTarget
    var outcome: Outcome
    /// What was found there before.
    var comparison = PlaceComparison(.unknown, nil)
    /// What is to be there.
    var value: Secret?

    /// Whether the value is there by now.
    var isSettled: Bool {
        switch outcome {
        case .equal, .created, .updated, .left: true
        case .foreign, .failed: false
        }
    }
}

extension CarriedPlace {
    /// Whether the value was sent there.
    var isSent: Bool {
        switch outcome {
        case .created, .updated: true
        case .equal, .left, .foreign, .failed: false
        }
    }
}
