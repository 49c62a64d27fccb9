import PasselCore

/// `--skip=KEY` of the commands that encrypt: a recipient to leave out this once.
///
/// It has a long name only, and the usage lines, which are pass's, do not mention it.
enum Skip {
    static let definition = Options.Definition(name: "skip", argument: .required)

    /// Hands the recipients to the store, before it is used.
    ///
    /// - Throws: `OptionProblem` for one without a name.
    static func apply(_ options: Options, usage: Text, session: Session) throws {
        let names = options.arguments(definition.name)
        guard !names.contains([]) else { throw OptionProblem(usage: usage) }
        session.skipped = names.map { Recipient($0) }
    }
}
