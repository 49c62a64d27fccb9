/// A remote that somebody made to do harm, and what is to come of it.
struct RemoteCase: Sendable, CustomStringConvertible {
    /// What it abuses.
    enum Group: String, CaseIterable, Sendable {
        case links, submodules, paths, attributes, repositories, history, references, objects
        case protocols
    }

    /// How it ends.
    enum Verdict: Sendable, Equatable {
        /// Nothing of it comes in: the gate names one of these rules, or git does not even fetch it.
        case refused(Set<String>)
        /// The remote went back or has another history, and the gate says so.
        case rewritten
        /// What is honest in it comes in, and what is not has no effect.
        case harmless
        /// Whether it comes in is git's to say; it does no harm.
        case either
    }

    let group: Group
    let name: String
    let verdict: Verdict
    /// Whether somebody who clones it is refused, too; nothing where cloning says nothing more.
    var clone: Verdict?
    /// Makes it, from one that the victim has synced with.
    let make: @Sendable (Smith) throws -> Void

    var description: String { "\(group.rawValue): \(name)" }

    init(
        _ group: Group, _ name: String, _ verdict: Verdict, clone: Verdict? = nil,
        _ make: @escaping @Sendable (Smith) throws -> Void
    ) {
        self.group = group
        self.name = name
        self.verdict = verdict
        self.clone = clone
        self.make = make
    }

    static let all =
        links + submodules + paths + attributes + repositories + histories + references + objects
        + protocols
}
