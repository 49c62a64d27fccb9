import Foundation

/// A store, its remote, and what this machine remembers: another clone changed one field of twenty
/// entries and pushed, this one changed another field of the same entries.
final class SyncSandbox: Sendable {
    let keyring: Keyring
    private let folder: String

    static let names: [String] = (0..<20).map { "e\($0 / 5)/site\($0)" }

    private var store: String { folder + "/store" }
    private var remote: String { folder + "/remote" }
    private var home: String { folder + "/home" }
    private var temporaryFolder: String { folder + "/tmp" }
    private var report: String { folder + "/report" }
    private var git: Git { Git(folder: store, home: home) }

    init(_ keyring: Keyring, _ name: String) throws {
        self.keyring = keyring
        folder = "\(keyring.runtimeFolder)/\(name)"
        for path in ["", "/home", "/tmp", "/state", "/store"] {
            guard mkdir(folder + path, 0o700) == 0 else {
                throw SafetyProblem("\(folder + path): cannot be made")
            }
        }
        try Sandbox.write(
            "[user]\n\tname = Ann\n\temail = ann@example.org\n[init]\n\tdefaultBranch = main\n",
            to: home + "/.gitconfig", mode: 0o600)
        try Sandbox.write("ann@example.org\n", to: store + "/.gpg-id", mode: 0o600)
        for folder in Set(Self.names.map { $0.prefix { $0 != "/" } }) {
            mkdir("\(store)/\(folder)", 0o700)
        }
        try fill(store, "ann", "old")
        try succeed(git, ["init", "-q"])
        try commit(git, "Start.")
        try succeed(git, ["init", "-q", "--bare", remote])
        try succeed(git, ["remote", "add", "origin", remote])
        try succeed(git, ["push", "-q", "origin", "main"])
        try succeed(git, ["clone", "-q", remote, folder + "/other"])
        let other = Git(folder: folder + "/other", home: home)
        try fill(other.folder, "annie", "old")
        try Sandbox.write("a file\n", to: other.folder + "/new", mode: 0o600)
        try commit(other, "Theirs.")
        try succeed(other, ["push", "-q"])
        try fill(store, "ann", "new")
        try commit(git, "Ours.")
        for name in ["store", "remote", "state"] { try copy(name, to: "template-" + name) }
    }

    private func fill(_ folder: String, _ user: String, _ url: String) throws {
        let texts = Self.names.map { name in
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name).gpg")  // none yet
            return (Self.value(of: name, user, url), "\(folder)/\(name).gpg")
        }
        try keyring.encrypt(texts, for: ["ann"], below: temporaryFolder)
    }

    private static func value(of name: String, _ user: String, _ url: String) -> String {
        "secret of \(name)\nuser: \(user)\nurl: \(url)\n"
    }

    private func commit(_ git: Git, _ subject: String) throws {
        try succeed(git, ["add", "-A"])
        try succeed(git, ["commit", "-q", "-m", subject])
    }

    private func succeed(_ git: Git, _ words: [String]) throws {
        let outcome = try git.run(words)
        guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
    }

    private func copy(_ name: String, to copy: String) throws {
        for words in [["rm", "-rf"], ["cp", "-a", "\(folder)/\(name)"]] {
            let outcome = try Command(
                words: words + ["\(folder)/\(copy)"], environment: ["PATH": "/usr/bin:/bin"]
            ).run()
            guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        }
    }

    private func reset() throws {
        for name in ["store", "remote", "state"] { try copy("template-" + name, to: name) }
    }

    private func sync(under wrapper: [String] = []) throws -> Outcome {
        var command = Command(
            words: wrapper + [Binaries.passel, "sync"],
            environment: [
                "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "TMPDIR": temporaryFolder,
                "XDG_STATE_HOME": folder + "/state", "GNUPGHOME": keyring.home,
                "PASSWORD_STORE_DIR": store, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
                "TZ": "UTC", "TERM": "dumb",
            ], input: [])
        command.limit = 300
        return try command.run()
    }

    private func sync(killer mode: [String]) throws -> (Outcome, String) {
        let outcome = try sync(under: [Binaries.killer] + mode + ["-o", report, "--"])
        return (outcome, try String(contentsOfFile: report, encoding: .utf8))
    }

    /// The number of calls of a run that nothing disturbs, once it was seen to merge everything.
    func undisturbed() throws -> Int {
        try reset()
        let (outcome, calls) = try sync(killer: ["count", "-v"])
        guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        let wrong = try violationsAfterSync()
        guard wrong.isEmpty else { throw SafetyProblem("undisturbed: \(wrong)") }
        return calls.split(separator: "\n").count - 1
    }

    /// The numbers of the calls from the journal to the index.
    func deciding() throws -> [Int] {
        try reset()
        let calls = try sync(killer: ["count", "-v"]).1.split(separator: "\n").map(String.init)
        guard let first = calls.firstIndex(where: { $0.contains("passel-journal") }),
            let last = calls.lastIndex(where: { $0.contains("passel-journal") })
        else { throw SafetyProblem("nothing is decided") }
        return Array(first + 1...last + 2)
    }

    /// Kills a sync at one call, and looks at the store then and after the next one.
    func disturb(at number: Int) throws -> Point {
        try reset()
        let start = try git.head()
        let (killed, told) = try sync(killer: ["kill", "\(number)"])
        let call = String(told.prefix { $0 != "\n" })
        var wrong: [String] = []
        if call.hasPrefix("killed"), killed.status != 137 {
            wrong.append("I8 status \(killed.status) of a killed run")
        }
        let changed = try git.run(["diff", "--name-only", start, "HEAD"]).text
            .split(separator: "\n").count
        if changed != 0 && changed != Self.names.count + 1 {
            wrong.append("the branch has \(changed) changes")
        }
        for name in [Self.names[0], Self.names[Self.names.count - 1]] {
            let now = try keyring.decrypt("\(store)/\(name).gpg")
            let wanted = ["ann", "annie"].map { Array(Self.value(of: name, $0, "new").utf8) }
            if !wanted.contains(where: { $0 == now }) { wrong.append("I1 \(name) is neither") }
        }
        let next = try sync()
        if next.status != 0 { wrong.append("I6 the next sync: \(next.errorText)") }
        wrong += try violationsAfterSync()
        return Point(number: number, call: call, violations: wrong)
    }

    private func violationsAfterSync() throws -> [String] {
        var wrong: [String] = []
        for name in Self.names {
            let now = try keyring.decrypt("\(store)/\(name).gpg")
            if now != Array(Self.value(of: name, "annie", "new").utf8) {
                wrong.append("I1 \(name) is not merged")
            }
        }
        let bare = Git(folder: remote, home: home)
        let pushed = try bare.run(["rev-parse", "main"]).text
        if try pushed.trimmingCharacters(in: .whitespacesAndNewlines) != git.head() {
            wrong.append("the remote has something else")
        }
        for (what, git) in [("the store", git), ("the remote", bare)] {
            let check = try git.run(["fsck", "--strict", "--no-dangling"])
            if check.status != 0 { wrong.append("I2 \(what): \(check.errorText)") }
        }
        let status = try git.run(["status", "--porcelain"]).text
        if !status.isEmpty { wrong.append("I3 \(status)") }
        for path in paths(below: store)
        where path.contains(".passel-tmp-") || path.hasSuffix("passel-journal")
            || path.hasSuffix(".lock")
        {
            wrong.append("I7 \(path) is left behind")
        }
        return wrong
    }
}
