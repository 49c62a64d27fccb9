import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselGit

/// Fetching from folders and bundles of this machine and pushing to them, with git and without.
@Suite struct TransportTests {
    private let box: GitBox
    private let bare: String

    init() throws {
        box = try GitBox()
        bare = box.sandbox.root + "/bare.git"
        try box.git("init", "-q", "--bare", "-b", "main", bare)
        for number in 1...3 { try box.commit([file("a", "\(number)")], "\(number).") }
        try box.git("remote", "add", "origin", bare)
    }

    /// How the same is done twice.
    enum Way: CaseIterable { case git, library }

    private func transport(_ way: Way, _ folder: String? = nil) throws -> Transport {
        if way == .library {
            // A PATH on which there is no git.
            box.sandbox.set("PATH", box.sandbox.root + "/nowhere")
        }
        defer { box.sandbox.set("PATH", "\(box.sandbox.root)/bin:/usr/local/bin:/usr/bin:/bin") }
        return Transport(try box.open(folder), timeout: 60) { _ in }
    }

    private func id(_ name: String, _ folder: String? = nil) throws -> GitID {
        try #require(
            GitID(hex: try box.git("-C", folder ?? box.folder, "rev-parse", name).utf8))
    }

    private func origin(_ folder: String? = nil) throws -> GitRemote {
        try #require(try box.open(folder).remotes().first)
    }

    private let incoming = "refs/passel/incoming/origin"

    @Test func `a folder that has nothing new is not fetched from`() throws {
        let remote = try origin()
        let head = try id("main")
        let transport = try transport(.git)
        #expect(try transport.push(head, to: remote, branch: "main") == .done)
        #expect(transport.isSeen(head, at: remote, branch: "main"))
        #expect(try transport.fetch(remote, branch: "main", into: incoming) == head)
        // A repository that git cannot use any more: nothing asks it.
        try box.git("-C", bare, "config", "core.repositoryFormatVersion", "9")
        #expect(try transport.fetch(remote, branch: "main", into: incoming) == head)
        try box.git("config", "--file", "\(bare)/config", "core.repositoryFormatVersion", "0")
        // Where only git can tell, git is asked.
        #expect(!transport.isSeen(head, at: remote, branch: "other"))
        try box.git("-C", bare, "pack-refs", "--all")
        #expect(!transport.isSeen(head, at: remote, branch: "main"))
        #expect(try transport.fetch(remote, branch: "main", into: incoming) == head)
    }

    @Test(arguments: [
        ["remote.origin.uploadpack", "/nonexistent"], ["url./nonexistent/.insteadOf", "/tmp/"],
    ]) func `a folder is not looked into past the user's settings`(setting: [String]) throws {
        let (remote, head) = (try origin(), try id("main"))
        #expect(try transport(.git).push(head, to: remote, branch: "main") == .done)
        #expect(try transport(.git).isSeen(head, at: remote, branch: "main"))
        try box.git("config", setting[0], setting[1])
        #expect(try !transport(.git).isSeen(head, at: origin(), branch: "main"))
    }

    @Test(arguments: Way.allCases) func `what is pushed is there, and is fetched`(way: Way) throws {
        let transport = try transport(way)
        let remote = try origin()
        let head = try id("main")
        #expect(try transport.head(of: remote, branch: "main") == nil)
        #expect(try transport.fetch(remote, branch: "main", into: incoming) == nil)
        #expect(try transport.push(head, to: remote, branch: "main") == .done)
        #expect(try transport.push(head, to: remote, branch: "main") == .alreadyThere)
        #expect(try transport.head(of: remote, branch: "main") == head)
        #expect(try transport.fetch(remote, branch: "main", into: incoming) == head)
        #expect(try id("main", bare) == head)
        #expect(try box.git("for-each-ref", "--format=%(refname)", "refs/passel") == incoming)
        try box.git("-C", bare, "update-ref", "-d", "refs/heads/main")
        #expect(try transport.fetch(remote, branch: "main", into: incoming) == nil)
        #expect(try box.open().reference(incoming) == nil)
        try box.expectClean()
    }

    @Test(arguments: Way.allCases) func `nothing but the one reference moves`(way: Way) throws {
        try box.git("push", "-q", bare, "main", "main:other")
        try box.git("-C", bare, "tag", "v1", "main")
        let clone = box.sandbox.root + "/clone"
        try box.begin(clone)
        try box.git("-C", clone, "remote", "add", "origin", bare)
        try box.git("-C", clone, "config", "fetch.prune", "true")
        let head = try id("main")
        let found = try transport(way, clone).fetch(
            origin(clone), branch: "main", into: incoming)
        #expect(found == head)
        let references = try box.git("-C", clone, "for-each-ref", "--format=%(refname)")
        #expect(references == incoming)
        #expect(Disk.read(clone + "/.git/FETCH_HEAD") == nil)
        #expect(
            try box.git("-C", clone, "fsck", "--strict")
                == "")
    }

    @Test(arguments: Way.allCases) func `a branch that went on is not pushed over`(way: Way) throws
    {
        let transport = try transport(way)
        let remote = try origin()
        try box.git("push", "-q", bare, "main")
        let other = box.sandbox.root + "/other"
        try box.git("clone", "-q", bare, other)
        try box.git(
            "-C", other, "-c", "user.name=B", "-c", "user.email=b@x", "commit", "-q",
            "--allow-empty", "-m", "Theirs.")
        try box.git("-C", other, "push", "-q")
        let theirs = try id("main", bare)
        try box.commit([file("a", "mine")], "Ours.")
        #expect(try transport.push(id("main"), to: remote, branch: "main") == .outrun)
        #expect(try id("main", bare) == theirs)
        // Known by now, and still not ours to replace.
        #expect(try transport.fetch(remote, branch: "main", into: incoming) == theirs)
        #expect(try transport.push(id("main"), to: remote, branch: "main") == .outrun)
        // Behind it: nothing to be done.
        let behind = try transport.push(id("main~1"), to: remote, branch: "main")
        #expect([.done, .alreadyThere].contains(behind))
        #expect(try id("main", bare) == theirs)
    }

    @Test func `what a hook of the other side refuses is told with its words`() throws {
        try Disk.write(
            "#!/bin/sh\nprintf 'no \\033[31mred\\033[0m today\\n' >&2\nexit 1\n",
            to: bare + "/hooks/pre-receive", mode: 0o755)
        var said: [Text] = []
        let repository = try box.open()
        let transport = Transport(repository, timeout: 60) { said.append($0) }
        let problem = #expect(throws: Problem.self) {
            try transport.push(id("main"), to: origin(), branch: "main")
        }
        #expect(problem?.message.bytes.text.contains("pre-receive hook declined") == true)
        #expect(said.contains("remote: no \\x1b[31mred\\x1b[0m today"))
        #expect(said.allSatisfy { !$0.bytes.contains(0x1b) })
    }

    // libgit2 takes no lock of HEAD.
    @Test(arguments: [
        (Way.git, "refs/heads/main.lock"), (.git, "HEAD.lock"), (.library, "refs/heads/main.lock"),
    ]) func `a lock that a killed push left in a folder is cleared`(way: Way, lock: String) throws {
        try box.git("push", "-q", bare, "main~1:refs/heads/main")
        try box.git("-C", bare, "config", "core.logAllRefUpdates", "true")
        try Disk.write("", to: "\(bare)/\(lock)", mode: 0o644)
        #expect(try transport(way).push(id("main"), to: origin(), branch: "main") == .done)
        #expect(try id("main", bare) == id("main"))
        #expect(Disk.facts("\(bare)/\(lock)") == nil)
    }

    @Test func `a lock of a live push into a folder is respected`() throws {
        let lock = try #require(Files.resolved(Path(bare.utf8))).repaired + "/refs/heads/main.lock"
        let ready = box.sandbox.root + "/ready"
        var child = ChildProcess(
            "sh", ["-c", "exec 9> \(lock); echo $$ > \(ready); exec sleep 60"],
            environment: ProcessEnvironment(box.sandbox.environment))
        child.output = .discarded
        try child.start()
        var holder: pid_t?
        while holder == nil { holder = Disk.read(ready).flatMap { pid_t($0.trimmed.text) } }
        defer { holder.map { _ = kill($0, SIGKILL) } }
        let problem = #expect(throws: Problem.self) {
            try transport(.git).push(id("main"), to: origin(), branch: "main")
        }
        #expect(problem?.message.bytes.text == "origin: another git holds \(lock)")
        #expect(problem?.hints == ["passel sync --remote origin"])
        #expect(Disk.facts(lock) != nil)
    }

    @Test func `hooks and odd settings of the repository do not run`() throws {
        let mark = box.sandbox.root + "/mark"
        try Disk.makeFolder(box.folder + "/.git/hooks")
        for hook in ["pre-push", "reference-transaction", "post-merge", "pre-auto-gc"] {
            try Disk.write(
                "#!/bin/sh\ntouch \(mark)\n", to: "\(box.folder)/.git/hooks/\(hook)", mode: 0o755)
        }
        try box.git("config", "core.fsmonitor", "touch \(mark); false")
        try box.git("config", "remote.origin.mirror", "true")
        let transport = try transport(.git)
        #expect(try transport.push(id("main"), to: origin(), branch: "main") == .done)
        #expect(try transport.fetch(origin(), branch: "main", into: incoming) == id("main"))
        #expect(Disk.read(mark) == nil)
        let outside = GitRemote(name: "x", url: .init("ext::touch \(mark)".utf8))
        #expect(throws: Problem.self) {
            try transport.fetch(outside, branch: "main", into: incoming)
        }
        #expect(Disk.read(mark) == nil)
    }

    @Test(arguments: ["--upload-pack=touch MARK;", "-oProxyCommand=touch MARK"])
    func `a URL is no option`(url: String) throws {
        let mark = box.sandbox.root + "/mark"
        let url = url.split(separator: "MARK", omittingEmptySubsequences: false)
            .joined(separator: mark)
        let transport = try transport(.git)
        for place in [url, "ssh://\(url)/x"] {
            let remote = GitRemote(name: "x", url: Text(place.utf8))
            #expect(throws: Problem.self) {
                try transport.fetch(remote, branch: "main", into: incoming)
            }
            #expect(throws: Problem.self) {
                try transport.push(id("main"), to: remote, branch: "main")
            }
        }
        #expect(Disk.read(mark) == nil)
    }

    @Test func `a bundle is fetched from, and not pushed to`() throws {
        let bundle = box.sandbox.root + "/x.bundle"
        try box.git("bundle", "create", "-q", bundle, "main")
        let clone = box.sandbox.root + "/clone"
        try box.begin(clone)
        let remote = GitRemote(name: "stick", url: Text(bundle.utf8))
        let transport = try transport(.git, clone)
        #expect(try transport.fetch(remote, branch: "main", into: incoming) == id("main"))
        #expect(try transport.fetch(remote, branch: "none", into: incoming) == nil)
        let problem = #expect(throws: Problem.self) {
            try transport.push(id("main"), to: remote, branch: "main")
        }
        #expect(problem?.message == "stick is a bundle, from which can only be fetched")
        let without = #expect(throws: Problem.self) {
            try self.transport(.library, clone).fetch(remote, branch: "main", into: incoming)
        }
        #expect(without?.hints == ["apt install git"])
    }

    @Test(arguments: Way.allCases) func `a place where there is nothing is said to be empty`(
        way: Way
    ) throws {
        let remote = GitRemote(name: "x", url: "/nowhere/at all.git")
        let problem = #expect(throws: Problem.self) {
            try transport(way).fetch(remote, branch: "main", into: incoming)
        }
        #expect(problem?.message == "x: there is no repository at /nowhere/at all.git")
    }

    @Test(arguments: Way.allCases) func `a clone has the remote, its branch and what came`(
        way: Way
    ) throws {
        try box.git("push", "-q", bare, "main:trunk")
        try box.git("-C", bare, "symbolic-ref", "HEAD", "refs/heads/trunk")
        let folder = box.sandbox.root + "/new/clone"
        if way == .library { box.sandbox.set("PATH", "/nowhere") }
        let made = try Transport.clone(
            Text(bare.utf8), into: Path(folder.utf8), reference: incoming,
            environment: ProcessEnvironment(box.sandbox.environment), timeout: 60
        ) { _ in }
        box.sandbox.set("PATH", "/usr/local/bin:/usr/bin:/bin")
        #expect(try made.branch == "trunk" && made.head == id("main"))
        #expect(made.repository.branch == "trunk")
        #expect(try made.repository.headID() == nil)
        #expect(try box.git("-C", folder, "config", "branch.trunk.remote") == "origin")
        let commit = try made.repository.prepareFastForward(to: #require(made.head))
        try made.repository.publish(commit)
        #expect(try box.git("-C", folder, "rev-parse", "trunk") == id("main").hex)
    }

    @Test func `a clone that fails leaves nothing`() throws {
        let folder = box.sandbox.root + "/new"
        let environment = ProcessEnvironment(box.sandbox.environment)
        #expect(throws: Problem.self) {
            try Transport.clone(
                "/nowhere", into: Path(folder.utf8), reference: incoming,
                environment: environment, timeout: 60
            ) { _ in }
        }
        #expect(Disk.facts(Bytes(folder.utf8)) == nil)
        #expect(throws: Problem.self) {
            try Transport.clone(
                Text(bare.utf8), into: Path(box.folder.utf8), reference: incoming,
                environment: environment, timeout: 60
            ) { _ in }
        }
        #expect(Disk.facts(Bytes((box.folder + "/.git/HEAD").utf8)) != nil)
        let empty = try Transport.clone(
            Text(bare.utf8), into: Path(folder.utf8), reference: incoming,
            environment: environment, timeout: 60
        ) { _ in }
        #expect(empty.head == nil && empty.branch == "main")
    }
}
