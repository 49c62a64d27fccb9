import PasselCore
import PasselGit
import PasselPosix

/// The entries that are in the store now, with what can be said of them without decrypting.
struct PresentEntries {
    /// An entry's file as it is.
    struct Entry {
        let file: Path
        let content: OffboardingList.Content
        let readers: MessageReaders
    }

    /// The entries by their names; links are none.
    let entries: [[UInt8]: Entry]
    private let store: Store

    /// Reads every entry's file.
    init(_ store: Store, _ histories: [EntryHistory]) throws {
        var entries: [[UInt8]: Entry] = [:]
        for file in try Reencryption.files(below: store.root) {
            let name = store.entryName(file).bytes
            let bytes = try Files.read(file)
            let hasHistory = histories.contains { $0.covers(name) }
            let digits = hasHistory ? GitID(ofFile: bytes).hex : Digest(of: bytes).hex
            // Both are spelled by digits.
            guard let content = OffboardingList.Content(Array(digits.utf8)) else { continue }
            entries[name] = Entry(file: file, content: content, readers: MessageReaders(bytes))
        }
        self.entries = entries
        self.store = store
    }

    /// Whether somebody can read an entry as it is now.
    func canRead(_ entry: Entry, _ leaver: Leaver) throws -> Leaver.Answer {
        try leaver.canRead(entry.readers) { try list(for: entry.file) }
    }

    /// The list that holds for a file.
    private func list(for file: Path) throws -> [UInt8]? {
        var folder = file.parent
        while folder.isWithin(store.root) {
            if let content = try Files.readIfPresent(folder / ".gpg-id", limit: 1 << 20) {
                return content
            }
            folder = folder.parent
        }
        return nil
    }
}
