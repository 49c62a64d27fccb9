/// What was found of one thing that working with a store rests on.
public struct Finding: Sendable, Equatable {
    /// What was looked at.
    public enum Subject: String, Sendable, CaseIterable {
        /// The program that encrypts and decrypts.
        case gpg
        /// The program that keeps secret keys.
        case agent
        /// The program that asks for passphrases.
        case pinentry
        /// A key of the user's own, or one that the store is encrypted to.
        case key
        /// The program that keeps the history.
        case git
        /// Who commits are from.
        case identity
        /// Where the store is exchanged with others, or at least copied to.
        case remote
        /// Whether a program or library is one with a known flaw.
        case version
        /// Who else may get at a folder.
        case permissions
        /// The program that copies.
        case clipboard
        /// What a shell completes.
        case completion
        /// What `use passel` in an `.envrc` needs.
        case direnv
        /// Where the memory of programs may end up on a disk.
        case swap
        /// Which characters can be shown.
        case locale
        /// Where passphrases are asked for.
        case terminal
        /// Whether the time is right.
        case clock
    }

    /// How it is.
    public enum State: String, Sendable, CaseIterable {
        /// As it should be.
        case ok
        /// It works, but could be better.
        case advice
        /// It cannot be told.
        case unknown
        /// Something does not work, or secrets are less safe than they should be.
        case attention
    }

    /// What was looked at.
    public let subject: Subject
    /// Which one, such as a folder or a key; empty where there is only one.
    public let name: Text
    /// How it is.
    public let state: State
    /// What was found, in one phrase.
    public let text: Text
    /// What mends it, each something to type.
    public let hints: [Text]

    /// What was found.
    public init(
        _ subject: Subject, _ name: Text = "", _ state: State, _ text: Text, hints: [Text] = []
    ) {
        self.subject = subject
        self.name = name
        self.state = state
        self.text = text
        self.hints = hints
    }
}
