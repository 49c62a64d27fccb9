/// What somebody may do in a folder besides reading it.
public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Signs the roster: says who belongs to the folder and those below it.
    case signer
    /// Reads and writes entries.
    case member
    /// A program, such as a CI job, that reads entries, often until a day only.
    case machine

    /// The role that a word names.
    public init?(_ word: [UInt8]) { self.init(rawValue: String(decoding: word, as: UTF8.self)) }
}
