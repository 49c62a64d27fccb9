import PasselCore
import PasselStore

/// `join`: asks those who sign for the store to be let in.
struct Join: Command {
    static let word = "join"
    static let summary = "ask to be let into the store of a team"
    static let discussion = """
        Puts your public key and a signed request into the store, in one commit. Whoever signs for \
        the store compares your fingerprint with what you read out to them, and approves. Joining \
        again replaces the request.
        """
    static let parameters: [any Parameter] = [folders, key, role, Flag.yes, Flag.json]
    private static let folders = ListOption(
        "path", letter: "p", .folder,
        "a folder to read, instead of the whole store (can be repeated)")
    private static let key = Option(
        "key", letter: "k", .key, "which of your keys; needed if you have more than one")
    private static let role = Option(
        "role", .choice(Wanted.self, "ROLE"), "what to join as: member, or machine for a program")

    private enum Wanted: String, CaseIterable {
        case member, machine

        var role: Role { self == .member ? .member : .machine }
    }

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let key = try OwnKey(session: session).chosen(arguments[Self.key])
        let folders = arguments[Self.folders]
        let role = (arguments[Self.role] ?? .member).role
        let plan = try session.store.joining(with: key, folders: folders, role: role)
        if plan.state == .asked || plan.state == .updated {
            for doubt in plan.doubts { session.warn(Problem(doubt.message, hints: doubt.hints)) }
            try session.approve(
                [
                    "your public key goes into the store: \(key.name)",
                    "and a request to read \(plan.folders.inWords) as \(role.rawValue)",
                ], question: "Ask to join?", arguments)
        }
        let joining = try session.store.join(with: key, folders: folders, role: role)
        if arguments[Flag.json] {
            session.output.json(json(joining, key, role))
        } else {
            tell(joining, key)
        }
        return .done
    }

    private func tell(_ joining: Joining, _ key: PublicKey) {
        let output = session.output
        let places = joining.folders.inWords
        switch joining.state {
        case .member: return output.line("You belong to it already: \(key.name) reads \(places).")
        case .unchanged: output.line("You have asked for this already.")
        case .asked, .updated: output.line("Asked to read \(places).")
        }
        output.line("")
        output.line("Your fingerprint, to be read out to somebody who signs for the store:")
        output.line("  \(key.fingerprint.grouped)  \(key.name)")
        if !joining.signers.isEmpty {
            output.line("Those who sign for it; compare what they read out to you:")
            for signer in joining.signers {
                output.line("  \(signer.fingerprint.grouped)  \(signer.name)")
            }
        }
        output.line("")
        output.line("Let it reach them: \(session.program) sync")
        output.line(
            "What they type then: \(session.program) recipients approve \(key.fingerprint.hex)")
    }

    private func json(_ joining: Joining, _ key: PublicKey, _ role: Role) -> JSON {
        let signers = joining.signers.map { signer -> JSON in
            [
                "name": .string(signer.name),
                "fingerprint": .string(Text(signer.fingerprint.bytes)),
            ]
        }
        return [
            "state": .string(Text(joining.state.rawValue.utf8)),
            "name": .string(key.name), "fingerprint": .string(Text(key.fingerprint.bytes)),
            "folders": .array(joining.folders.map { .string(Text($0.bytes)) }),
            "role": .string(Text(role.rawValue.utf8)), "signers": .array(signers),
        ]
    }
}

/// Which of the user's own keys is meant.
struct OwnKey {
    let session: Session
    /// The command to which a key is named.
    var command: Text = "join --key"

    /// The key with which one could join that a word means, or the only one there is.
    ///
    /// - Throws: a `Problem` that lists the user's keys when it cannot be told.
    func chosen(_ word: Recipient?) throws -> PublicKey {
        try chosen(word, among: session.store.ownKeys())
    }

    /// The same among other keys; with `none` if there are none at all.
    func chosen(
        _ word: Recipient?, among keys: [PublicKey],
        none: Text = "you have no key that can be encrypted to and that signs"
    ) throws -> PublicKey {
        let found = keys.filter { key in word.map { key.matches($0) } ?? true }
        guard let key = found.first else {
            guard let word, !keys.isEmpty else {
                throw Problem(none, hints: ["make one: gpg --full-generate-key"])
            }
            throw Problem(
                "none of your keys is \(Text(word.bytes)): \(Self.list(keys))",
                hints: keys.map(hint))
        }
        guard found.count == 1 else {
            throw Problem(
                "you have more than one key: \(Self.list(found))", hints: found.map(hint))
        }
        return key
    }

    private static func list(_ keys: [PublicKey]) -> Text {
        keys.map { "\($0.fingerprint.hex) \($0.name)" as Text }.joined(separator: ", ")
    }

    private func hint(_ key: PublicKey) -> Text {
        "name it: \(session.program) \(command) \(key.fingerprint.hex)"
    }
}

extension [Path] {
    /// Folders as the team knows them, for a sentence.
    var inWords: Text {
        map { $0 == Roster.top ? "the whole store" : Text($0.bytes) }.joined(separator: ", ")
    }
}
