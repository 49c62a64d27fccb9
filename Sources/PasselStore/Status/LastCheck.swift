import PasselCore
import PasselPosix

/// What the last look at the packets of all entries found: enough for a prompt, which has no time
/// to look itself.
///
/// A file `last-check` in the state folder:
///
///     passel last-check 1
///     time SECOND
///     checked COUNT
///     drifted COUNT
public struct LastCheck: Sendable, Equatable {
    /// The second of that look.
    public let time: Int64
    /// How many entries there were.
    public let checked: Int
    /// With how many of them something had to be done.
    public let drifted: Int

    private static let file: Path = "last-check"
    private static let head = "passel last-check 1"

    init(time: Int64, checked: Int, drifted: Int) {
        self.time = time
        self.checked = checked
        self.drifted = drifted
    }

    /// What the folder remembers; nothing where it remembers nothing, or nothing that makes sense.
    init?(in folder: StateFolder) {
        // A look that cannot be read is one that nobody took.
        guard let content = try? Files.readIfPresent(folder.file(Self.file)) else { return nil }
        var lines = content.split(separator: .newline)[...]
        guard lines.popFirst()?.elementsEqual(Self.head.utf8) == true else { return nil }
        var numbers: [String: Int64] = [:]
        for line in lines {
            let words = line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
            if words.count == 2 { numbers[words[0]] = Int64(words[1]) }
        }
        guard let time = numbers["time"], let checked = numbers["checked"],
            let drifted = numbers["drifted"]
        else { return nil }
        self.init(time: time, checked: Int(checked), drifted: Int(drifted))
    }

    fileprivate func save(in folder: StateFolder) throws {
        let text = """
            \(Self.head)
            time \(time)
            checked \(checked)
            drifted \(drifted)

            """
        try folder.write(Array(text.utf8), to: Self.file)
    }
}

extension Store {
    /// The last look at all entries; nothing where none was remembered.
    public func lastCheck() -> LastCheck? { storedPins.flatMap { LastCheck(in: $0.folder) } }

    /// Remembers what a look at all entries found.
    ///
    /// Once an hour as long as nothing changes: it is flushed to the disk.
    public func remember(_ drift: Drift) {
        guard let folder = storedPins?.folder else { return }
        let found = LastCheck(
            time: settings.now(), checked: drift.checked, drifted: drift.drifted.count)
        if let last = LastCheck(in: folder), last.checked == found.checked,
            last.drifted == found.drifted, (0..<3600).contains(found.time - last.time)
        {
            return
        }
        // Nothing is lost by not remembering it: the next look finds the same.
        try? found.save(in: folder)
    }
}
