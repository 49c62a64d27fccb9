import Glibc
public import PasselCore
import PasselGit
public import PasselPosix

/// A password store: a folder of entries, its recipients and, usually, its history.
public struct Store {
    /// Where the store is and what the user set up for it.
    public struct Settings {
        /// The top folder, as the user spells it.
        public var root: Path
        /// `PASSWORD_STORE_KEY`: recipients that stand in for every `.gpg-id`.
        public var recipientsOverride: [Recipient] = []
        /// `PASSWORD_STORE_SIGNING_KEY`: whose signature a `.gpg-id` needs.
        public var signingKeys: [Recipient] = []
        /// Whether file names are shown as UTF-8, or every byte above 127 escaped.
        public var showsUTF8 = true
        /// Recipients to leave out this once, as the user named them: `--skip`.
        public var skipped: [Recipient] = []
        /// The folder outside every store in which this machine keeps what it acknowledged; nothing
        /// when there is no place for it.
        public var stateFolder: Path?
        /// The second since the epoch that it is now.
        ///
        /// Calls `time`; faketime has its say.
        public var now: () -> Int64 = { Int64(time(nil)) }
        /// Whether the user asked gpg to leave recipients unnamed.
        public var hidesRecipients = false
        /// Variables for git and its hooks.
        public var environment: ProcessEnvironment
        /// What the user configured for passel itself.
        public let configuration: PasselConfiguration

        /// A store at `root`.
        public init(root: Path, environment: ProcessEnvironment) {
            self.root = root
            self.environment = environment
            configuration = PasselConfiguration(store: root, environment: environment)
        }
    }

    /// What a change tells while it happens.
    public struct Observer {
        /// A line for standard output, without its line feed.
        public var told: (Text) -> Void
        /// Something the user should know that does not stop the change.
        public var warned: (Problem) -> Void
        /// What counts the steps of long work for somebody who waits; called before the first of
        /// so many.
        public var progress: ((_ count: Int) -> any StepCounter)?
        /// As above, while many entries are read.
        public var reading: ((_ count: Int) -> any StepCounter)?

        /// An observer of words, and of progress if wanted.
        public init(
            told: @escaping (Text) -> Void, warned: @escaping (Problem) -> Void,
            progress: ((_ count: Int) -> any StepCounter)? = nil,
            reading: ((_ count: Int) -> any StepCounter)? = nil
        ) {
            self.told = told
            self.warned = warned
            self.progress = progress
            self.reading = reading
        }
    }

    /// Where the store is and what the user set up for it.
    public let settings: Settings
    let cipher: any Cipher
    let observer: Observer
    let leftOut = LeftOut()
    let indexes = OpenedIndex()
    let clearing = Clearing()
    private let opened = OpenedRepositories()
    private let done = Done()

    /// The store that `settings` describe.
    ///
    /// Nothing is opened or made yet.
    public init(_ settings: Settings, cipher: any Cipher, observer: Observer) {
        self.settings = settings
        self.cipher = cipher
        self.observer = observer
    }

    /// The top folder, as the user spells it.
    public var root: Path { settings.root }

    /// The path of a name below the store, spelled with exactly one slash between the two.
    public func path(_ name: Path) -> Path {
        name.components.isEmpty ? root : root / name
    }

    /// The file of the entry with this name, there or not.
    public func file(_ name: Path) -> Path {
        path(name.withoutTrailingSlashes).appending(EntryName.suffix)
    }

    /// The plaintext of the entry in `file`.
    public func read(_ file: Path, name: Text) throws -> Secret {
        let content = try Files.read(file)
        try refuseUnverified(file, content: content)
        return try decryptNoting(content, name: name)
    }

    /// The name of the entry in `file`: its path below the store without the suffix.
    public func entryName(_ file: Path) -> Text {
        let relative = file.relative(to: root) ?? file
        let bytes = relative.bytes
        return Text(
            bytes.ends(with: EntryName.suffix)
                ? bytes.dropLast(EntryName.suffix.utf8.count) : bytes[...])
    }

    /// The innermost repository around a path that may not exist yet.
    func repository(around path: Path) throws -> GitRepository? {
        guard
            let workTree = try GitRepository.workTree(enclosing: path, store: root)
        else { return nil }
        return try opened.repository(workTree, environment: settings.environment)
    }

    /// The folder whose repository `git` commands are for; nothing when the store is in none.
    public func repositoryFolder() throws -> Path? {
        try repository(around: root)?.workTree
    }
}

extension Store {
    /// Whether this run committed anything.
    public var hasCommitted: Bool { done.commits > 0 }

    /// Counts a commit of this run.
    func noteCommit() { done.commits += 1 }
}

/// What this run did.
private final class Done {
    var commits = 0
}

/// Thrown when an entry is to be written but no `.gpg-id` says for whom.
public struct NotInitialised: Error {}

/// The repositories that this run opened: each once, for opening one reads all of its
/// configuration.
private final class OpenedRepositories {
    private var byWorkTree: [Path: GitRepository] = [:]

    func repository(_ workTree: Path, environment: ProcessEnvironment) throws -> GitRepository? {
        if let known = byWorkTree[workTree] { return known }
        let found = try GitRepository.open(workTree, environment: environment)
        byWorkTree[workTree] = found
        return found
    }
}
