public import PasselCore
import PasselPosix

/// Why the last sync in the background failed, as this machine remembers it until one works.
///
/// A file `autosync` in the state folder: `new` or `told`, the second, and the words for it.
public struct BackgroundFailure {
    private let folder: StateFolder
    private let now: Int64

    /// What the state folder of a store has.
    public init(_ folder: StateFolder, now: Int64) {
        self.folder = folder
        self.now = now
    }

    private static let file: Path = "autosync"

    /// Why it failed; nothing when it did not.
    public var problem: Problem? { read()?.problem }

    /// Why it failed, the first time that this is asked after it did.
    public func untold() -> Problem? {
        guard let (isNew, second, message, problem) = read(), isNew else { return nil }
        write("told", second, message)
        return problem
    }

    /// Forgets it: one worked.
    public func forget() {
        // What stays is told once more.
        try? folder.remove(Self.file)
    }

    func note(_ message: Text) { write("new", now, message) }

    private func write(_ state: Text, _ second: Int64, _ message: Text) {
        let line = "\(state) \(second) \(PercentEncoding.encode(message.bytes))\n" as Text
        // Nobody can be told where nothing can be written; told twice is better than never.
        try? folder.write(line.bytes, to: Self.file)
    }

    private func read() -> (isNew: Bool, second: Int64, message: Text, problem: Problem)? {
        // Mostly there is no such file.
        guard let content = try? Files.readIfPresent(folder.file(Self.file)) else { return nil }
        let words = content.split(separator: .newline).first?.split(separator: 0x20) ?? []
        guard words.count == 3, let second = Int64(String(decoding: words[1], as: UTF8.self)),
            let message = PercentEncoding.decode(words[2])
        else { return nil }
        return (
            words[0].elementsEqual("new".utf8), second, Text(message),
            Problem(
                "the last sync in the background failed: \(Text(message))",
                hints: ["see it for yourself: passel sync"])
        )
    }
}

extension Store {
    /// Why the last sync in the background failed; nothing where this machine keeps no state.
    public var backgroundFailure: BackgroundFailure? {
        storedPins.map { BackgroundFailure($0.folder, now: settings.now()) }
    }
}
