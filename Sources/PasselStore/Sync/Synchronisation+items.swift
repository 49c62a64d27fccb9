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

    /// What `push` would do.
    mutating func predictPush() throws {
        guard let ours = try repository.headID() else { return }
        for index in partners.indices
        where partners[index].policy.pushes && partners[index].isOpen {
            let partner = partners[index]
            do {
                if !partner.isKnown {
                    partners[index].head = try transport.head(of: partner.remote, branch: branch)
                    partners[index].isKnown = true
                }
                try predictPush(ours, index)
            } catch {
                fail(index, error)
            }
        }
    }

    private mutating func predictPush(_ ours: GitID, _ index: Int) throws {
        let partner = partners[index]
        let count = try sent(ours, partner)
        // Each head that is merged and not only moved on to makes a commit, which goes, too.
        let merges = predicted.values.count { !$0.isFastForward }
        guard count + merges > 0 || predicted.keys.contains(where: { $0 != partner.head }) else {
            return
        }
        partners[index].report.sent = count + merges
        guard let head = partner.head, (try? repository.historyCommit(head)) != nil else { return }
        // What others have is looked at as it will be after the merge with this remote.
        let now = try predicted[head].map { try $0.leaves(repository) } ?? leaves(ours)
        let theirs = try leaves(head)
        for name in Set(now.keys).union(theirs.keys).sorted(by: { $0.precedes($1) })
        where now[name] != theirs[name] {
            note(sent: name, to: partner.remote.name)
        }
    }

    private func leaves(_ commit: GitID) throws -> [[UInt8]: GitID] {
        Dictionary(
            try repository.leaves(in: commit).map { ($0.name, $0.leaf.id) },
            uniquingKeysWith: { first, _ in first })
    }
}
