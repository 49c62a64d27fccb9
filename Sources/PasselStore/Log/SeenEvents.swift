import PasselCore
import PasselPosix

/// What this machine knows of the security log: a file `log` in the state folder.
///
///     passel log 1
///     followed NAME
///     head NAME
///
/// An event that another one follows need not be named by the next one; and what was once here and
/// is gone was taken away.
struct SeenEvents: Equatable {
    /// Events that others follow.
    var followed: Set<EventName> = []
    /// Other events.
    var heads: Set<EventName> = []

    /// All of them.
    var all: Set<EventName> { followed.union(heads) }

    private static let file: Path = "log"
    private static let head = "passel log 1"

    init() {}

    /// What the folder remembers; nothing where that makes no sense.
    init(in folder: StateFolder) {
        // What cannot be read is as good as forgotten.
        guard let content = try? Files.readIfPresent(folder.file(Self.file)) else { return }
        let lines = content.split(separator: .newline)
        guard lines.first?.elementsEqual(Self.head.utf8) == true else { return }
        for line in lines.dropFirst() {
            let words = line.split(separator: 0x20)
            guard words.count == 2, let name = EventName(words[1]) else { continue }
            if words[0].elementsEqual("followed".utf8) {
                followed.insert(name)
            } else {
                heads.insert(name)
            }
        }
    }

    /// Remembers it.
    func save(in folder: StateFolder) throws {
        var text: Text = "\(Self.head)\n"
        for name in followed.sorted() { text += "followed \(name.text)\n" }
        for name in heads.subtracting(followed).sorted() { text += "head \(name.text)\n" }
        try folder.write(text.bytes, to: Self.file)
    }
}
