import Foundation
import PasselTesting

/// Alice's store, which she shares with Bob, Carol and others, its remote, and those who forge.
///
/// Bob is a member everywhere but in `prod`, Carol only in `low`; the robot is a machine; Dave was
/// removed, Eve's key is revoked, Frank's lasts an hour; Mallory is nobody, the forge is a server
/// whose key Alice knows.
final class Court {
    let box: PasselTesting.Sandbox
    let smith: Smith
    private let remote: String
    private let template: String
    /// Whose secret key lies in which GnuPG home, by name: the home, the fingerprint.
    private var signers: [String: (home: String, key: String)] = [:]

    init() throws {
        box = try PasselTesting.Sandbox()
        remote = box.root + "/remote.git"
        template = box.root + "/template"
        smith = Smith(remote: remote, root: box.root)
        let alice = try box.makeKey("alice").fingerprint
        for name in ["bob", "carol", "dave", "robot", "forge", "mallory"] {
            let key = try KeyForge.shared.key(name)
            signers[name] = (KeyForge.shared.home, key.fingerprint)
        }
        for (name, expiry) in [("eve", "never"), ("frank", "seconds=3600")] {
            signers[name] = try makeKey(name, expiry)
        }
        for (name, signer) in signers where name != "mallory" { try learn(signer) }
        try Disk.makeFolder(template)
        try Disk.write(
            """
            [user]
            \tname = Alice
            \temail = alice@example.org
            \tsigningkey = \(alice)
            [commit]
            \tgpgsign = true
            [init]
            \tdefaultBranch = master
            [gc]
            \tauto = 0
            [pull]
            \tff = true

            """, to: box.home + "/.gitconfig")
        try setUp(alice)
    }

    private func makeKey(_ name: String, _ expiry: String) throws -> (String, String) {
        let home = "\(box.root)/\(name)"
        try Disk.makeFolder(home)
        let plain = ["--homedir", home, "--batch", "--passphrase", ""]
        try must(
            "gpg",
            plain + [
                "--quick-gen-key", "\(name) <\(name)@example.org>", "ed25519", "cert,sign", expiry,
            ])
        let list = try must("gpg", ["--homedir", home, "--list-keys", "--with-colons"])
        guard
            let line = list.split(separator: "\n").first(where: { $0.hasPrefix("fpr:") }),
            let key = line.split(separator: ":").last.map(String.init)
        else { throw TestingProblem(list) }
        try must("gpg", plain + ["--quick-add-key", key, "cv25519", "encr", expiry])
        return (home, key)
    }

    private func learn(_ signer: (home: String, key: String)) throws {
        let file = box.root + "/key"
        try must(
            "gpg", ["--homedir", signer.home, "--yes", "--output", file, "--export", signer.key])
        try must("gpg", ["--batch", "--import", file])
    }

    private func setUp(_ alice: String) throws {
        func key(_ name: String) -> String { signers[name]?.key ?? "" }
        try passel("init", alice)
        try passel("git", "init")
        for name in ["bob", "dave", "eve", "frank"] {
            try passel("recipients", "add", "--yes", key(name))
        }
        try passel("recipients", "set", "--yes", "--path", "low", alice, key("carol"))
        try passel("recipients", "set", "--yes", "--path", "prod", alice)
        try passel("recipients", "add", "--yes", "--path", "ci", "--role", "machine", key("robot"))
        for name in ["web/site", "web/other", "prod/db", "low/token"] {
            try passel("insert", "-e", name, input: "older \(name)\n")
        }
        try passel("insert", "-e", "-f", "web/site", input: "old web/site\n")
        try passel("recipients", "rm", "--yes", key("dave"))
        // Eve tells everybody that her key is not to be used any more.
        let certificate = "\(signers["eve"]?.home ?? "")/openpgp-revocs.d/\(key("eve")).rev"
        let text = (Disk.read(certificate)?.text ?? "")
            .replacingOccurrences(of: ":-----BEGIN", with: "-----BEGIN")
        try must("gpg", ["--batch", "--import"], input: text)
        try passel("recipients", "refresh", "--yes")
        try must("git", ["init", "-q", "--bare", "--template=", remote])
        try passel("remote", "add", "origin", remote)
        try passel("sync")
        try must("git", ["-C", box.store, "config", "branch.master.remote", "origin"])
        try must("git", ["-C", box.store, "config", "branch.master.merge", "refs/heads/master"])
        for (from, to) in places { try must("cp", ["-a", from, to]) }
    }

