import PasselCore
import PasselStore

/// `profile ls`: which profiles there are.
struct ProfileList: Command {
    static let word = "ls"
    static let summary = "list the profiles of the store, and the project's own"
    static let parameters: [any Parameter] = [Flag.json]

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let files = ProfileFiles(session: session)
        var found: [(name: Text, file: Path, variables: Int)] = []
        if let own = try files.nearest() {
            found.append((EditedProfile.project, own.file, own.content.bindings.count))
        }
        for name in try session.store.profileNames() {
            do {
                let (file, content) = try files.named(name)
                found.append((name, file, content.bindings.count))
            } catch let problem as Problem {
                session.warn(problem)
            }
        }
        if arguments[Flag.json] {
            session.output.json([
                "profiles": .array(
                    found.map {
                        [
                            "name": .string($0.name), "file": .path($0.file),
                            "variables": .int(Int64($0.variables)),
                        ]
                    })
            ])
            return .done
        }
        var table = Table("NAME", .right("VARIABLES"), "FILE")
        for one in found {
            table.add(
                Styled(one.name, .strong), Styled("\(one.variables)"), Styled("\(one.file)", .faint)
            )
        }
        table.print(session)
        return .done
    }
}
