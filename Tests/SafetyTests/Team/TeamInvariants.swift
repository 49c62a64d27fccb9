import Foundation
import PasselTesting

/// What must hold of a team's store and this machine's memory of it after a fault.
///
/// As for one person's store: I1 every entry is the old one or a new one with the same text, in the
/// end all of them are of one kind · I2 the repository is sound · I3 HEAD, index and work tree agree
/// after the next command · I5 lists, roster, signature, key files and readers belong together ·
/// I6 the next command succeeds without help · I7 modes, and nothing left behind · I8 status 0 means
/// the new state, committed.
struct TeamInvariants: Sendable {
    let box: TeamSandbox
    let template: StoreFiles
    let startingCommit: String
    let old: TeamState
    let new: TeamState
    /// Files beside the entries that runs without a fault leave: below `.git`, in the state folder.
    var usualFiles: Set<String> = []

    private static let sample = 2

    private enum State: Equatable { case old, new, broken(String) }

    private func state(of name: String, _ now: StoreFiles) -> State {
        guard let bytes = now.entry(name) else { return .broken("is gone") }
        if bytes == template.entry(name) { return .old }
        let packets = PacketReader(bytes)
        // Tag 18: the message is encrypted, with protection of its integrity.
        guard packets.tags.last == 18, packets.readers == new.readers else {
            return .broken("is for \(packets.readers)")
        }
        return .new
    }

    /// What is wrong right after the fault, before anything else runs.
    func violationsAtOnce(status: Int32, warned: Bool = false) throws -> [String] {
        let now = try StoreFiles(box.store)
        var wrong: [String] = []
        var states: [State] = []
        for name in TeamSandbox.names {
            states.append(state(of: name, now))
            if case .broken(let how) = states.last { wrong.append("I1 \(name) \(how)") }
        }
        let team = TeamState.files(now)
        for name in Set(team.keys).union(old.files.keys).union(new.files.keys).sorted()
        where team[name] != old.files[name] && team[name] != new.files[name] {
            wrong.append("I5 \(name) is neither the old nor the new one")
        }
        wrong += modeViolations(now)
        guard status == 0 else { return wrong }
        if states.contains(.old) || team != new.files {
            wrong.append("I8 status 0, but not in the new state")
        }
        let commits = try box.git.commits(after: startingCommit)
        if commits.count != 1 { wrong.append("I8 status 0 with \(commits.count) commits") }
        if !warned { wrong += try statusViolations("I8") }
        return wrong
    }

    /// What is wrong once the next command has run; the second result is whether the store is in the
    /// new state then.
    func violationsAfterNext() throws -> (wrong: [String], isNew: Bool) {
        let head = try box.git.head()
        let outcome = try Self.next(box)
        guard outcome.status == 0 else {
            let message = outcome.errorText.split(separator: "\n").first ?? ""
            return (["I6 the next command fails with \(outcome.status): \(message)"], false)
        }
        return try violations(afterNextOn: head)
    }

    /// As above, once the next command has succeeded on this HEAD.
    func violations(afterNextOn head: String) throws -> (wrong: [String], isNew: Bool) {
        let now = try StoreFiles(box.store)
        let states = TeamSandbox.names.map { state(of: $0, now) }
        let isNew = states.contains(.new)
        let team = isNew ? new : old
        var wrong: [String] = []
        if states.contains(where: { $0 != states[0] }) {
            wrong.append(
                "I1 half done: \(states.count { $0 == .new }) entries new, "
                    + "\(states.count { $0 == .old }) old")
        }
        let files = TeamState.files(now)
        for name in Set(files.keys).union(team.files.keys).sorted()
        where files[name] != team.files[name] {
            wrong.append("I5 \(name) does not fit the entries (\(isNew ? "new" : "old"))")
        }
        if PacketReader(now.entry("next") ?? []).readers != team.readers {
            wrong.append("I5 the next entry is for others")
        }
        wrong += try signatureViolations(isNew, now) + sampleViolations(team)
        wrong += try historyViolations(head, isNew) + repositoryViolations()
        wrong += modeViolations(now) + strayViolations(now, isNew)
        wrong += try checkViolations()
        return (wrong, isNew)
    }