    private var places: [(from: String, to: String)] {
        [
            (box.store, template + "/store"), (box.home + "/.local", template + "/local"),
            (remote, template + "/remote"),
        ]
    }

    @discardableResult
    private func must(_ program: String, _ words: [String], input: String? = nil) throws -> String {
        let outcome = try box.run(
            program, words, input: input.map { .bytes(Bytes($0.utf8)) } ?? .nothing)
        guard outcome.status == 0 else {
            throw TestingProblem(
                "\(program) \(words): \(outcome.status): \(outcome.stderr.text)\(outcome.stdout.text)"
            )
        }
        return outcome.stdout.trimmed.text
    }

    private func passel(_ words: String..., input: String? = nil) throws {
        try must("passel", words, input: input)
    }

    // MARK: What those do who forge

    /// The id of a message with another value, which anybody can make for Alice and Bob.
    func sealed() throws -> String {
        let readers = [box.key("alice")?.fingerprint ?? "", signers["bob"]?.key ?? ""]
        let file = box.root + "/sealed"
        try must(
            "gpg",
            ["--batch", "--yes", "--trust-model", "always", "--output", file]
                + readers.flatMap { ["-r", $0] } + ["--encrypt"], input: "forged\n")
        return try smith.object("blob", Disk.read(file) ?? [])
    }

    /// The id of what the remote has under a name.
    func id(_ name: String) throws -> String {
        try smith.git("rev-parse", "\(Smith.branch):\(name)")
    }

    /// The remote's folder with other files under these names.
    func tree(_ changes: [String: String?]) throws -> String {
        let index = ["GIT_INDEX_FILE=\(box.root)/index"]
        Disk.remove(box.root + "/index")
        func git(_ words: [String], input: String = "") throws -> String {
            let outcome = try Invocation.tool(
                "git", ["-C", remote] + words, extra: index, input: Bytes(input.utf8))
            guard outcome.status == 0 else { throw TestingProblem(outcome.stderr.text) }
            return outcome.stdout.trimmed.text
        }
        _ = try git(["read-tree", Smith.branch])
        // Mode 0 takes a name away.
        let lines = changes.map { name, file in
            "\(file == nil ? "0" : "100644") \(file ?? String(repeating: "0", count: 40))\t\(name)\n"
        }
        _ = try git(["update-index", "--index-info"], input: lines.joined())
        return try git(["write-tree"])
    }

    func commit(_ changes: [String: String?]) throws -> String {
        try smith.commit(tree(changes), on: [smith.head()])
    }

    /// Publishes a commit with these changes, signed by somebody, or by a signature of theirs of
    /// something else.
    func publish(_ changes: [String: String?], by name: String? = nil, signing other: String? = nil)
        throws
    {
        guard let name else { return try smith.publish(commit(changes)) }
        try smith.publish(signed(tree(changes), on: [smith.head()], by: name, signing: other))
    }

