public import PasselCore
import PasselGit

/// What anybody can see who has a copy of the store's repository, and no key.
///
/// Contents of entries and of the security log are not among it. Everything that the branch's
/// commits lead to counts: whoever has a copy has all of them.
public struct Exposure: Sendable {
    /// Something that commits are about: how many of them, and when.
    public struct Span: Sendable, Equatable {
        /// How many there are.
        public fileprivate(set) var count = 0
        /// The second of the first.
        public fileprivate(set) var first = Int64.max
        /// The second of the last.
        public fileprivate(set) var last = Int64.min

        fileprivate mutating func note(_ second: Int64) {
            count += 1
            (first, last) = (min(first, second), max(last, second))
        }
    }

    /// A name that the repository has, or had.
    public struct File: Sendable {
        /// The name: of an entry as passel names it, else of the file.
        public let name: Text
        /// Its size in bytes; nothing for what is not there any more.
        public let size: Int?
        /// The commits that changed it.
        public let span: Span
    }

    /// All commits.
    public private(set) var commits = Span()
    /// Who wrote or made commits, as `Name <address>`.
    public private(set) var people: [(name: Text, span: Span)] = []
    /// The keys that messages name, with the number of files that do; hidden ones as such.
    public private(set) var readers: [(key: KeyID, files: Int)] = []
    /// The names in lists of recipients, with the number of lists that have them.
    public private(set) var listed: [(name: Text, lists: Int)] = []
    /// The entries.
    public private(set) var entries: [File] = []
    /// All other files, by their names.
    public private(set) var others: [File] = []
    /// What is not there any more, by the names of the files.
    public private(set) var removed: [File] = []

    init(_ history: KeptHistory) throws {
        let repository = history.repository
        var spans: [[UInt8]: Span] = [:]
        var versions: [[UInt8]: Set<GitID>] = [:]
        var names: [Text: Span] = [:]
        try repository.walkHistory(refs: .head) { commit, changes in
            commits.note(commit.committer.time)
            for who in Set([commit.author, commit.committer].map(Self.person)) {
                names[who, default: Span()].note(commit.committer.time)
            }
            for change in changes where change.isOwn {
                guard let name = history.place.name(of: change.name) else { continue }
                spans[name, default: Span()].note(commit.committer.time)
                if let leaf = change.new, leaf.isFile {
                    versions[name, default: []].insert(leaf.id)
                }
            }
        }
        people = names.map { ($0.key, $0.value) }.sorted { $0.0.bytes.precedes($1.0.bytes) }
        let present = try present(history)
        var lists: [Text: Int] = [:]
        for (name, span) in spans.sorted(by: { $0.key.precedes($1.key) }) {
            guard let id = present[name] else {
                removed.append(File(name: Text(name), size: nil, span: span))
                continue
            }
            let content = try repository.content(of: id)
            if FilePolicy.kind(of: name) == .entry {
                let entry = name.dropLast(EntryName.suffix.utf8.count)
                entries.append(File(name: Text(entry), size: content.count, span: span))
            } else {
                others.append(File(name: Text(name), size: content.count, span: span))
            }
            if Path(name).name.elementsEqual(".gpg-id".utf8),
                let list = try? RecipientList(content, path: Path(name))
            {
                for one in Set(list.recipients) { lists[Text(one.bytes), default: 0] += 1 }
            }
        }
        listed = lists.map { ($0.key, $0.value) }.sorted { $0.0.bytes.precedes($1.0.bytes) }
        readers = try Self.readers(versions, repository)
    }

    private static func person(_ who: Authorship) -> Text { "\(who.name) <\(who.mail)>" }

    private func present(_ history: KeptHistory) throws -> [[UInt8]: GitID] {
        var present: [[UInt8]: GitID] = [:]
        for (path, leaf) in try history.repository.leaves(in: history.head()) where leaf.isFile {
            if let name = history.place.name(of: path) { present[name] = leaf.id }
        }
        return present
    }

    /// Who can read any version of a message, by what its packets name.
    private static func readers(
        _ versions: [[UInt8]: Set<GitID>], _ repository: GitRepository
    ) throws -> [(key: KeyID, files: Int)] {
        var files: [KeyID: Int] = [:]
        for (name, ids) in versions {
            guard [.entry, .event].contains(FilePolicy.kind(of: name)) else { continue }
            var keys: Set<KeyID> = []
            for id in ids {
                // What is no message names nobody.
                guard let message = try? EncryptedMessage(repository.content(of: id)) else {
                    continue
                }
                keys.formUnion(message.recipients)
            }
            for key in keys { files[key, default: 0] += 1 }
        }
        return files.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }
}

extension Store {
    /// What a copy of the store's repository tells whoever has no key.
    ///
    /// - Throws: a `Problem` where there is no history.
    public func exposure() throws -> Exposure {
        guard isThere else { throw NotInitialised() }
        return try Exposure(KeptHistory(around: root, in: self))
    }
}
