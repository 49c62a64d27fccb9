import Foundation
import Glibc
import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

@Suite struct StaleLockTests {
    private let box: GitBox

    init() throws {
        box = try GitBox()
        try box.commit([file("a", "1")])
    }

    private func leave(_ lock: String) throws -> String {
        let path = box.folder + "/.git/" + lock
        try Disk.write("", to: path, mode: 0o644)
        return path
    }

    /// Starts a program that runs until it is killed, and waits until it says that it is ready.
    private func start(_ script: String) throws -> pid_t {
        let ready = box.sandbox.root + "/ready"
        var child = ChildProcess(
            "sh", ["-c", "echo $$ > \(ready); \(script)"],
            environment: ProcessEnvironment(box.sandbox.environment))
        child.directory = Path(box.folder)
        child.output = .discarded
        try child.start()
        while true {
            if let pid = Disk.read(ready).flatMap({ pid_t($0.trimmed.text) }) { return pid }
            usleep(2000)
        }
    }

    @Test(arguments: ["index.lock", "HEAD.lock", "refs/heads/main.lock", "packed-refs.lock"])
    func `a lock that nobody holds does not stop a commit`(lock: String) throws {
        let path = try leave(lock)
        try box.commit([file("a", "2")], "Second.")
        #expect(Disk.facts(path) == nil)
        #expect(try box.head("%s") == "Second.")
        try box.expectClean()
    }

    @Test func `a lock of a killed git is cleared`() throws {
        let hook = box.folder + "/.git/hooks/pre-commit"
        try Disk.makeFolder(box.folder + "/.git/hooks")
        try Disk.write("#!/bin/sh\nkill -KILL $PPID\n", to: hook, mode: 0o755)
        try box.write("2", "other")
        try box.git("add", "other")
        #expect(try box.run("git", ["commit", "-qam", "x"]).status == 137)
        Disk.remove(hook)
        #expect(Disk.facts(box.folder + "/.git/index.lock") != nil)
        try box.commit([file("a", "2")], "Second.")
        #expect(Disk.facts(box.folder + "/.git/index.lock") == nil)
        #expect(try box.git("diff", "--cached", "--name-only") == "other")
    }

    @Test func `a lock that a live program has open is respected`() async throws {
        let path = box.folder + "/.git/index.lock"
        let pid = try start("exec 9> .git/index.lock; exec sleep 3600")
        defer { kill(pid, SIGKILL) }
        while Disk.facts(path) == nil { usleep(2000) }
        let folder = box.folder
        let variables = box.sandbox.environment
        let hints = await withCheckedContinuation { (done: CheckedContinuation<[Text]?, Never>) in
            Thread.detachNewThread {
                let repository = try? GitRepository.enclosing(
                    Path(folder), store: Path(folder), environment: ProcessEnvironment(variables))
                do {
                    try repository?.stage([file("a", "1")])
                    done.resume(returning: nil)
                } catch {
                    done.resume(returning: (error as? GitProblem)?.hints)
                }
            }
        }
        #expect(hints == ["wait for it to end, then try again"])
        #expect(Disk.facts(path) != nil)
    }

    @Test func `a live git in the work tree is waited for`() throws {
        let hook = box.folder + "/.git/hooks/pre-commit"
        try Disk.makeFolder(box.folder + "/.git/hooks")
        try Disk.write(
            "#!/bin/sh\n: > ../running\nsleep 0.7\n: > ../done\n", to: hook, mode: 0o755)
        try box.write("2", "other")
        try box.git("add", "other")
        _ = try start("git commit -qam Theirs.")
        while Disk.facts(box.sandbox.root + "/running") == nil { usleep(2000) }
        try box.open().stage([file("a", "1")])
        #expect(Disk.facts(box.sandbox.root + "/done") != nil)
    }
}
