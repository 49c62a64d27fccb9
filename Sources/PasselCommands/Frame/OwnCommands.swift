import PasselCore
import PasselStore

/// A word with commands beneath it, such as `recipients add`.
struct CommandGroup: Sendable {
    let word: String
    /// What the commands are about, as a command's summary puts it.
    let summary: String
    /// What the word alone does, also with options of its own.
    let standard: (any Command.Type)?
    /// Whether a word that is no command is an operand of the standard one.
    let takesOperands: Bool
    /// Words that mean the same as a command's.
    let aliases: [String: String]
    let commands: [any Command.Type]

    /// A group; `standard` is one of `commands`.
    init(
        _ word: String, _ summary: String, standard: (any Command.Type)? = nil,
        takesOperands: Bool = false, aliases: [String: String] = [:],
        _ commands: [any Command.Type]
    ) {
        self.word = word
        self.summary = summary
        self.standard = standard
        self.takesOperands = takesOperands
        self.aliases = aliases
        self.commands = commands
    }
}

/// The commands of passel's own, beside those of pass.
struct OwnCommands: Sendable {
    enum Item: Sendable {
        case command(any Command.Type)
        case group(CommandGroup)

        var word: String {
            switch self {
            case .command(let command): command.word
            case .group(let group): group.word
            }
        }

        var summary: String {
            switch self {
            case .command(let command): command.summary
            case .group(let group): group.summary
            }
        }
    }

    let items: [Item]

    init(_ items: [Item]) { self.items = items }

    /// All of them, in the order of `passel help`: a new one is a line here.
    static let all = OwnCommands([
        .command(Join.self),
        .group(
            CommandGroup(
                "recipients", "who may read the entries of a folder",
                standard: RecipientsList.self,
                [
                    RecipientsList.self, RecipientsCheck.self, RecipientsHeal.self,
                    RecipientsAdd.self, RecipientsRemove.self, RecipientsSet.self,
                    RecipientsReview.self, RecipientsRefresh.self, RecipientsApprove.self,
                ])),
        .group(
            CommandGroup(
                "conflicts", "entries that two people changed at once",
                standard: ConflictsList.self, [ConflictsList.self, ConflictsResolve.self])),
        .group(
            CommandGroup(
                "setup", "what works together with a store",
                [SetupGit.self, SetupDirenv.self, SetupShell.self])),
        .command(Access.self),
        .command(Offboard.self),
        .command(Log.self),
        .command(Diff.self),
        .command(Restore.self),
        .command(Undo.self),
        .command(Clone.self),
        .group(
            CommandGroup(
                "remote", "places to exchange the store with", standard: RemoteList.self,
                [RemoteList.self, RemoteAdd.self, RemoteRemove.self])),
        .command(Sync.self),
        .command(Status.self),
        .group(
            CommandGroup(
                "index", "what is known of entries without decrypting them",
                standard: IndexShow.self, [IndexShow.self, IndexBuild.self, IndexClear.self])),
        .command(Lock.self),
        .group(
            CommandGroup(
                "token", "what tokens are, and when they end",
                [
                    TokenAdd.self, TokenSet.self, TokenShow.self, TokenList.self,
                    TokenInspect.self, TokenAttenuate.self, TokenRecord.self,
                ])),
        .command(Due.self),
        .group(
            CommandGroup(
                "otp", "one-time passwords", standard: OTPCode.self, takesOperands: true,
                aliases: ["show": "code", "add": "insert"],
                [
                    OTPCode.self, OTPInsert.self, OTPAppend.self, OTPURI.self, OTPValidate.self,
                ])),
        .command(Run.self),
        .command(Env.self),
        .command(Inject.self),
        .group(
            CommandGroup(
                "profile", "named sets of variables and the references that they get",
                standard: ProfileList.self,
                [ProfileList.self, ProfileShow.self, ProfileSet.self, ProfileRemove.self])),
        .command(Export.self),
        .group(
            CommandGroup(
                "exports", "files that have secrets of the store in them",
                standard: ExportsList.self,
                [ExportsList.self, ExportsRefresh.self, ExportsShred.self])),
        .command(Import.self),
        .group(
            CommandGroup(
                "backend", "kinds of places that values are brought to",
                standard: BackendLs.self,
                [
                    BackendLs.self, BackendShow.self, BackendAdd.self, BackendRemove.self,
                    BackendTest.self,
                ])),
        .group(
            CommandGroup(
                "location", "places that values of entries must be in",
                standard: LocationLs.self,
                [LocationLs.self, LocationAdd.self, LocationRemove.self])),
        .command(Push.self),
        .group(
            CommandGroup(
                "rotate", "other secrets, carried to every place that has them",
                standard: Rotate.self, takesOperands: true,
                [Rotate.self, RotateStatus.self, Due.self])),
        .command(Pull.self),
        .group(
            CommandGroup(
                "backup", "the whole store in one encrypted file, and its way back",
                [
                    BackupCreate.self, BackupVerify.self, BackupRestore.self, BackupList.self,
                    BackupPrune.self, BackupTrial.self, BackupKey.self, BackupSplit.self,
                    BackupJoin.self,
                ])),
        .command(PurgeCommand.self),
        .command(FsckCommand.self),
        .command(Doctor.self),
    ])

