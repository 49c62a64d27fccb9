/// What one `pass` step of a scenario did.
public struct Observation: Sendable {
    /// A part of an observation whose comparison a scenario can loosen.
    public enum Part: Sendable, Hashable { case stdout, stderr, stdoutOrder, store, terminal }

    /// The step's line in the scenario.
    public var line: Int
    /// Which program ran.
    public var subject: Sandbox.Subject
    /// Its status and outputs.
    public var outcome: Outcome
    /// The store afterwards.
    public var store: StoreSnapshot
    /// What is not compared for this step.
    public var loosened: Set<Part>
    /// The listed difference that this step shows.
    public var deviation: DeviationClaim?
    /// Passwords made by this run so far, which another run makes differently.
    public var random: [Bytes]
    /// The sandbox's folder.
    public var root: String
}

/// A scenario's claim that a step behaves differently on purpose.
public struct DeviationClaim: Sendable {
    /// The row of the table of differences.
    public var id: String
    /// The claim's line in the scenario.
    public var line: Int
    /// What each side must match, over its status and outputs.
    public var patterns: [(side: Sandbox.Subject, pattern: Bytes, negated: Bool)] = []
}
