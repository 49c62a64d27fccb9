public import PasselCore
import PasselPosix

/// Somebody who is to leave, and all that they could ever read.
public struct Offboarding {
    /// What is to be worked off; what was worked off before, if they left before, included.
    public let list: OffboardingList

    /// Whose key it is.
    public var person: Fingerprint { list.person }
    /// The user id by which they are known.
    public var name: Text { Text(list.name) }
}

extension CommitSubject {
    /// Somebody who left.
    public static func offboard(_ name: Text) -> Text { "Offboard \(name)." }
    /// An entry that somebody who left cannot use any more, as somebody says.
    public static func settle(_ entry: Text) -> Text { "Mark \(entry) as changed." }
}

extension Store {
    /// Finds out what somebody could ever read; changes nothing.
    ///
    /// The person is meant by a fingerprint, a key id or part of a user id; also one who left
    /// already. Everything counts that leads to any reference of the store's repositories, and the
    /// store as it is.
    ///
    /// - Throws: a `Problem` when nobody or more than one person is meant.
    public func offboarding(of name: Recipient) throws -> Offboarding {
        let histories = try histories()
        let lists = try offboardingLists()
        let leaver = try leaver(name, histories, lists)
        let present = try PresentEntries(self, histories)
        let items = try Readings(of: leaver, histories, present).items
        var list =
            lists.first { $0.person == leaver.fingerprint }
            ?? OffboardingList(
                leaver.fingerprint, name: leaver.name.bytes, day: Day(second: settings.now()),
                keyIDs: [])
        list.update(with: items, keyIDs: leaver.keyIDs)
        return Offboarding(list: list)
    }

    /// Takes somebody out of every folder, encrypts anew what they can read, and puts the list of
    /// what they could read into the store: one commit, or nothing at all.
    ///
    /// Who is in no folder any more only gets the list.
    ///
    /// - Throws: a `Problem`, as `perform` does, and nothing has changed.
    @discardableResult
    public func offboard(
        _ offboarding: Offboarding, partial: Bool = false
    ) throws -> TeamChange.Outcome {
        let list = offboarding.list
        let subject = CommitSubject.offboard(offboarding.name)
        var draft = try draft()
        guard draft.roster.folders.values.contains(where: { $0[list.person] != nil }) else {
            try put([list], subject: subject)
            return TeamChange.Outcome(reencrypted: [], failed: [])
        }
        draft.removeEverywhere(list.person)
        var change = TeamChange(draft, subject: subject)
        change.partial = partial
        change.steps = try steps([list])
        return try perform(change)
    }

    /// The lists of all who left, sorted by fingerprint.
    ///
    /// - Throws: a `Problem` for a list that is damaged or another's.
    public func offboardingLists() throws -> [OffboardingList] {
        let folder = root / OffboardingList.folder
        guard FileStatus.isFolder(folder) else { return [] }
        return try Files.names(in: folder).compactMap { Fingerprint($0.bytes) }.sorted().map {
            let path = OffboardingList.folder / Path($0.bytes)
            let list = try OffboardingList(try Files.read(root / path), path: path)
            guard list.person == $0 else {
                throw Problem(
                    "\(path) is the list of somebody else",
                    hints: ["see who changed it: passel git log -- \(path)"])
            }
            return list
        }
    }

    /// Writes lists in one commit of their own.
    func put(_ lists: [OffboardingList], subject: Text) throws {
        try exclusively {
            try Change(store: self, steps: steps(lists)) { _ in subject }.perform()
        }
    }

    private func steps(_ lists: [OffboardingList]) throws -> [FileChange] {
        try lists.compactMap { list in
            let file = root / list.file
            guard try Files.readIfPresent(file) != list.content else { return nil }
            try makeFolders(file.parent)
            return .write(file, list.content, mode: .fresh)
        }
    }
}