    /// The command or group that a word calls; nothing when it is not one of ours.
    func item(_ word: [UInt8]) -> Item? { items.first { $0.word.utf8.elementsEqual(word) } }

    /// Runs what the words say; the first is the word of `item`.
    func run(_ item: Item, _ words: [[UInt8]], session: Session) throws -> Int32 {
        session.tellsAside = true
        do {
            switch item {
            case .command(let command):
                return try run(command, words.dropFirst(1), [session.program, words[0]], session)
            case .group(let group): return try run(group, words, session)
            }
        } catch is NotInitialised {
            throw Problem(
                "there is no store yet", hints: ["\(session.program) init YOUR-GPG-ID"])
        } catch is Store.ChangedMeanwhile {
            let again = ([session.program] + words).map(ShellWord.text).joined(separator: " ")
            throw Problem("an entry was changed by somebody else meanwhile", hints: [again])
        }
    }

    private func run(_ group: CommandGroup, _ words: [[UInt8]], _ session: Session) throws -> Int32
    {
        let invocation = [session.program, words[0]]
        let verb = words.dropFirst().first ?? []
        let meant = group.aliases.first { $0.key.utf8.elementsEqual(verb) }?.value.bytes ?? verb
        if let command = group.commands.first(where: { $0.word.utf8.elementsEqual(meant) }) {
            return try run(command, words.dropFirst(2), invocation + [verb], session)
        }
        if ["--help".bytes, "-h".bytes].contains(verb) {
            session.output.line(CommandHelp.text(group, invocation: invocation))
            return 0
        }
        if let standard = group.standard,
            verb.isEmpty || verb.first == UInt8(ascii: "-") || group.takesOperands
        {
            return try run(standard, words.dropFirst(1), invocation, session)
        }
        guard !verb.isEmpty else {
            throw Problem.usage("say what to do: \(words[0]) COMMAND", invocation: invocation)
        }
        var problem = Problem.usage("\(words[0]) has no command \(verb)", invocation: invocation)
        if let near = Nearest.word(to: verb, among: group.commands.map { $0.word }) {
            problem.hints.insert("\(session.program) \(words[0]) \(near)", at: 0)
        }
        throw problem
    }

    private func run(
        _ command: any Command.Type, _ words: ArraySlice<[UInt8]>, _ invocation: [[UInt8]],
        _ session: Session
    ) throws -> Int32 {
        do {
            let arguments = try ArgumentReader.read(
                Array(words), for: command.parameters, invocation: invocation)
            return try command.init(session: session, arguments: arguments).run().code
        } catch var problem as Problem where problem.status == 2 && !problem.isUsage {
            // gpg's own status, which pass hands on; here 2 says that the command was mistyped.
            problem.status = 1
            throw problem
        } catch is ArgumentReader.HelpWanted {
            session.output.line(CommandHelp.text(command, invocation: invocation))
            return 0
        }
    }
}
