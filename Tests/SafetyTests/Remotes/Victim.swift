import Foundation
import PasselTesting

/// Somebody with a store who syncs with whatever is there, on a machine where anything that a
/// remote could get run leaves a trace.
final class Victim {
    let box: PasselTesting.Sandbox
    private let remote: String
    private let template: String
    private var trace: String { box.root + "/canary-ran" }
    private var peakFile: String { box.root + "/peak" }

    /// How it ended for the victim.
    struct Result {
        let status: Int32
        let output: String
        let errors: Bytes
        /// KiB of memory that passel, or a program that it ran, had at most.
        let peak: Int
    }

    /// Which program talks to the remote.
    enum Transport: String, CaseIterable, Sendable { case git, library }

    init() throws {
        box = try PasselTesting.Sandbox()
        remote = box.root + "/remote.git"
        template = box.root + "/template"
        let key = try box.makeKey("ann")
        for folder in ["outside", "lean", "template"] {
            try Disk.makeFolder("\(box.root)/\(folder)")
        }
        try Disk.write("outside\n", to: box.root + "/outside/file")
        try Disk.write(
            "#!/bin/sh\necho \"$*\" >> '\(box.root)/canary-ran'\ncat\n", to: box.bin + "/canary",
            mode: 0o700)
        try Disk.write(
            """
            [user]
            \tname = Ann
            \temail = ann@example.org
            [init]
            \tdefaultBranch = master
            [gc]
            \tauto = 0
            [filter "canary"]
            \tsmudge = canary
            \tclean = canary
            [diff "canary"]
            \ttextconv = canary
            [merge "canary"]
            \tdriver = canary
            [credential]
            \thelper = "!f() { cat > /dev/null; echo username=ann; echo password=for-the-first-only; }; test \\"$1\\" = get && f"

            """, to: box.home + "/.gitconfig")
        // Everything but git: then passel speaks with the remote itself.
        for program in ["gpg", "gpg-agent", "gpgconf", "sh", "cat", "test"] {
            symlink("/usr/bin/\(program)", "\(box.root)/lean/\(program)")
        }
        for program in ["passel", "pass", "canary"] {
            symlink("\(box.bin)/\(program)", "\(box.root)/lean/\(program)")
        }
        box.set("PASSWORD_STORE_ENABLE_EXTENSIONS", "true")
        try set(up: key.fingerprint)
    }

    private func set(up key: String) throws {
        try must("passel", "init", key)
        try must("passel", "git", "init")
        for name in ["web/site", "web/other"] {
            try must("passel", "insert", "-e", name, input: "old \(name)\n")
        }
        try must("git", "init", "-q", "--bare", "--template=", remote)
        try must("passel", "remote", "add", "origin", remote)
        try must("passel", "sync")
        for (from, to) in places { try must("cp", "-a", from, to) }
    }

    private var places: [(from: String, to: String)] {
        [
            (box.store, template + "/store"), (box.home + "/.local", template + "/local"),
            (remote, template + "/remote"),
        ]
    }

    @discardableResult
    private func must(_ program: String, _ words: String..., input: String? = nil) throws -> String
    {
        let outcome = try box.run(
            program, words, input: input.map { .bytes(Bytes($0.utf8)) } ?? .nothing)
        guard outcome.status == 0 else {
            throw TestingProblem("\(program) \(words): \(outcome.stderr.text)")
        }
        return outcome.stdout.trimmed.text
    }

    // MARK: A case

    /// What went wrong when the victim synced with, or cloned, what the case made, by each transport.
    func suffer(_ trial: RemoteCase) throws -> [String] {
        // Servers that fall silent are in one group; the others are only slow where much is going on.
        box.set("PASSEL_TIMEOUT", trial.group == .protocols ? "2" : "60")
        try reset()
        let smith = Smith(remote: remote, root: box.root)
        try trial.make(smith)
        Disk.remove(made)
        try must("cp", "-a", remote, made)
        return try Transport.allCases.flatMap { transport in
            try (sync(trial, transport, smith) + clone(trial, transport, smith)).map {
                "\(trial) by \(transport): \($0)"
            }
        }
    }

    private func sync(
        _ trial: RemoteCase, _ transport: Transport, _ smith: Smith
    ) throws -> [String] {
        try reset(to: smith)
        let before = try state()
        let result = try run(transport, "sync", "--json")
        return try judge(result, trial.verdict, trial.group == .protocols)
            + contained(result, before, smith).map { "sync: \($0)" }
    }

    private func clone(
        _ trial: RemoteCase, _ transport: Transport, _ smith: Smith
    ) throws -> [String] {
        try reset(to: smith)
        let before = try state()
        let fresh = box.root + "/fresh"
        defer { Disk.remove(fresh) }
        let result = try run(transport, "clone", "--yes", smith.url ?? remote, fresh)
        // Without a head that was verified before, nobody can tell that history is another.
        var expected = trial.clone ?? trial.verdict
        if expected == .rewritten { expected = .harmless }
        let isThere = Disk.facts(fresh) != nil
        var failures: [String] = []
        switch expected {
        case .harmless where result.status != 0 || !isThere:
            failures.append("clone: ended with \(result.status): \(result.errors.text)")
        case .refused where result.status == 0 || isThere:
            failures.append("clone: was not refused")
        default: break
        }
        return try failures + contained(result, before, smith).map { "clone: \($0)" }
    }

