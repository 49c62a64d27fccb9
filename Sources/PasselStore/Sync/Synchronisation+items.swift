import PasselCore
import PasselGit

extension Synchronisation {
    /// Notes which files a push changed for a remote; all of them for one that had nothing are not
    /// worth a list.
    mutating func noteItems(sentTo index: Int, from before: GitID?, to ours: GitID) throws {
        guard let before else { return }
        for change in try repository.changes(from: before, to: ours) {
            note(sent: change.name, to: partners[index].remote.name)
        }
    }

    private mutating func note(sent name: [UInt8], to remote: Text) {
        report.items.append(
            SyncReport.Item(name: Self.itemName(name), what: .sent, remote: remote))
    }

    /// Whether a name of the tree is that of an entry.
    static func isEntry(_ name: [UInt8]) -> Bool {
        name.first != UInt8(ascii: ".") && name.ends(with: EntryName.suffix)
    }

    private static func itemName(_ name: [UInt8]) -> Path {
        Path(isEntry(name) ? name.dropLast(EntryName.suffix.utf8.count) : name[...])
    }
}
