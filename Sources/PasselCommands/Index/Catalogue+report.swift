import PasselCore
import PasselStore

extension Catalogue {
    /// The entries that could not be read and why, for programs, and how many are for others.
    var unreadMembers: [JSON.Member] {
        [
            JSON.Member(
                "unreadable",
                .array(
                    unreadable.map { item in
                        ["name": .path(item.name), "problem": .string(item.problem.message)]
                    })),
            JSON.Member("for_others", .int(Int64(forOthers))),
        ]
    }

    /// Tells what could not be read, at the end.
    func tellUnread(_ session: Session) {
        for (name, problem) in unreadable {
            session.warn(
                Problem("\(name) cannot be read: \(problem.message)", hints: problem.hints))
        }
        session.tell(forOthers: forOthers)
    }

    /// The status of a command that read them: what is for others is nothing that is missing.
    var status: ExitStatus { unreadable.isEmpty ? .done : .inPart }
}

extension Session {
    /// Says how many entries nobody looked at because they are encrypted to others only.
    func tell(forOthers count: Int) {
        guard count > 0 else { return }
        output.error(
            "\(program): \(count) \(count == 1 ? "entry is" : "entries are") encrypted to others only and left out"
        )
    }
}