    private var made: String { template + "/made" }

    private func reset() throws {
        Disk.remove(trace)
        for (place, kept) in places {
            Disk.remove(place)
            try must("cp", "-a", kept, place)
        }
    }

    /// As it was before, with the remote that was made.
    private func reset(to smith: Smith) throws {
        try reset()
        Disk.remove(smith.log)
        Disk.remove(remote)
        try must("cp", "-a", made, remote)
        guard let url = smith.url else { return }
        try must("git", "-C", box.store, "remote", "set-url", "origin", url)
    }

    private func run(_ transport: Transport, _ words: String...) throws -> Result {
        var environment = box.environment.mapValues(\.text)
        if transport == .library { environment["PATH"] = box.root + "/lean" }
        // A small program in between: else the memory of the tests themselves would count.
        let measure = """
            import sys, os, resource
            pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with open(sys.argv[1], "w") as file:
                file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
            sys.exit(status if status >= 0 else 128 - status)
            """
        let outcome = try Command(
            words: ["/usr/bin/python3", "-c", measure, peakFile, "passel"] + words,
            environment: environment, limit: 600
        ).run()
        return Result(
            status: outcome.status, output: outcome.text, errors: outcome.errors,
            peak: Int(Disk.read(peakFile)?.text ?? "") ?? .max)
    }

    private struct Remote: Decodable {
        struct Violation: Decodable { let rule: String }
        let state: String
        let violations: [Violation]
    }
    private struct Report: Decodable { let remotes: [Remote] }

    private func judge(
        _ result: Result, _ verdict: RemoteCase.Verdict, _ mayFail: Bool
    ) throws -> [String] {
        let report: Report
        do {
            report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        } catch {
            // A remote that no git would take has no report.
            return mayFail && result.status != 0
                ? [] : ["sync: no report: \(result.errors.text) \(result.output)"]
        }
        guard let remote = report.remotes.first, report.remotes.count == 1 else {
            return ["sync: \(report.remotes.count) remotes"]
        }
        let rules = Set(remote.violations.map(\.rule))
        switch verdict {
        case .either: return []
        case .harmless:
            return remote.state == "done" && result.status == 0
                ? [] : ["sync: \(remote.state), \(rules): \(result.errors.text)"]
        case .rewritten:
            return remote.state == "refused" && rules.isEmpty && result.status == 3
                ? [] : ["sync: \(remote.state), \(rules), \(result.status)"]
        case .refused(let expected):
            // git's own checks may have come first.
            if remote.state == "failed", result.status == 3 { return [] }
            return remote.state == "refused" && result.status == 3 && !rules.isEmpty
                && rules.isSubset(of: expected)
                ? [] : ["sync: \(remote.state), \(rules), \(result.status)"]
        }
    }

    // MARK: Containment

    private struct State: Equatable {
        var head = ""
        var status = ""
        var entry = ""
        var outside: [String] = []
    }

    private func state() throws -> State {
        State(
            head: try must("git", "-C", box.store, "rev-parse", "HEAD^{tree}"),
            status: try must("git", "-C", box.store, "status", "--porcelain"),
            entry: try must("passel", "show", "web/site"), outside: try outside())
    }

    /// Everything that is not the victim's store, state or the remote.
    private func outside() throws -> [String] {
        let own = [
            "/home/.password-store", "/home/.local", "/home/.gnupg", "/remote.git", "/template",
            "/peak", "/server-log", "/fresh", "/run", "/tmp",
        ].map { box.root + $0 }
        let prune = own.flatMap { ["-path", $0, "-prune", "-o"] }
        let list = try must(
            "find", box.root,
            words: prune + ["!", "-path", box.root, "-printf", "%P %y %s %T@ %i\\n"])
        return list.split(separator: "\n").map(String.init).sorted()
    }

    private func must(_ program: String, _ first: String, words: [String]) throws -> String {
        let outcome = try box.run(program, [first] + words)
        guard outcome.status == 0 else { throw TestingProblem(outcome.stderr.text) }
        return outcome.stdout.text
    }

    private func contained(_ result: Result, _ before: State, _ smith: Smith) throws -> [String] {
        var failures: [String] = []
        if let ran = Disk.read(trace) { failures.append("a program ran: \(ran.text)") }
        let after = try state()
        if after.entry != before.entry { failures.append("the entry is another: \(after.entry)") }
        if after.head != before.head { failures.append("the store's content changed") }
        if after.status != before.status { failures.append("git status: \(after.status)") }
        if after.outside != before.outside {
            let changed = Set(after.outside).symmetricDifference(before.outside)
            failures.append("outside of the store: \(changed.sorted())")
        }
        if result.peak >= 256 << 10 { failures.append("\(result.peak >> 10) MiB of memory") }
        if result.status > 128 || result.status == 70 {
            failures.append("ended with \(result.status): \(result.errors.text)")
        }
        let said = Bytes(result.output.utf8) + result.errors
        if said.contains(0x1B) || said.contains(0x07) { failures.append("escapes were shown") }
        let log = Disk.read(smith.log)?.text ?? ""
        if log.contains("elsewhere with") { failures.append("another server got the password") }
        if try must("git", "-C", box.store, "fsck", "--no-dangling", "--connectivity-only") != "" {
            failures.append("fsck has something to say")
        }
        return failures
    }
}
