import Foundation

/// Everybody syncs and accepts what is to be reviewed, until nothing moves any more; then all of
/// them must have the same, and it must be right.
extension ModelWorld {
    ///
    /// - Parameter isLast: whether nothing comes after it, so that everything is looked at.
    func settle(isLast: Bool) throws {
        figures.settlements += 1
        for _ in 0..<3 {
            for number in clones.indices {
                try syncQuietly(number)
                // Handed on at once: two signers who merge two rosters at the same time would make
                // two again.
                try accept(number)
                try syncQuietly(number)
            }
        }
        for _ in 0..<2 { for number in clones.indices { try syncQuietly(number) } }
        check(isLast: isLast)
        if states.allSatisfy({ $0.files == states[0].files }) {
            oracle.everybodyAgrees(on: states[0])
        }
    }

    /// Between so many, every object is read once, and packed after that, as git does it from time
    /// to time: what is broken is found before it could go.
    private static let objectsEvery = 8

    private func syncQuietly(_ number: Int) throws {
        let outcome = try clones[number].passel(["sync"])
        remember("\(clones[number].person) sync (settling) -> \(outcome.told)")
        figures.syncs += 1
        if ![0, 3].contains(outcome.status) {
            violation("sync ends with \(outcome.status): \(outcome.errorText)")
        }
        let before = states[number]
        states[number] = try ModelState(clones[number], texts)
        note(outcome, states[number])
        let lost = oracle.lost(before, states[number])
        if !lost.isEmpty { violation("lost while settling: \(lost.sorted())", about: lost) }
        oracle.noteArrival(before, states[number], history.last ?? "")
    }

    private func accept(_ number: Int) throws {
        let outcome = try clones[number].passel(["recipients", "review", "--accept"])
        remember("\(clones[number].person) accept (settling) -> \(outcome.told)")
        let before = states[number]
        states[number] = try ModelState(clones[number], texts)
        let lost = oracle.lost(before, states[number])
        if !lost.isEmpty { violation("lost while accepting: \(lost.sorted())", about: lost) }
        oracle.noteArrival(before, states[number], history.last ?? "")
    }

    private func check(isLast: Bool) {
        do {
            try checkTrees()
            if isLast || figures.settlements % Self.objectsEvery == 1 { try checkObjects() }
            try checkReaders()
            checkValues()
            try checkWords()
        } catch {
            violation("\(error)")
        }
    }

    /// All clones and the remote have the same, and nothing is left lying about.
    private func checkTrees() throws {
        let heads = try clones.map { try $0.head() }
        let remote = Git(folder: folder + "/remote.git", home: clones[0].folder + "/home")
        let all =
            heads + [try remote.run(["rev-parse", "main"]).text.trimmingCharacters(in: .newlines)]
        if Set(all).count != 1 { violation("not the same commit everywhere: \(all)") }
        let trees = try clones.map { try $0.git.run(["rev-parse", "HEAD^{tree}"]).text }
        if Set(trees).count != 1 { violation("not the same tree everywhere") }
        for clone in clones {
            let status = try clone.git.run(["status", "--porcelain"]).text
            if !status.isEmpty { violation("\(clone.person): git status shows \(status)") }
        }
        let known = Set(
            try clones[0].git.run(["rev-list", "HEAD"]).text.split(separator: "\n").map(String.init)
        )
        for (commit, step) in oracle.commits where !known.contains(commit) {
            violation("the commit of \(step) is not in the history")
        }
    }

    private func checkObjects() throws {
        for clone in clones {
            let fsck = try clone.git.run(["fsck", "--strict", "--no-dangling", "--no-progress"])
            if fsck.status != 0 { violation("\(clone.person): git fsck: \(fsck.errorText)") }
        }
        let remote = Git(folder: folder + "/remote.git", home: clones[0].folder + "/home")
        for git in clones.map(\.git) + [remote] {
            try succeed(git.run(["gc", "-q", "--prune=now"]))
        }
    }

    /// Every entry is for exactly those whom the nearest list names, and the lists are what was
    /// wanted.
    private func checkReaders() throws {
        let state = states[0]
        for entry in state.entries + state.unreadable {
            let wanted = Set((state.wanted(entry) ?? []).compactMap { people.keyIDs[$0] })
            if state.readers(entry) != wanted {
                violation("\(entry) is for \(state.readers(entry)), not for \(wanted)")
            }
        }
        // gpg itself, where one reader of packets might be wrong.
        for entry in state.entries.shuffled(using: &random).prefix(3) {
            let listed = try people.listedReaders(state.files[entry + ".gpg"] ?? [])
            if listed != state.readers(entry) { violation("gpg: \(entry) is for \(listed)") }
        }
        if !state.unreadable.isEmpty { violation("nobody can read \(state.unreadable)") }
        for one in oracle.added.subtracting(oracle.removed)
        where state.lists[one.folder]?.contains(one.person) == false {
            violation("\(one.person) was let into \(one.folder) and is not in")
        }
        for one in oracle.removed.subtracting(oracle.added)
        where state.lists[one.folder]?.contains(one.person) == true {
            violation("\(one.person) was put out of \(one.folder) and is in")
        }
    }

    private func checkValues() {
        for (word, step) in oracle.missing(in: states[0]).sorted(by: { $0.key < $1.key }) {
            violation("\(word) is gone, saved by \(step)", about: [word])
        }
    }

    /// What passel itself says of it.
    private func checkWords() throws {
        let kept = states[0].entries.filter { $0.contains(".conflict-") }.sorted()
        for clone in clones {
            let drift = try clone.passel(["recipients", "check"])
            if drift.status != 0 {
                violation("\(clone.person): recipients check: \(drift.text + drift.errorText)")
            }
            let conflicts = try clone.passel(["conflicts", "--json"])
            let listed = kept.filter { conflicts.text.contains($0) }
            if listed != kept { violation("conflicts lists \(listed), not \(kept)") }
        }
    }
}
