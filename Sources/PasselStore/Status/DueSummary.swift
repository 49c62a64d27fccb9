public import PasselCore
import PasselPosix

/// When tokens end, for a prompt, which must neither wait nor ask for a passphrase: their times and
/// nothing else, no names.
///
/// A file `due` in the state folder, of which only its owner can read anything:
///
///     passel due 1
///     end SECOND
public struct DueSummary: Sendable, Equatable {
    /// The seconds in which they end.
    public private(set) var ends: [Int64]

    private static let file: Path = "due"
    private static let head = "passel due 1"

    /// The ends of all tokens.
    public init(_ ends: [Int64]) { self.ends = ends.sorted() }

    init?(in folder: StateFolder) {
        // What cannot be read is as good as nothing.
        guard let content = try? Files.readIfPresent(folder.file(Self.file)) else { return nil }
        let lines = content.split(separator: .newline)
        guard lines.first?.elementsEqual(Self.head.utf8) == true else { return nil }
        self.init(
            lines.dropFirst().compactMap { line in
                let words = line.split(separator: 0x20)
                guard words.count == 2, words[0].elementsEqual("end".utf8) else { return nil }
                return Int64(String(decoding: words[1], as: UTF8.self))
            })
    }

    fileprivate func save(in folder: StateFolder) throws {
        let text = [Self.head] + ends.map { "end \($0)" }
        try folder.write(text.flatMap { Array("\($0)\n".utf8) }, to: Self.file)
    }

    fileprivate mutating func replace(_ old: Int64?, by new: Int64?) {
        if let old, let place = ends.firstIndex(of: old) { ends.remove(at: place) }
        if let new { ends = (ends + [new]).sorted() }
    }
}

extension Store {
    /// What was last remembered of the ends of all tokens; nothing where it never was.
    public func dueSummary() -> DueSummary? {
        storedPins.flatMap { DueSummary(in: $0.folder) }
    }

    /// Remembers when all tokens end, unless nothing is to be kept of entries: `passel.index` is
    /// off.
    public func remember(_ summary: DueSummary) {
        // A setting that is none is told where it decides more.
        let isOff = (try? settings.configuration.index == .off) ?? false
        guard !isOff, let folder = storedPins?.folder, dueSummary() != summary else { return }
        // The next look finds the same.
        try? summary.save(in: folder)
    }

    /// Remembers that the token of an entry has another end, where anything is remembered.
    public func rememberEnd(of content: Secret, insteadOf before: Secret?) {
        let (new, old) = (Self.end(of: content), before.flatMap(Self.end))
        guard old != new, var summary = dueSummary() else { return }
        summary.replace(old, by: new)
        remember(summary)
    }

    private static func end(of content: Secret) -> Int64? {
        let text = EntryText(content)
        let claimed = text.isOpaque ? nil : text.secret.tokenFinding?.expires
        return TokenLife(TokenMetadata(text), claimedEnd: claimed)?.end.second
    }
}