    func signed(
        _ tree: String, on parents: [String], by name: String, signing other: String? = nil
    ) throws -> String {
        guard let signer = signers[name] else { throw TestingProblem("nobody is called \(name)") }
        let people = "\(name) <\(name)@example.org> 1800000000 +0000"
        let head =
            (["tree \(tree)"] + parents.map { "parent \($0)" }
            + ["author \(people)", "committer \(people)", ""]).joined(separator: "\n")
        let payload = head + "\nChange.\n"
        let outcome = try Invocation.tool(
            "gpg", ["--homedir", signer.home, "--batch", "-bsau", signer.key],
            input: Bytes((other ?? payload).utf8))
        guard outcome.status == 0 else { throw TestingProblem(outcome.stderr.text) }
        let signature = outcome.stdout.trimmed.text.split(
            separator: "\n", omittingEmptySubsequences: false
        ).joined(separator: "\n ")
        return try smith.object("commit", Bytes((head + "gpgsig \(signature)\n\nChange.\n").utf8))
    }

    /// The commit before the one that gave `web/site` its value.
    func beforeLastValue() throws -> String {
        let commits = try smith.git("log", "--format=%H %s", Smith.branch).split(separator: "\n")
        guard let index = commits.firstIndex(where: { $0.contains("web/site") }) else {
            throw TestingProblem("no commit: \(commits)")
        }
        // Recipients and keys changed since; before that the value did.
        return String(commits[index + 1].prefix(40))
    }

    /// The id of a file of the roster as it was before the last one.
    func oldRoster(_ name: String) throws -> String {
        let commits = try smith.git("log", "--format=%H", Smith.branch, "--", ".passel/roster")
            .split(separator: "\n")
        return try smith.git("rev-parse", "\(commits[2]):\(name)")
    }

    // MARK: The verdict

    private struct Answer {
        let status: Int32
        let output: String
        let errors: String
    }

    private func answer(
        _ isStrict: Bool, _ clock: Int, _ program: String, _ words: String...
    ) throws -> Answer {
        box.set("PASSEL_REQUIRE_SIGNED", isStrict ? "true" : nil)
        defer { box.set("PASSEL_REQUIRE_SIGNED", nil) }
        let all = (clock == 0 ? [] : ["faketime", "-f", "+\(clock)"]) + [program] + words
        let outcome = try box.run(all[0], Array(all.dropFirst()))
        return Answer(
            status: outcome.status, output: outcome.stdout.text, errors: outcome.stderr.text)
    }

    private func value(_ entry: String) throws -> String? {
        guard !entry.isEmpty, Disk.facts("\(box.store)/\(entry).gpg") != nil else { return nil }
        return try must("gpg", ["--batch", "--quiet", "-d", "\(box.store)/\(entry).gpg"])
    }

    /// What is wrong with how passel answered a forgery, in strict or in default mode.
    func hear(_ forgery: Forgery, isStrict: Bool) throws -> [String] {
        for (place, kept) in places {
            Disk.remove(place)
            try must("cp", ["-a", kept, place])
        }
        if isStrict {
            // Up to here everything is trusted, as after the first look in strict mode.
            _ = try answer(true, 0, "passel", "show", "web/other")
        }
        let before = try value(forgery.entry)
        try forgery.make(self)
        return switch forgery.way {
        case .sync: try judgeSync(forgery, isStrict, before)
        case .clone: try judgeClone(forgery, isStrict)
        case .restore: try judgeRestore(forgery, isStrict, before)
        case .pull: try judgePull(forgery, isStrict, before)
        }
    }

    private func judgeSync(
        _ forgery: Forgery, _ isStrict: Bool, _ before: String?
    ) throws -> [String] {
        let found = try answer(isStrict, forgery.clock, "passel", "sync", "--json")
        guard isStrict else { return try flagged(found) }
        var failures: [String] = []
        if found.status != 3
            || !found.output.includes("\"state\": \"refused\"", or: "\"state\":\"refused\"")
        {
            failures.append("sync was not refused: \(found.status) \(found.output)\(found.errors)")
        }
        if try value(forgery.entry) != before { failures.append("sync changed the entry") }
        let shown = try answer(true, forgery.clock, "passel", "show", "web/other")
        if shown.status != 0 { failures.append("what is good is not shown: \(shown.errors)") }
        return failures
    }

