/// What there is on a machine of the things that working with a store rests on.
///
/// Gathered elsewhere; what it means is judged here: `findings`.
public struct MachineFacts: Sendable {
    /// A folder that nobody else should get at.
    public struct Folder: Sendable, Equatable {
        /// Where it is.
        public let path: Path
        /// Its permission bits.
        public let mode: UInt32
        /// Whether it is the user's own.
        public let isOwn: Bool
        /// Whether others may look into it.
        public let mayBeRead: Bool

        /// A folder as it was found.
        public init(_ path: Path, mode: UInt32, isOwn: Bool, mayBeRead: Bool = false) {
            (self.path, self.mode, self.isOwn) = (path, mode, isOwn)
            self.mayBeRead = mayBeRead
        }
    }

    /// The repository that the store is in.
    public struct Repository: Sendable {
        /// Whether git knows who makes commits here.
        public var knowsIdentity = true
        /// The remotes: name and address.
        public var remotes: [(name: Text, address: Text)] = []
        /// When the newest commit was made.
        public var newest: Int64?

        /// A repository of which nothing is known yet.
        public init() {}
    }

    /// The part of a shell's settings that concerns us.
    public struct Shell: Sendable {
        /// Its name, such as `bash`.
        public let name: Text
        /// The file that it reads when it starts.
        public let startFile: Path
        /// Whether it completes our commands.
        public var completes = false
        /// Whether it calls direnv.
        public var callsDirenv = false

        /// A shell of which nothing is set up.
        public init(_ name: Text, startFile: Path) {
            (self.name, self.startFile) = (name, startFile)
        }
    }

    /// The second since the epoch that the clock shows.
    public var now: Int64
    /// The store's folder, as it is spelled.
    public let store: Path
    /// Whether there is one.
    public var hasStore = false
    /// gpg, if it is there.
    public var gpg: Path?
    /// The release of gpg.
    public var gpgVersion: ReleaseVersion?
    /// Where gpg-agent should be; nothing where gpg does not say.
    public var agent: Path?
    /// Whether it is there.
    public var hasAgent = false
    /// The release of the agent that runs; nothing where none runs.
    public var agentVersion: ReleaseVersion?
    /// Where the program should be that asks for passphrases; nothing where gpg does not say.
    public var pinentry: Path?
    /// Whether it is there.
    public var hasPinentry = false
    /// The folder of gpg's settings and keys.
    public var gpgHome: Path?
    /// The user's own keys; nothing where they cannot be listed.
    public var ownKeys: [PublicKey]?
    /// The names in all lists of the store.
    public var recipients: [Recipient] = []
    /// Keys of others that the store is encrypted to and that have ended, or soon do: name and state.
    public var endingKeys: [(name: Text, state: Text, isUsable: Bool)] = []
    /// git, if it is there.
    public var git: Path?
    /// The repository that the store is in; nothing where it is in none.
    public var repository: Repository?
    /// What is installed of what had flaws.
    public var programs: [InstalledProgram] = []
    /// The number of Debian's release; nothing on other systems.
    public var debian: Int?
    /// Folders that nobody else should get at.
    public var folders: [Folder] = []
    /// Whether there is a desktop, with its kind of clipboard: `wl-clipboard` or `xclip`, Debian's
    /// names.
    public var wantedClipboard: Text?
    /// Whether the program for it is there.
    public var hasClipboard = false
    /// The user's shell, if it is one that we know.
    public var shell: Shell?
    /// Whether direnv is there.
    public var hasDirenv = false
    /// Whether `use passel` is what this version of it should be; nothing where it is not there.
    public var isUsePasselCurrent: Bool?
    /// Where memory may go; nothing where it cannot be told.
    public var swap: [SwapArea]?
    /// The locale's character set.
    public var codeset: Text = "UTF-8"
    /// The terminal that the user sits at, if any.
    public var terminal: Path?
    /// `GPG_TTY`, if it is set.
    public var gpgTerminal: Path?

    /// A machine on which nothing was found yet.
    public init(store: Path, now: Int64) { (self.store, self.now) = (store, now) }

    /// What all of it means, in the order in which one thing needs the other.
    public var findings: [Finding] {
        programFindings + keyFindings + gitFindings + versionFindings + folderFindings
            + desktopFindings + systemFindings
    }
}

/// A place on a disk, or elsewhere, to which memory may be moved.
public struct SwapArea: Sendable, Equatable {
    /// What others could read of it.
    public enum Kind: Sendable {
        /// It is memory itself, compressed.
        case memory
        /// It is encrypted.
        case encrypted
        /// It is a disk's, as it is.
        case plain
        /// It is a file, and what is below that cannot be told.
        case file
    }

    /// The device or file.
    public let path: Path
    /// What others could read of it.
    public var kind: Kind

    /// An area.
    public init(_ path: Path, _ kind: Kind) { (self.path, self.kind) = (path, kind) }

    /// The areas in a `/proc/swaps`; of what is mapped the kind is yet to be found out: `plain`.
    public static func areas(_ list: [UInt8]) -> [SwapArea] {
        list.split(separator: .newline).dropFirst().compactMap { line in
            let words = line.split { $0 == 0x20 || $0 == 0x09 }
            guard words.count > 1 else { return nil }
            let path = Path(words[0])
            if path.bytes.starts(with: "/dev/zram".utf8) { return SwapArea(path, .memory) }
            return SwapArea(path, words[1].elementsEqual("file".utf8) ? .file : .plain)
        }
    }
}
