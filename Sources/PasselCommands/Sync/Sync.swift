import PasselCore
import PasselStore

/// `sync`: takes what others changed, merges, and hands on what changed here.
struct Sync: Command {
    static let word = "sync"
    static let summary = "exchange changes with the remotes, and merge what everybody meant"
    static let discussion = """
        Fetches from every remote, looks at what came before anything of it is used, merges entry \
        by entry and field by field, encrypts anew what is not for its folder's recipients, and \
        pushes. Where both sides changed the same, the newer stays and the other version is kept \
        beside it as NAME.conflict-ID.

        The status is 3 when a remote failed or was refused, or when an entry needs you.
        """
    static let parameters: [any Parameter] = [
        remotes, dryRun, finish, acceptRewrite, Flag.yes, Flag.json,
    ]
    private static let remotes = ListOption(
        "remote", letter: "r", .remote, "only this remote (can be repeated)")
    private static let dryRun = Flag("dry-run", letter: "n", "only say what would be done")
    private static let finish = Flag("finish", "end a merge that git began here")
    private static let acceptRewrite = ListOption(
        "accept-rewrite", .remote, "take the history of this remote although it was rewritten")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let line = TransientLine(session)
        var request = SyncRequest()
        let names = arguments[Self.remotes]
        request.remotes = names.isEmpty ? nil : names
        request.isDryRun = arguments[Self.dryRun]
        request.finishesMerge = arguments[Self.finish]
        request.acceptedRewrites = Set(arguments[Self.acceptRewrite])
        request.heard = { line.show($0) }
        request.mayFinishMerge = {
            line.erase()
            return isAllowed(["git began a merge here and did not end it"], "End it now?")
        }
        request.mayHeal = { names in
            // Nobody is asked about what is not going to be done.
            if arguments[Self.dryRun] { return arguments[Flag.yes] }
            line.erase()
            let count = names.count == 1 ? "1 entry" : "\(names.count) entries"
            return isAllowed(
                names.map { "not for the recipients of its folder: \($0)" },
                Text("Encrypt \(count) anew?".utf8))
        }
        let report: SyncReport
        do {
            defer { line.erase() }
            report = try session.store.sync(request)
        }
        if !report.needsPerson { session.store.backgroundFailure?.forget() }
        let view = SyncView(report, isDryRun: request.isDryRun, session)
        if arguments[Flag.json] { session.output.json(view.json) } else { view.show() }
        return report.needsPerson ? .inPart : .done
    }

    /// Whether somebody agrees; where nobody can be asked, nobody does.
    private func isAllowed(_ plan: [Text], _ question: Text) -> Bool {
        let canAsk = Prompt(output: session.output, input: session.input).canAsk
        guard arguments[Flag.yes] || canAsk else { return false }
        do {
            try session.approve(plan, question: question, arguments)
            return true
        } catch {
            return false
        }
    }
}

extension ValueKind<Text> {
    /// The name of a remote.
    static var remote: ValueKind { remote(.remotes) }

    /// The name of a remote that there is to be.
    static var newRemote: ValueKind { remote(.none) }

    private static func remote(_ candidates: Candidates) -> ValueKind {
        ValueKind(
            placeholder: "REMOTE", expected: "the name of a remote", candidates: candidates
        ) { bytes in
            bytes.isEmpty || bytes.first == UInt8(ascii: "-") ? nil : Text(bytes)
        }
    }
}
