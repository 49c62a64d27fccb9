import PasselCore
import PasselStore

/// `recipients approve`: lists who asks to join, lets one of them in, or refuses.
struct RecipientsApprove: Command {
    static let word = "approve"
    static let summary = "let somebody in who asked to join"
    static let discussion = """
        Without a request, lists those that are open. Compare the fingerprint with what the person \
        reads out to you, over the phone or face to face, before you approve: that is what keeps \
        strangers out.

        A request is named by its fingerprint, a key id or a part of the name.
        """
    static let parameters: [any Parameter] = [
        request, folders, role, until, refuse, TeamEditing.partial, TeamEditing.force,
        TeamEditing.skip, Flag.yes, Flag.json,
    ]
    private static let request = OptionalOperand("REQUEST", .request, "whose request")
    private static let folders = ListOption(
        "path", letter: "p", .folder,
        "a folder to let them read, instead of what they ask for (can be repeated)")
    private static let role = Option(
        "role", .choice(Role.self, "ROLE"), "what they become, instead of what they ask for")
    private static let until = Option(
        "until", .day, "the last day on which a machine is encrypted to")
    private static let refuse = Flag("refuse", "take the request out of the store instead")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        session.skipped = arguments[TeamEditing.skip]
        guard let word = arguments[Self.request] else {
            guard !arguments[Self.refuse] else {
                throw arguments.problem("--refuse needs a request")
            }
            return try RequestList(session: session).show(asJSON: arguments[Flag.json])
        }
        let request = try session.store.request(word)
        if arguments[Self.refuse] {
            guard
                arguments[Self.folders].isEmpty, arguments[Self.role] == nil,
                arguments[Self.until] == nil, !arguments[TeamEditing.force],
                !arguments[TeamEditing.partial]
            else { throw arguments.problem("--refuse goes with --yes and --json only") }
            return try refuse(request)
        }
        return try approve(request)
    }

    // MARK: Approving

    private func approve(_ request: JoinRequest) throws -> ExitStatus {
        let approval = try session.store.approval(
            of: request, folders: arguments[Self.folders], role: arguments[Self.role],
            until: arguments[Self.until], force: arguments[TeamEditing.force])
        guard approval.membership.until == nil || approval.membership.role == .machine else {
            throw arguments.problem("--until is for machines")
        }
        for doubt in approval.doubts { session.warn(Problem(doubt.message)) }
        warnOfSight(approval)
        try session.approve(
            try plan(approval),
            question: "Is this the fingerprint that \(approval.person.name) read out to you?",
            arguments)
        let outcome = try session.store.approve(approval, partial: arguments[TeamEditing.partial])
        if arguments[Flag.json] {
            session.output.json(json(approval, outcome))
        } else {
            tell(approval, outcome)
        }
        return outcome.failed.isEmpty ? .done : .inPart
    }

    private func warnOfSight(_ approval: Approval) {
        guard approval.sight == .unknown else { return }
        session.warn(
            Problem(
                "\(approval.person.name) saw a team that this store never had",
                hints: [
                    "see whether both of you have the same store: \(session.program) git remote -v",
                    "fetch what others did: \(session.program) sync",
                ]))
    }

    private func plan(_ approval: Approval) throws -> [Text] {
        if approval.isMember {
            return ["\(approval.person.name) belongs to it already; the request is closed"]
        }
        let count = approval.entries.count
        return try session.store.plan(approval.draft).lines + [
            "\(approval.person.name) will be able to read \(Self.entries(count))",
            "  \(approval.person.fingerprint.grouped)",
        ]
    }

    private static func entries(_ count: Int) -> Text {
        count == 1 ? "1 entry" : "\(count) entries"
    }

    private func tell(_ approval: Approval, _ outcome: TeamChange.Outcome) {
        guard !approval.isMember else {
            return session.output.line("\(approval.person.name) belongs to it already.")
        }
        session.output.line("\(approval.person.name) reads \(approval.folders.inWords) now.")
        session.output.line("\(Self.entries(outcome.reencrypted.count)) encrypted anew.")
        for (name, problem) in outcome.failed {
            session.warn(Problem("\(name) stays as it is: \(problem.message)"))
        }
        session.output.line("Let them know, and let it reach them: \(session.program) sync")
    }

    private func json(_ approval: Approval, _ outcome: TeamChange.Outcome?) -> JSON {
        let membership = approval.membership
        return .object(
            [
                JSON.Member("state", approval.isMember ? "member" : "approved"),
                JSON.Member("name", .string(approval.person.name)),
                JSON.Member("fingerprint", .string(Text(approval.person.fingerprint.bytes))),
                JSON.Member("folders", .array(approval.folders.map { .path($0) })),
                JSON.Member("role", "\(membership.role.rawValue)"),
                JSON.Member("until", .text(membership.until?.spelling)),
                JSON.Member("readable", .int(Int64(approval.entries.count))),
            ] + outcome.members)
    }

    // MARK: Refusing

    private func refuse(_ request: JoinRequest) throws -> ExitStatus {
        try session.approve(
            [request.name, "  \(request.fingerprint.grouped)"],
            question: "Take the request out of the store?", arguments)
        try session.store.refuse(request)
        if arguments[Flag.json] {
            session.output.json([
                "state": "refused", "name": .string(request.name),
                "fingerprint": .string(Text(request.fingerprint.bytes)),
            ])
        } else {
            session.output.line("The request of \(request.name) is out of the store.")
        }
        return .done
    }
}

/// The open requests, as they are shown.
struct RequestList {
    let session: Session

    func show(asJSON: Bool) throws -> ExitStatus {
        let requests = try session.store.requests()
        guard !asJSON else {
            session.output.json(["requests": .array(requests.map(json))])
            return .done
        }
        if requests.isEmpty {
            session.output.error("nobody asks to join")
            return .done
        }
        var table = Table("NAME", "READS", "AS", "ASKED", "BY", "SIGNATURE", "FINGERPRINT")
        for request in requests {
            table.add(
                Styled(request.name), Styled(request.file?.folders.inWords ?? ""),
                Styled(Text((request.file?.role.rawValue ?? "").utf8)),
                Styled(request.committed.map { Day(second: $0.second).spelling } ?? ""),
                Styled(request.committed?.by ?? ""),
                request.isSigned ? Styled("good", .good) : Styled("bad", .bad),
                Styled(request.fingerprint.grouped))
        }
        table.print(session)
        for request in requests {
            if let flaw = request.flaw { session.warn(flaw) }
        }
        return .done
    }

    private func json(_ request: JoinRequest) -> JSON {
        let file = request.file
        return [
            "name": .string(request.name),
            "fingerprint": .string(Text(request.fingerprint.bytes)),
            "folders": .array((file?.folders ?? []).map { .string(Text($0.bytes)) }),
            "role": file.map { .string(Text($0.role.rawValue.utf8)) } ?? .null,
            "committed": request.committed.map { .string(Day(second: $0.second).spelling) }
                ?? .null,
            "by": request.committed.map { .string($0.by) } ?? .null,
            "signed": .bool(request.isSigned),
            "problem": request.flaw.map { .string($0.message) } ?? .null,
        ]
    }
}
