/// Knows every word that was ever saved, and where somebody who saw it took it away.
///
/// A word can stand in several places: in an entry and in the copy of it that a merge kept. Each of
/// them may be given up by somebody else at the same time, so a word is gone rightly only when every
/// place that it was ever seen in was given up; a place stays the same one when it is moved.
struct ModelOracle {
    /// In which step a word was saved, and where.
    private(set) var saved: [String: String] = [:]
    private var places: [String: WordPlaces] = [:]
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
        for (word, old, new) in moves(before, after) {
            places[word, default: WordPlaces()].act(from: old, to: new)
            places[word]?.tell(step, from: old, to: new)
        }
    }

    /// Takes in what a merge made of what several people did.
    mutating func noteArrival(_ before: ModelState, _ after: ModelState, _ step: String) {
        for (word, old, new) in moves(before, after) {
            // It gives nothing up.
            if !new.isEmpty { places[word, default: WordPlaces()].merge(from: old, to: new) }
            places[word]?.tell(step, from: old, to: new)
        }
    }

    /// Takes in that one entry was written anew, in the place of all that it held.
    mutating func noteReplaced(
        _ name: String, _ old: Set<String>, by word: String, _ step: String
    ) {
        saved[word] = step
        places[word, default: WordPlaces()].act(from: [], to: [name])
        for old in old {
            places[old, default: WordPlaces()].act(from: [name], to: [])
            places[old]?.tell(step, from: [name], to: [])
        }
    }

    /// The words whose places are not the same any more.
    private func moves(
        _ before: ModelState, _ after: ModelState
    ) -> [(word: String, old: Set<String>, new: Set<String>)] {
        let (old, new) = (before.places, after.places)
        return Set(old.keys).union(new.keys).sorted().compactMap { word in
            let (from, to) = (old[word] ?? [], new[word] ?? [])
            return from == to ? nil : (word, from, to)
        }
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

    /// Everybody has the same, wherever it is: what was seen elsewhere is nowhere any more.
    mutating func everybodyAgrees(on state: ModelState) {
        added = []
        removed = []
        for (word, names) in state.places { places[word] = WordPlaces(names) }
    }

    private func isGivenUp(_ word: String) -> Bool { places[word]?.areGivenUp ?? false }

    /// What was done to a word since everybody agreed last.
    func story(_ word: String) -> [String] { places[word]?.story ?? [] }

    /// The words that a machine had before it took in what others did, and has no more, although
    /// nobody took them away.
    func lost(_ before: ModelState, _ after: ModelState) -> Set<String> {
        before.all.subtracting(after.all).filter { !isGivenUp($0) }
    }

    /// The words that must be there and are not.
    func missing(in state: ModelState) -> [String: String] {
        let there = state.all
        return saved.filter { !isGivenUp($0.key) && !there.contains($0.key) }
    }
}
