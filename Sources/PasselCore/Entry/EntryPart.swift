/// A part of an entry that a person can name.
public enum EntryPart: Hashable, Sendable {
    /// The first line.
    case secret
    /// A line `key: value`, by its key as it is spelled.
    case field(Text)
    /// A line `otpauth://…`.
    case otpauth
    /// Everything else.
    case text
}
