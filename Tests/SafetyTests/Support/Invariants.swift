import Foundation
import PasselTesting

/// The eight invariants of a store, checked with gpg, git and our own reading of the files.
///
/// I1 every entry holds its old or its new value · I2 the repository is sound · I3 HEAD, index and
/// work tree agree after the next command · I4 no plaintext in any file · I5 entries are encrypted
/// to exactly the recipients of their folder · I6 the next command succeeds without help · I7 modes,
/// and no stray files after the next command · I8 status 0 means the new state, committed.
struct Invariants: Sendable {
    let box: Sandbox
    let operation: Operation
    let program: String
    /// Files that a run without a fault leaves in the repository folder and around the store.
    var usualFiles: Set<String> = []

    private var names: Set<String> { Set(Sandbox.names).union(operation.after.keys) }

    /// Which of the two states an entry is in.
    private enum State { case untouched, old, new, broken(String) }

    private func state(of name: String, _ now: StoreFiles) throws -> State {
        let before = operation.before(name, box)
        let after = operation.after(name, box)
        guard let bytes = now.entry(name) else {
            if before == .absent { return after == .absent ? .untouched : .old }
            return after == .absent ? .new : .broken("is gone")
        }
        if bytes == box.template.entry(name) { return before == after ? .untouched : .old }
        if before == after, operation.recipients == nil {
            return .broken("was rewritten though the command does not concern it")
        }
        guard let value = try box.keyring.decrypt("\(box.store)/\(name).gpg") else {
            return .broken("does not decrypt")
        }
        if before == after { return before.matches(value) ? .new : .broken("has another value") }
        if after.matches(value) { return .new }
        return before.matches(value) ? .old : .broken("has neither the old nor the new value")
    }

    /// What is wrong right after the fault, before anything else runs.
    ///
    /// A command that succeeds with a warning may leave git's index to the next one.
    func violationsAtOnce(status: Int32, warned: Bool = false) throws -> [String] {
        var wrong: [String] = []
        let now = try StoreFiles(box.store)
        var present = 0
        for name in names.sorted() {
            if case .broken(let how) = try state(of: name, now) {
                wrong.append("I1 \(name) \(how)")
            }
            if operation.after[name] != nil, now.entry(name) != nil { present += 1 }
        }
        // A moved entry has a moment with two names, never one with none.
        let isThere = operation.after.keys.contains { operation.before($0, box) != .absent }
        if operation.after.count > 1, isThere, present == 0 {
            wrong.append("I1 the entry has no name left")
        }
        wrong += try repositoryViolations()
        if !operation.withoutNamespaces { wrong += try plaintextViolations(now) }
        wrong += modeViolations(now)
        if status == 0 { wrong += try successViolations(now, warned: warned) }
        return wrong
    }

    /// What is wrong once the next command has run.
    ///
    /// `head` is HEAD before that command.
    func violationsAfterNext(head: String) throws -> [String] {
        let next = Operation.next(box)
        var command = try next.command(program, in: box)
        command.limit = 120
        let outcome = try command.run()
        guard outcome.status == 0 else {
            let message = outcome.errorText.split(separator: "\n").last ?? ""
            return ["I6 the next command fails with \(outcome.status): \(message)"]
        }
        var wrong: [String] = []
        let now = try StoreFiles(box.store)
        var old: [String] = []
        var new: [String] = []
        for name in names.sorted() {
            switch try state(of: name, now) {
            case .untouched where operation.recipients != nil: old.append(name)
            case .untouched: break
            case .old: old.append(name)
            case .new: new.append(name)
            case .broken(let how): wrong.append("I1 \(name) \(how) after the next command")
            }
        }
        if !old.isEmpty, !new.isEmpty {
            wrong.append("I1 half done: \(new.count) entries new, \(old.count) old (\(old[0]))")
        }
        wrong += try historyViolations(head: head, old: old, new: new)
        wrong += try repositoryViolations() + plaintextViolations(now)
        wrong += modeViolations(now) + recipientViolations(now) + strayViolations(now)
        return wrong
    }

    /// The commits after the next command must fit the entries that are old and new.
    private func historyViolations(head: String, old: [String], new: [String]) throws -> [String] {
        guard box.hasRepository else { return [] }
        var wrong: [String] = []
        let commits = try box.git.commits(after: box.startingCommit)
        if commits.last?.files != ["other.gpg"] {
            wrong.append("I6 the next command's commit holds \(commits.last?.files.sorted() ?? [])")
        }
        let made = head == box.startingCommit ? 1 : 2
        if !(made...2).contains(commits.count) {
            wrong.append("I3 \(commits.count) commits: \(commits.map(\.subject))")
        }
        if commits.count == 2, !old.isEmpty { wrong.append("I3 committed, yet \(old[0]) is old") }
        if commits.count == 1, !new.isEmpty { wrong.append("I3 \(new[0]) is new, not committed") }
        let status = try box.git.run(["status", "--porcelain"])
        if !status.output.isEmpty || status.status != 0 {
            let lines = status.text.split(separator: "\n")
            wrong.append("I3 git status shows \(lines.count) differences: \(lines.first ?? "")")
        }
        return wrong
    }

