public import PasselCore
import PasselGit
import PasselPosix

extension Store {
    /// Whether there is a folder.
    public var isThere: Bool { FileStatus.isFolder(root) }

    /// The names in all lists of recipients, each once; lists that cannot be read name nobody.
    public func listedRecipients() throws -> [Recipient] {
        if !settings.recipientsOverride.isEmpty { return settings.recipientsOverride }
        var found: [Recipient] = []
        for (folder, content) in try lists() {
            // What is wrong with a list is told where it is used.
            guard let list = try? RecipientList(content, path: folder / ".gpg-id") else { continue }
            for name in list.recipients where !found.contains(name) { found.append(name) }
        }
        return found
    }

    /// The repository that the store is in, as far as it concerns the machine; nothing where it is
    /// in none.
    public func repositoryFacts() throws -> MachineFacts.Repository? {
        guard let repository = try repository(around: root) else { return nil }
        var facts = MachineFacts.Repository()
        // Why git does not know who the user is, git says itself.
        facts.knowsIdentity = (try? repository.identity()) != nil
        facts.remotes = try repository.remotes().flatMap { remote in
            ([remote.url] + (remote.pushURL.map { [$0] } ?? [])).map { (remote.name, $0) }
        }
        facts.newest = try repository.headID().map {
            try repository.historyCommit($0).committer.time
        }
        return facts
    }
}
