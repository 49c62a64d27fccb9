/// Knows every word that was ever saved, and which of them somebody replaced or removed who saw them.
///
/// A word that was saved and that nobody who saw it took away must be current somewhere in the end:
/// in its entry or in a copy that a merge kept.
struct ModelOracle {
    /// In which step a word was saved, and where.
    private(set) var saved: [String: String] = [:]
    private(set) var superseded: Set<String> = []
    /// The commits that were made by whatever ended well.
    private(set) var commits: [String: String] = [:]
    /// Who was let in and put out since everybody agreed last.
    private(set) var added: Set<Membership> = []
    private(set) var removed: Set<Membership> = []

    struct Membership: Hashable {
        let folder: String
        let person: String
    }

    /// Takes in what somebody did on their own machine.
    mutating func noteOwnWork(_ before: ModelState, _ after: ModelState, _ step: String) {
        for word in after.all.subtracting(before.all) { saved[word] = step }
        superseded.formUnion(before.all.subtracting(after.all))
    }

    mutating func noteLists(_ before: ModelState, _ after: ModelState) {
        for (folder, list) in after.lists {
            // A new list begins with those whom the folder had from above.
            let old = before.lists[folder] ?? before.lists["."] ?? []
            added.formUnion(list.subtracting(old).map { Membership(folder: folder, person: $0) })
            removed.formUnion(old.subtracting(list).map { Membership(folder: folder, person: $0) })
        }
    }

    mutating func noteCommit(_ id: String, _ step: String) { commits[id] = step }

    mutating func everybodyAgrees() {
        added = []
        removed = []
    }

    /// The words that a machine had before it took in what others did, and has no more, although
    /// nobody took them away.
    func lost(_ before: ModelState, _ after: ModelState) -> Set<String> {
        before.all.subtracting(after.all).subtracting(superseded)
    }

    /// The words that must be there and are not.
    func missing(in state: ModelState) -> [String: String] {
        let there = state.all
        return saved.filter { !superseded.contains($0.key) && !there.contains($0.key) }
    }
}

extension ModelOracle {
    /// Takes in one word that stands for others now.
    mutating func noteReplaced(_ old: Set<String>, by new: Set<String>, _ after: ModelState) {
        for word in new { saved[word] = "after a kill" }
        superseded.formUnion(old.subtracting(after.all))
    }
}
