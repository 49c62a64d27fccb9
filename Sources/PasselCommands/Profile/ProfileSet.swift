import PasselCore
import PasselPosix
import PasselStore

/// `profile set`: what a profile sets from now on.
struct ProfileSet: Command {
    static let word = "set"
    static let summary = "let a profile give variables references"
    static let discussion = """
        A profile that is not there yet is made. It has references only, never a value, and \
        everything else in it stays as it is. NAME is a profile of the store, which becomes one \
        commit, or . for the project's own .env.passel: the nearest, or a new one in the current \
        folder.

        An entry that is still to come is written with passel:// before its name.
        """
    static let parameters: [any Parameter] = [EditedProfile.name, references]
    private static let references = Operands(
        "REF", .binding, atLeast: 1, "a reference, or VAR=REF for a variable with a name of its own"
    )

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let profile = try EditedProfile(arguments[EditedProfile.name], session)
        let bindings = arguments[Self.references]
        guard session.store.isThere else {
            throw Problem(
                "there is no store yet", hints: ["\(session.program) init YOUR-GPG-ID"])
        }
        for binding in bindings { try check(binding) }
        let names = bindings.map(\.variable.text).joined(separator: ", ")
        try profile.change(subject: "Set \(names) in the profile \(arguments[EditedProfile.name]).")
        {
            try Profile.setting(bindings, in: $0 ?? Secret(plain: ""))
        }
        return .done
    }

    /// What names no entry may be a value that somebody meant to put there: that must not be stored
    /// in clear.
    private func check(_ binding: Binding) throws {
        let reference = binding.reference
        guard !FileStatus.isFile(session.store.file(reference.name)) else { return }
        let name = binding.variable.text
        guard arguments.typed.contains(where: { $0.ends(with: reference.uri.bytes) }) else {
            throw Problem(
                "\(name) would get something that is no entry of the store; a profile has "
                    + "references only, never a value",
                hints: [
                    "put the value into an entry: \(session.program) insert NAME",
                    "for an entry that is still to come: \(name)=passel://NAME",
                ])
        }
        session.warn(
            Problem(
                "\(reference.name) is not in the store yet",
                hints: ["\(session.program) insert \(ShellWord.text(reference.name.bytes))"]))
    }
}
