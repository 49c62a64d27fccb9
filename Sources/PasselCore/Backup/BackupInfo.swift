/// What a backup says of itself, for those who can open it.
///
///     passel backup 1
///     created: 2027-01-31T12:00:00Z
///     store: NAME
///     entries: 120
///     head: refs/heads/main
///     removed: FILE
///     link: FILE TARGET
///
/// `head` is where HEAD points, or the id of a commit; a store without history has none. `removed`
/// is a file that was there in the newest commit and not in the folder; `link` is a symbolic link, of which the
/// manifest can say nothing. Names are percent-encoded.
public struct BackupInfo: Sendable, Equatable {
    /// When it was made.
    public var created: Instant
    /// What the store's folder is called.
    public var store: [UInt8]
    /// How many entries the folder had.
    public var entries: Int
    /// Where HEAD points; nothing for a store without history.
    public var head: [UInt8]?
    /// The files that are in the newest commit and were not in the folder.
    public var removed: [Path] = []
    /// The symbolic links among the members.
    public var links: [Link] = []

    /// A symbolic link.
    public struct Link: Sendable, Equatable {
        /// The member's name.
        public let name: Path
        /// Where it leads.
        public let target: [UInt8]

        /// A link.
        public init(name: Path, target: [UInt8]) {
            self.name = name
            self.target = target
        }
    }

    /// Of a store with so many entries.
    public init(created: Instant, store: [UInt8], entries: Int, head: [UInt8]?) {
        self.created = created
        self.store = store
        self.entries = entries
        self.head = head
    }

    private static let title = "passel backup 1"

    /// The file's content.
    public var content: [UInt8] {
        var lines: [Text] = [
            Text(Self.title.utf8), "created: \(created.spelling)",
            "store: \(PercentEncoding.encode(store))", "entries: \(entries)",
        ]
        if let head { lines.append("head: \(PercentEncoding.encode(head))") }
        lines += removed.map { "removed: \(PercentEncoding.encode($0.bytes))" }
        lines += links.map {
            "link: \(PercentEncoding.encode($0.name.bytes)) \(PercentEncoding.encode($0.target))"
        }
        return lines.flatMap { $0.bytes + [.newline] }
    }

    /// Reads a file's content; nothing for what is none, or one of a later version.
    public init?(_ content: [UInt8]) {
        var lines = content.split(separator: .newline)[...]
        guard lines.popFirst()?.elementsEqual(Self.title.utf8) == true else { return nil }
        var values: [String: [[UInt8]]] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: 0x3A) else { return nil }
            let value = line[(colon + 1)...].drop { $0 == 0x20 }
            values[String(decoding: line[..<colon], as: UTF8.self), default: []]
                .append(Array(value))
        }
        guard let created = values["created"]?.first.flatMap({ Instant($0) }),
            let store = values["store"]?.first.flatMap({ PercentEncoding.decode($0[...]) }),
            let entries = values["entries"]?.first.flatMap({
                Int(String(decoding: $0, as: UTF8.self))
            })
        else { return nil }
        self.init(created: created, store: store, entries: entries, head: nil)
        head = values["head"]?.first.flatMap { PercentEncoding.decode($0[...]) }
        removed = (values["removed"] ?? []).compactMap {
            PercentEncoding.decode($0[...]).map { Path($0) }
        }
        links = (values["link"] ?? []).compactMap { words in
            let words = words.split(separator: 0x20)
            guard words.count == 2, let name = PercentEncoding.decode(words[0]),
                let target = PercentEncoding.decode(words[1])
            else { return nil }
            return Link(name: Path(name), target: target)
        }
        guard self.content == content else { return nil }
    }
}
