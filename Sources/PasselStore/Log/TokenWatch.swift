import PasselCore
import PasselPosix

/// What entries hold that are about to be replaced, moved or removed: the security log tells of
/// tokens.
///
/// Whoever has no tokens pays nothing. Nothing is looked at where the store has no log; nor an
/// entry that the index knows to be no token; nor one that it does not know, on a machine that
/// never met an event of the log.
struct TokenWatch {
    let store: Store

    /// So many entries that the index does not know are looked at, each with the user's secret key.
    private static let most = 16

    private struct Found {
        let file: Path
        let content: [UInt8]
        /// Whether it is a token; nothing where the index does not know it.
        let isToken: Bool?
    }

    /// Whether there is anything to look for.
    var isNeeded: Bool { get throws { try !SecurityLog(store: store).names().isEmpty } }

    /// What these files of entries hold, there or not.
    ///
    /// What cannot be found out is told, and ends nothing.
    func contents(_ files: [Path]) throws -> [Path: TokenChange.Content] {
        let there = try files.filter { try FileStatus(of: $0) != nil }
        var contents: [Path: TokenChange.Content] = [:]
        for file in files { contents[file] = .nothing }
        for file in there { contents[file] = .unseen }
        guard !there.isEmpty, try isNeeded else {
            return contents
        }
        for (file, text) in try read(wanted(there)) { contents[file] = .text(text) }
        return contents
    }

    /// What the entry of a file holds.
    func content(_ file: Path) throws -> TokenChange.Content {
        try contents([file])[file] ?? .nothing
    }

    /// Those that are tokens, and those that may be.
    private func wanted(_ files: [Path]) throws -> [Found] {
        // What cannot be read as a file tells nothing.
        let read = files.compactMap { file in (try? Files.read(file)).map { (file, $0) } }
        let notes = store.indexNotes()
        let known =
            notes?.tokens(read.map { MessageID(of: $0.1) })
            ?? [Bool?](repeating: nil, count: read.count)
        let hasMet = store.storedPins.map { !SeenEvents(in: $0.folder).all.isEmpty } ?? false
        let found = zip(read, known).map { Found(file: $0.0, content: $0.1, isToken: $1) }
            .filter { $0.isToken ?? hasMet }
        let unknown = found.filter { $0.isToken == nil && isOurs($0.content) }
        guard unknown.count <= Self.most else {
            store.observer.warned(
                Problem(
                    "\(unknown.count) of the entries are not in the index; what becomes of tokens among them is not in the security log",
                    hints: ["let it know them the next time: passel index build"]))
            return found.filter { $0.isToken == true }
        }
        return found.filter { $0.isToken == true } + unknown
    }

    private func isOurs(_ content: [UInt8]) -> Bool {
        guard let recipients = try? EncryptedMessage(content).recipients,
            // What is wrong with the keyring shows where it is needed.
            let own = try? store.cipher.secretKeys().flatMap(\.readerIDs)
        else { return false }
        return recipients.contains { $0 == .hidden || own.contains($0) }
    }

    private func read(_ found: [Found]) -> [(Path, Secret)] {
        let reader = store.messageReader(for: found.map(\.content))
        var read: [(item: Found, message: OpenedMessage)] = []
        for item in found {
            let name = store.entryName(item.file)
            do {
                read.append((item, try reader.open(item.content, name: name)))
            } catch {
                store.observer.warned(
                    Problem("what becomes of the token in \(name) is not in the security log"))
            }
        }
        store.learn(read.map { ($0.item.content, $0.message) })
        return read.map { ($0.item.file, $0.message.plaintext) }
    }
}