    private func judgeClone(_ forgery: Forgery, _ isStrict: Bool) throws -> [String] {
        let fresh = box.root + "/fresh"
        Disk.remove(fresh)
        defer { Disk.remove(fresh) }
        let found = try answer(
            isStrict, forgery.clock, "passel", "clone", "--yes", "--json", remote, fresh)
        guard isStrict else {
            return found.status == 0 && found.output.includes("signature", or: "signature")
                && !found.output.includes("\"signature\": \"good\"", or: "\"signature\":\"good\"")
                ? [] : ["clone was not flagged: \(found.status) \(found.output)\(found.errors)"]
        }
        return found.status != 0 && Disk.facts(fresh) == nil
            ? [] : ["clone was not refused: \(found.status)"]
    }

    private func judgeRestore(
        _ forgery: Forgery, _ isStrict: Bool, _ before: String?
    ) throws -> [String] {
        let commit = try smith.head()
        let synced = try answer(isStrict, forgery.clock, "passel", "sync", "--json")
        guard isStrict else { return try flagged(synced) }
        let found = try answer(
            true, forgery.clock, "passel", "restore", forgery.entry, "--at", commit)
        let shown = try answer(
            true, forgery.clock, "passel", "show", forgery.entry, "--at", commit)
        var failures: [String] = []
        if found.status == 0 { failures.append("restore was not refused") }
        if shown.status == 0 || !shown.output.isEmpty {
            failures.append("show --at was not refused")
        }
        if try value(forgery.entry) != before { failures.append("restore changed the entry") }
        // git does as it is told; what it puts there is not shown.
        try must("git", ["-C", box.store, "checkout", "-q", commit, "--", "\(forgery.entry).gpg"])
        let read = try answer(true, forgery.clock, "passel", "show", forgery.entry)
        if read.status == 0 || !read.output.isEmpty {
            failures.append("what git put there was shown: \(read.output)")
        }
        return failures
    }

    private func judgePull(
        _ forgery: Forgery, _ isStrict: Bool, _ before: String?
    ) throws -> [String] {
        try must("git", ["-C", box.store, "fetch", "-q"])
        try must("git", ["-C", box.store, "reset", "-q", "--hard", "origin/master"])
        let now = try value(forgery.entry)
        guard now != before else { return ["pulling changed nothing"] }
        guard isStrict else {
            return try flagged(answer(false, forgery.clock, "passel", "sync", "--json"))
        }
        var failures: [String] = []
        for (words, what) in [
            (["show", forgery.entry], "show"), (["grep", "."], "grep"),
        ] {
            let shown = try answer(true, forgery.clock, "passel", words[0], words[1])
            if what == "show", shown.status == 0 { failures.append("show was not refused") }
            if let now, shown.output.includes(now, or: now) {
                failures.append("\(what) told it: \(shown.output)")
            }
        }
        return failures
    }

    /// Whether a report says that something came for which nobody vouches.
    private func flagged(_ found: Answer) throws -> [String] {
        struct Report: Decodable {
            struct Remote: Decodable {
                struct Commit: Decodable { let signature: String }
                struct Violation: Decodable { let rule: String }
                struct Name: Decodable {}
                let commits: [Commit]
                let violations: [Violation]
                let rewritten: [Name]
                let unverified: [Name]?
            }
            let remotes: [Remote]
        }
        let report = try JSONDecoder().decode(Report.self, from: Data(found.output.utf8))
        let isFlagged = report.remotes.contains { remote in
            remote.commits.contains { $0.signature != "good" } || !remote.violations.isEmpty
                || !remote.rewritten.isEmpty || remote.unverified?.isEmpty == false
        }
        return isFlagged ? [] : ["it was not flagged: \(found.output)\(found.errors)"]
    }
}

extension String {
    fileprivate func includes(_ one: String, or other: String) -> Bool {
        range(of: one) != nil || range(of: other) != nil
    }
}
