import PasselCore
import PasselGit
import PasselTesting
import Testing

@Suite struct HookTests {
    private let box: GitBox

    init() throws {
        box = try GitBox()
        try box.commit([file("a", "1")])
    }

    private func install(_ hook: String, _ script: String, mode: UInt32 = 0o755) throws {
        let path = box.folder + "/.git/hooks/" + hook
        try Disk.makeFolder(box.folder + "/.git/hooks")
        Disk.remove(path)
        try Disk.write(script, to: path, mode: mode)
    }

    /// What a hook noted in the file `note` beside the work tree.
    private var note: String { Disk.read(box.sandbox.root + "/note")?.text ?? "" }

    @Test func `a hook sees the commit and not what else is staged`() throws {
        try install(
            "pre-commit",
            """
            #!/bin/sh
            { pwd; git diff --cached --name-status; git show :b; echo "$#"; } > ../note
            """)
        try box.write("staged", "other")
        try box.git("add", "other")
        try box.commit([file("b", "new\n"), nothing("a")])
        #expect(note == "\(box.folder)\nD\ta\nA\tb\nnew\n0\n")
        #expect(try box.git("diff", "--cached", "--name-only") == "other")
    }

    @Test(arguments: ["pre-commit", "prepare-commit-msg", "commit-msg"])
    func `a hook may refuse, and nothing moves`(hook: String) throws {
        try install(hook, "#!/bin/sh\nexit 3\n")
        let repository = try box.open()
        let problem = try #require(throws: GitProblem.self) {
            try repository.prepare([file("a", "2")], subject: "Refused.")
        }
        #expect(problem.isRefusal)
        let name = "\(box.folder)/.git/hooks/\(hook)"
        #expect(problem.message == "the hook \(name) refused (status 3)")
        #expect(try box.head("%s") == "Change.")
        let left = Disk.names(in: Bytes((box.folder + "/.git").utf8)).map(\.text)
        #expect(left.allSatisfy { !$0.hasPrefix(".passel-tmp-") })
    }

    @Test func `hooks may write the message`() throws {
        try install("prepare-commit-msg", "#!/bin/sh\necho \"by $2 $#\" >> \"$1\"\n")
        try install("commit-msg", "#!/bin/sh\necho \"Checked: $#\" >> \"$1\"\n")
        try box.commit([file("a", "2")], "Subject.")
        #expect(try box.head("%B") == "Subject.\nby message 2\nChecked: 1\n")
    }

    @Test func `an emptied message is refused`() throws {
        try install("commit-msg", "#!/bin/sh\n: > \"$1\"\n")
        #expect(throws: GitProblem.self) {
            try box.open().prepare([file("a", "2")], subject: "Subject.")
        }
    }

    @Test func `the last hook runs once the commit stands, whatever it returns`() throws {
        try install("post-commit", "#!/bin/sh\ngit log -1 --format=%s > ../note\nexit 9\n")
        let repository = try box.open()
        let commit = try #require(try repository.prepare([file("a", "2")], subject: "Second."))
        #expect(note == "")
        try repository.publish(commit)
        #expect(note == "")
        repository.finish(commit)
        #expect(note == "Second.\n")
    }

    @Test func `a hook that may not be run is none`() throws {
        try install("pre-commit", "#!/bin/sh\nexit 1\n", mode: 0o644)
        try install("pre-commit.sample", "#!/bin/sh\nexit 1\n")
        try box.commit([file("a", "2")])
    }

    @Test func `a hook without a first line for the kernel is run by a shell, as by git`() throws {
        try install("pre-commit", "echo here > ../note\n")
        try box.commit([file("a", "2")])
        #expect(note == "here\n")
    }

    @Test(arguments: [".hooks", "~/hooks", "absolute"])
    func `the configured folder of hooks is used`(place: String) throws {
        let home = box.sandbox.home
        let folders = [".hooks": box.folder + "/.hooks", "~/hooks": home + "/hooks"]
        let folder = folders[place] ?? box.sandbox.root + "/absolute"
        try box.git("config", "core.hooksPath", place == "absolute" ? folder : place)
        try install("pre-commit", "#!/bin/sh\nexit 1\n")
        try Disk.makeFolder(folder)
        try Disk.write(
            "#!/bin/sh\necho used > \(box.sandbox.root)/note\n", to: folder + "/pre-commit",
            mode: 0o755)
        try box.commit([file("a", "2")])
        #expect(note == "used\n")
    }

    @Test func `a second work tree shares the hooks`() throws {
        try box.git("config", "--unset", "core.hooksPath")
        try install("pre-commit", "#!/bin/sh\npwd > \(box.sandbox.root)/note\n")
        let second = box.sandbox.root + "/second"
        try box.git("worktree", "add", "-q", "-b", "second", second)
        let repository = try box.open(second)
        let commit = try #require(try repository.prepare([file("a", "2")], subject: "There."))
        try repository.publish(commit)
        #expect(note == second + "\n")
        #expect(try box.git("log", "-1", "--format=%s", "second") == "There.")
        #expect(try box.head("%s") == "Change.")
    }
}
