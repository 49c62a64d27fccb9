import Foundation

/// A store with a past, damaged before `fsck --repair` or with a secret for `purge` to forget, and
/// what must hold after either was killed.
struct RepairSandbox: Sendable {
    enum Act: String, CaseIterable, CustomStringConvertible {
        case repair, purge
        var description: String { self == .repair ? "fsck --repair" : "purge" }
    }

    let box: Sandbox
    private var report: String { box.folder + "/report" }
    private var start: String { box.folder + "/start" }
    private let head: String
    /// The id of the version that a purge forgets.
    private let old: String
    /// What those entries hold that changed.
    private let values: [String: String]

    init(_ keyring: Keyring, _ name: String) throws {
        box = try Sandbox(keyring, name)
        try box.reset()
        let git = box.git
        func must(_ outcome: Outcome) throws -> String {
            guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
            return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        old = try must(git.run(["rev-parse", "HEAD:web/site.gpg"]))
        let variables = box.environment
        func insert(_ entry: String, _ value: String) throws {
            let command = Command(
                words: [Binaries.passel, "insert", "-m", "-f", entry], environment: variables,
                input: Array(value.utf8))
            _ = try must(command.run())
        }
        try insert("web/site", "\(box.marker)-new\n")
        // Two stashes and a branch that lead to the old version, too.
        _ = try must(git.run(["branch", "aside", "HEAD~1"]))
        for number in 1...2 {
            try Sandbox.write("note \(number)\n", to: "\(box.store)/.gitattributes", mode: 0o600)
            _ = try must(git.run(["stash", "push", "-q", "-m", "stash \(number)"]))
        }
        _ = try must(git.run(["gc", "-q"]))
        try insert("e1", "\(box.marker)-later\n")
        try insert("e2", "\(box.marker)-later\n")
        head = try must(git.run(["rev-parse", "HEAD"]))
        values = [
            "web/site": "\(box.marker)-new\n", "e1": "\(box.marker)-later\n",
            "e2": "\(box.marker)-later\n",
        ]
        _ = try must(
            Command(
                words: ["cp", "-a", box.store, box.folder + "/start"],
                environment: ["PATH": "/usr/bin:/bin"]
            ).run())
    }

    private func words(_ act: Act) -> [String] {
        act == .repair ? ["fsck", "--repair"] : ["purge", "web/site", "--yes"]
    }

    private func passel(_ arguments: [String], under wrapper: [String] = []) throws -> Outcome {
        var command = Command(
            words: wrapper + [Binaries.passel] + arguments, environment: box.environment)
        command.limit = 60
        return try command.run()
    }

    /// The store as it was, damaged where it is to be repaired.
    private func reset(_ act: Act) throws {
        try box.reset()
        try FileManager.default.removeItem(atPath: box.store)
        let copy = try Command(
            words: ["cp", "-a", start, box.store], environment: ["PATH": "/usr/bin:/bin"]
        ).run()
        guard copy.status == 0 else { throw SafetyProblem(copy.errorText) }
        guard act == .repair else { return }
        let damage = """
            cd "$PASSWORD_STORE_DIR"
            : >e3.gpg
            truncate -s 50 web/other.gpg
            rm e4.gpg
            f=.git/objects/$(git rev-parse HEAD:e1.gpg | sed 's/../&\\//')
            chmod u+w "$f"; truncate -s 30 "$f"
            rm .git/objects/$(git rev-parse HEAD:e2.gpg | sed 's/../&\\//')
            truncate -s 40 .git/index
            : >.git/refs/heads/main
            : >.git/index.lock
            rm .git/objects/pack/*.idx
            printf 'P none\\n' >.git/objects/info/packs
            """
        let done = try Command(
            words: ["sh", "-ec", damage], environment: box.environment
        ).run()
        guard done.status == 0 else { throw SafetyProblem(done.errorText) }
    }

    /// The number of calls of a command that nothing disturbs, once it was seen to be right.
    func undisturbed(_ act: Act) throws -> Int {
        try reset(act)
        let outcome = try passel(words(act), under: [Binaries.killer, "count", "-o", report, "--"])
        let text = (try? String(contentsOfFile: report, encoding: .utf8)) ?? ""
        guard outcome.status == 0,
            let calls = text.split(whereSeparator: \.isWhitespace).last.flatMap({ Int($0) })
        else { throw SafetyProblem("\(act): \(outcome.text) \(outcome.errorText) \(text)") }
        let wrong = try violations(act)
        guard wrong.isEmpty else { throw SafetyProblem("undisturbed: \(wrong)") }
        return calls
    }

    /// Kills a command at one call, and looks at what there is once the next one has run.
    func kill(_ act: Act, at number: Int) throws -> Point {
        try reset(act)
        let killer = [Binaries.killer, "kill", "\(number)", "-o", report, "--"]
        _ = try passel(words(act), under: killer)
        let told = (try? String(contentsOfFile: report, encoding: .utf8)) ?? "no report"
        let call = String(told.prefix { $0 != "\n" })
        var wrong: [String] = []
        if act == .purge { wrong += try lost().map { "at once: \($0)" } }
        let next = try passel(words(act))
        let isOver = next.errorText.contains("never had another content")
        if next.status != 0, !(act == .purge && isOver) {
            wrong.append("the next one: \(next.status) \(next.text) \(next.errorText)")
        }
        wrong += try violations(act)
        return Point(number: number, call: call, violations: wrong)
    }

    /// What is not there any more of what every entry holds.
    private func lost() throws -> [String] {
        try Sandbox.names.compactMap { name in
            let wanted = values[name] ?? box.value(of: name)
            let found = try box.keyring.decrypt("\(box.store)/\(name).gpg")
            return found == Array(wanted.utf8) ? nil : "\(name) is not what it was"
        }
    }

    /// What is wrong once a command has come to its end.
    private func violations(_ act: Act) throws -> [String] {
        var wrong = try lost()
        let check = try passel(["fsck", "--full"])
        if check.status != 0 || !check.output.isEmpty {
            wrong.append("fsck: \(check.text) \(check.errorText)")
        }
        let git = try box.git.run(["fsck", "--strict", "--full", "--no-dangling"])
        if git.status != 0 { wrong.append("git fsck: \(git.errorText)") }
        let status = try box.git.run(["status", "--porcelain"])
        if !status.output.isEmpty { wrong.append("git status: \(status.text)") }
        let stashes = try box.git.run(["stash", "list"]).text
        if stashes != "stash@{0}: On main: stash 2\nstash@{1}: On main: stash 1\n" {
            wrong.append("stashes: \(stashes)")
        }
        for number in 0...1 {
            let note = try box.git.run(["show", "stash@{\(number)}:.gitattributes"]).text
            if note != "note \(2 - number)\n" { wrong.append("stash \(number): \(note)") }
        }
        switch act {
        case .repair:
            if try box.git.head() != head { wrong.append("HEAD is at \(try box.git.head())") }
        case .purge:
            let version = try box.git.run(["cat-file", "-e", old])
            if version.status == 0 { wrong.append("the old version is still there") }
            let left = try box.git.run(["for-each-ref", "refs/passel"]).text
            if !left.isEmpty { wrong.append("left: \(left)") }
            let count = try box.git.run(["rev-list", "--count", "main"]).text
            if count != "4\n" { wrong.append("\(count) commits") }
        }
        return wrong
    }
}