    /// The command whose success shows that nothing is stuck.
    @discardableResult static func next(_ box: TeamSandbox) throws -> Outcome {
        try box.passel(["insert", "-m", "next"], input: "next\n")
    }

    /// `recipients check` has nothing to say of a store: what was killed in the middle it brings to
    /// its end first.
    func checkViolations() throws -> [String] {
        let outcome = try box.passel(["recipients", "check"])
        guard outcome.status != 0 || outcome.output != [] else { return [] }
        return [
            "I5 recipients check ends with \(outcome.status): "
                + "\((outcome.text + outcome.errorText).split(separator: "\n").first ?? "")"
        ]
    }

    /// The roster's signature, which cannot be compared, must be a good one.
    private func signatureViolations(_ isNew: Bool, _ now: StoreFiles) throws -> [String] {
        let signature = now.files[TeamState.signature]
        guard isNew else {
            let isOld = signature == template.files[TeamState.signature]
            return isOld ? [] : ["I5 the roster's signature is not the old one"]
        }
        let isGood = try box.keyring.vouches(for: "\(box.store)/\(TeamState.roster)")
        return isGood ? [] : ["I5 the roster's signature is not good"]
    }

    /// A few entries, others each time, as gpg sees them.
    private func sampleViolations(_ team: TeamState) throws -> [String] {
        try TeamSandbox.names.shuffled().prefix(Self.sample).flatMap { name -> [String] in
            let path = "\(box.store)/\(name).gpg"
            let isRight =
                try box.keyring.decrypt(path) == Array(TeamSandbox.value(of: name).utf8)
            let readers = try box.keyring.readers(path)
            return (isRight ? [] : ["I1 \(name) does not decrypt to its text"])
                + (readers == team.readers ? [] : ["I5 gpg says that \(name) is for \(readers)"])
        }
    }

    private func historyViolations(_ head: String, _ isNew: Bool) throws -> [String] {
        var wrong: [String] = []
        let commits = try box.git.commits(after: startingCommit)
        let made = isNew ? 2 : 1
        if commits.count != made { wrong.append("I3 \(commits.map(\.subject)), new: \(isNew)") }
        if head != startingCommit, !isNew { wrong.append("I3 committed, yet the entries are old") }
        if commits.last?.files != ["next.gpg"] {
            wrong.append("I6 the next command's commit holds \(commits.last?.files.sorted() ?? [])")
        }
        return try wrong + statusViolations("I3")
    }

    private func statusViolations(_ invariant: String) throws -> [String] {
        let lines = try box.git.run(["status", "--porcelain"]).text.split(separator: "\n")
        guard let first = lines.first else { return [] }
        return ["\(invariant) git status shows \(lines.count) differences: \(first)"]
    }

    private func repositoryViolations() throws -> [String] {
        let check = try box.git.run(["fsck", "--strict", "--no-dangling", "--no-progress"])
        return check.status == 0 ? [] : ["I2 git fsck: \(check.errorText.prefix(200))"]
    }

    private func modeViolations(_ now: StoreFiles) -> [String] {
        let modes =
            now.files.filter { $0.value.mode != 0o600 }.mapValues(\.mode).sorted { $0.key < $1.key }
            + now.folders.filter { $0.value != 0o700 }.sorted { $0.key < $1.key }
        return modes.map { "I7 \($0.key) has mode \(String($0.value, radix: 8))" }
    }

    /// What is neither an entry nor one of the team's files.
    func surroundings(_ now: StoreFiles) -> Set<String> {
        paths(below: box.state).union(paths(below: box.home)).union(now.repositoryFiles.keys)
    }

    private func strayViolations(_ now: StoreFiles, _ isNew: Bool) -> [String] {
        // Work that waits for the change to be tried again is no stray, nor what a check remembers.
        let stray = surroundings(now).subtracting(usualFiles).filter {
            (isNew || !$0.contains("/reencrypted")) && !$0.hasSuffix("/last-check")
        }
        let entries = now.entries.subtracting(TeamSandbox.names + ["next"])
        return (stray.sorted() + entries.sorted() + now.strayObjects).map {
            "I7 \($0) is left behind"
        }
    }
}
