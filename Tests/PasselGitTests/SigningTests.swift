import PasselCore
import PasselGit
import PasselTesting
import Testing

@Suite struct SigningTests {
    private let box: GitBox

    init() throws { box = try GitBox() }

    private func set(_ values: [String: String]) throws {
        for (key, value) in values { try box.git("config", key, value) }
    }

    /// An ssh key, trusted by git to sign as its owner.
    private func makeSSHKey() throws -> String {
        let path = box.sandbox.root + "/id"
        let made = try box.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path])
        try #require(made.status == 0)
        let publicHalf = try #require(Disk.read(path + ".pub")).trimmed.text
        try Disk.write("ann@example.org \(publicHalf)\n", to: box.sandbox.root + "/allowed")
        try set(["gpg.ssh.allowedSignersFile": box.sandbox.root + "/allowed", "gpg.format": "ssh"])
        return path
    }

    @Test(arguments: ["commit.gpgsign", "pass.signcommits"])
    func `git accepts a commit signed with OpenPGP`(switch: String) throws {
        let key = try box.sandbox.makeKey("ann")
        try set([`switch`: "true", "user.signingkey": key.fingerprint])
        try box.commit([file("a", "1")])
        try box.commit([file("a", "2")], "Second.")
        for commit in ["HEAD", "HEAD~1"] {
            #expect(try box.run("git", ["verify-commit", commit]).status == 0)
        }
        #expect(try box.head("%G? %GK") == "G \(key.fingerprint.suffix(16))")
        try box.expectClean()
    }

    @Test func `a signature has the shape that git gives it`() throws {
        let key = try box.sandbox.makeKey("ann")
        try set(["commit.gpgsign": "true", "user.signingkey": key.fingerprint])
        try box.commit([file("a", "1")])
        let ours = try box.git("cat-file", "commit", "HEAD")
        try box.git("commit", "--amend", "-q", "--no-edit")
        let theirs = try box.git("cat-file", "commit", "HEAD")
        func shape(_ text: String) -> [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.contains("-----") || !line.hasPrefix(" ") ? String(line.prefix(16)) : "…"
            }.filter { $0 != "…" }
        }
        #expect(shape(ours) == shape(theirs))
        #expect(!ours.contains("\n \n\n"), "no empty line at the signature's end")
    }

    @Test func `without a key the committer's name finds one`() throws {
        let key = try box.sandbox.makeKey("ann")
        try set(["commit.gpgsign": "true", "user.name": "ann", "user.email": "ann@example.org"])
        try box.commit([file("a", "1")])
        #expect(try box.head("%GK") == key.fingerprint.suffix(16))
    }

    @Test(arguments: ["private", "public", "literal", "command"])
    func `git accepts a commit signed with ssh`(kind: String) throws {
        let path = try makeSSHKey()
        try set(["commit.gpgsign": "true"])
        switch kind {
        case "private": try set(["user.signingkey": path])
        case "public": try set(["user.signingkey": path + ".pub"])
        case "literal":
            let line = try #require(Disk.read(path + ".pub")).trimmed.text
            try set(["user.signingkey": "key::" + line])
        default: try set(["gpg.ssh.defaultKeyCommand": "echo key::$(cat \(path).pub)"])
        }
        guard ["literal", "command"].contains(kind) else {
            try box.commit([file("a", "1")])
            #expect(try box.run("git", ["verify-commit", "HEAD"]).status == 0)
            return try box.expectClean()
        }
        // Such a key is known to an agent only.
        let agent = try box.sandbox.run("ssh-agent", ["-s", "-a", box.sandbox.root + "/agent"])
        let pid = try #require(agent.stdout.text.firstMatch(of: /AGENT_PID=(\d+)/)?.output.1)
        defer { _ = try? box.sandbox.run("kill", [String(pid)]) }
        box.sandbox.set("SSH_AUTH_SOCK", box.sandbox.root + "/agent")
        #expect(try box.run("ssh-add", ["-q", path]).status == 0)
        try box.commit([file("a", "1")])
        #expect(try box.run("git", ["verify-commit", "HEAD"]).status == 0)
        try box.expectClean()
    }

    @Test func `a program of the user's signs`() throws {
        let key = try box.sandbox.makeKey("ann")
        let program = box.sandbox.root + "/my-gpg"
        try Disk.write(
            "#!/bin/sh\necho \"$@\" > \(program).log\nexec gpg \"$@\"\n", to: program, mode: 0o755)
        try set([
            "commit.gpgsign": "yes", "user.signingkey": key.fingerprint, "gpg.program": program,
        ])
        try box.commit([file("a", "1")])
        #expect(Disk.read(program + ".log")?.text == "--status-fd=3 -bsau \(key.fingerprint)\n")
        #expect(try box.run("git", ["verify-commit", "HEAD"]).status == 0)
    }

    @Test func `what cannot be signed is not committed`() throws {
        try set(["commit.gpgsign": "true", "user.signingkey": "nobody@example.org"])
        let program = box.sandbox.root + "/quiet-gpg"
        try Disk.write("#!/bin/sh\nexec gpg \"$@\" 2>/dev/null\n", to: program, mode: 0o755)
        try set(["gpg.program": program])
        let repository = try box.open()
        let problem = try #require(throws: GitProblem.self) {
            try repository.prepare([file("a", "1")], subject: "x")
        }
        #expect(problem.isRefusal && !problem.hints.isEmpty)
        #expect(try repository.headCommit() == nil)
    }

    @Test(arguments: [
        ["gpg.format": "smoke"], ["gpg.format": "ssh"],
        ["gpg.format": "ssh", "user.signingkey": "/nonexistent"], ["gpg.program": "/bin/true"],
    ]) func `settings that cannot work are refused`(values: [String: String]) throws {
        try set(values.merging(["commit.gpgsign": "true"]) { old, _ in old })
        #expect(throws: GitProblem.self) {
            try box.open().prepare([file("a", "1")], subject: "x")
        }
    }
}