    private func repositoryViolations() throws -> [String] {
        guard box.hasRepository else { return [] }
        let check = try box.git.run(["fsck", "--strict", "--no-dangling", "--no-progress"])
        return check.status == 0 ? [] : ["I2 git fsck: \(check.errorText.prefix(200))"]
    }

    /// Status 0 was reported, so everything must be there and committed.
    private func successViolations(_ now: StoreFiles, warned: Bool) throws -> [String] {
        var wrong: [String] = []
        for name in names.sorted() {
            switch try state(of: name, now) {
            case .new: break
            case .untouched: if operation.recipients != nil { fallthrough }
            case .old, .broken: wrong.append("I8 status 0, but \(name) is not in the new state")
            }
        }
        guard box.hasRepository else { return wrong }
        let commits = try box.git.commits(after: box.startingCommit)
        if commits.count != 1 { wrong.append("I8 status 0 with \(commits.count) commits") }
        let status = try box.git.run(["status", "--porcelain"])
        if !status.output.isEmpty, !warned {
            let lines = status.text.split(separator: "\n").joined(separator: ", ")
            wrong.append("I8 status 0, not in step: \(lines)")
        }
        return wrong
    }

    private func plaintextViolations(_ now: StoreFiles) throws -> [String] {
        let scan = PlaintextScan(box.marker)
        var found: [String] = []
        for (path, file) in now.files.merging(now.repositoryFiles, uniquingKeysWith: { a, _ in a })
        where box.template.files[path] != file && box.template.repositoryFiles[path] != file {
            if let form = scan.find(in: file.bytes) { found.append("\(path) (\(form))") }
        }
        let objects = now.objectIDs.subtracting(box.template.objectIDs).sorted()
        if !objects.isEmpty {
            let inflated = try box.git.run(
                ["cat-file", "--batch"], input: objects.joined(separator: "\n") + "\n")
            if let form = scan.find(in: inflated.output) { found.append("git objects (\(form))") }
        }
        for folder in [box.home, box.temporaryFolder, box.runtimeFolder] {
            found += scan.find(below: folder)
        }
        found += scan.findInSharedMemory()
        for place in found where place.hasPrefix("/dev/shm") {
            // Reported once, not again by every later run.
            unlink(String(place.prefix { $0 != " " }))
        }
        return found.map { "I4 plaintext in \($0)" }
    }

    private func modeViolations(_ now: StoreFiles) -> [String] {
        now.files.filter { $0.value.mode != 0o600 }.map {
            "I7 \($0.key) has mode \(String($0.value.mode, radix: 8))"
        }.sorted()
            + now.folders.filter { $0.value != 0o700 }.map {
                "I7 \($0.key) has mode \(String($0.value, radix: 8))"
            }.sorted()
    }

    private func recipientViolations(_ now: StoreFiles) -> [String] {
        let list = now.files[".gpg-id"].map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        let expected = box.keyring.encryptionKeys.filter { list.contains($0.key) }.values.sorted()
        return now.entries.sorted().compactMap { name in
            let packets = PacketReader(now.entry(name) ?? [])
            // Tag 18: the message is encrypted, with protection of its integrity.
            guard packets.tags.last == 18 else { return "I5 \(name) is no encrypted message" }
            guard packets.readers != expected else { return nil }
            return "I5 \(name) is encrypted to \(packets.readers)"
        }
    }

    /// Everything around the entries, relative to the sandbox.
    func surroundings(_ now: StoreFiles) -> Set<String> {
        let around = [box.home, box.temporaryFolder].reduce(into: paths(below: box.runtimeFolder)) {
            $0.formUnion(paths(below: $1))
        }
        return Set(now.repositoryFiles.keys).union(around)
    }

    private func strayViolations(_ now: StoreFiles) -> [String] {
        let expected = names.union(["other"]).map { $0 + ".gpg" } + [".gpg-id", ".gitattributes"]
        // A gpg home that lists the user's public keys is cleared by the next command that needs one.
        let scratch = surroundings(now).filter {
            $0.hasPrefix(box.temporaryFolder + "/.passel-keys-")
        }
        let stray =
            Set(now.files.keys).subtracting(expected).sorted() + now.strayObjects
            + surroundings(now).subtracting(usualFiles).subtracting(scratch).sorted()
        return stray.map { "I7 \($0) is left behind" }
    }
}
