import PasselCore
import PasselPosix

/// When this machine last made a backup, and when it last tried a recovery out.
///
/// A file `last-backup` in the state folder:
///
///     passel last-backup 1
///     made SECOND
///     drill SECOND
public struct LastBackup: Sendable, Equatable {
    /// The second in which the last backup was made here.
    public internal(set) var made: Int64?
    /// The second in which a recovery was last tried out here, and went well.
    public internal(set) var drill: Int64?

    private static let file: Path = "last-backup"
    private static let head = "passel last-backup 1"

    init() {}

    init?(in folder: StateFolder) {
        // What cannot be read is as good as never done.
        guard let content = try? Files.readIfPresent(folder.file(Self.file)) else { return nil }
        var lines = content.split(separator: .newline)[...]
        guard lines.popFirst()?.elementsEqual(Self.head.utf8) == true else { return nil }
        for line in lines {
            let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
            guard words.count == 2 else { continue }
            if words[0] == "made" { made = Int64(words[1]) }
            if words[0] == "drill" { drill = Int64(words[1]) }
        }
    }

    func save(in folder: StateFolder) throws {
        var text = Self.head + "\n"
        if let made { text += "made \(made)\n" }
        if let drill { text += "drill \(drill)\n" }
        try folder.write(Array(text.utf8), to: Self.file)
    }
}

extension Store {
    /// When this machine last did something for the store's recovery; nothing where it never did.
    public func lastBackup() -> LastBackup? { storedPins.flatMap { LastBackup(in: $0.folder) } }

    /// Remembers that a backup was made just now.
    func rememberBackup() {
        guard let folder = storedPins?.folder else { return }
        var last = LastBackup(in: folder) ?? LastBackup()
        last.made = settings.now()
        // The backup is there whether or not that is remembered.
        try? last.save(in: folder)
    }
}
