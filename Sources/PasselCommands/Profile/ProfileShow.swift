import PasselCore
import PasselPosix
import PasselStore

/// `profile show`: what a profile sets.
struct ProfileShow: Command {
    static let word = "show"
    static let summary = "show which references the variables of a profile get"
    static let parameters: [any Parameter] = [EditedProfile.name, Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let profile = try EditedProfile(arguments[EditedProfile.name], session)
        let bindings = try profile.content().bindings
        func isThere(_ binding: Binding) -> Bool {
            FileStatus.isFile(session.store.file(binding.reference.name))
        }
        if arguments[Flag.json] {
            session.output.json([
                "name": .string(arguments[EditedProfile.name]),
                "file": .path(profile.file),
                "variables": .array(
                    bindings.map {
                        [
                            "name": .string($0.variable.text),
                            "reference": .string($0.reference.spelling),
                            "present": .bool(isThere($0)),
                        ]
                    }),
            ])
            return .done
        }
        var table = Table("VARIABLE", "REFERENCE", "STATE")
        for binding in bindings {
            table.add(
                Styled(binding.variable.text, .strong), Styled(binding.reference.spelling),
                isThere(binding) ? Styled("") : Styled("not in the store", .warning))
        }
        table.print(session)
        return .done
    }
}
