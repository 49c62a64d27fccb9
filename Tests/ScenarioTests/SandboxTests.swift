import Foundation
import Glibc
import PasselTesting
import Testing

/// Sandboxes share nothing and leave nothing.
@Suite struct SandboxTests {
    @Test func `a sandbox takes its agent and its folder with it`() throws {
        let sandbox = try Sandbox()
        try sandbox.makeKey("ann")
        try sandbox.run("gpg", ["--batch", "-e", "-r", "ann", "-o", "file", "bin/editor"])
        #expect(try sandbox.run("gpg", ["--batch", "-d", "file"]).status == 0)
        let answer = try sandbox.run("gpg-connect-agent", ["getinfo pid", "/bye"]).stdout.text
        let word = try #require(answer.split(whereSeparator: \.isWhitespace).dropFirst().first)
        let agent = try #require(pid_t(word))
        sandbox.close()
        #expect(Disk.facts(sandbox.root) == nil)
        // The agent answers before it ends.
        for _ in 0..<1500 where isRunning(agent) { usleep(20_000) }
        #expect(!isRunning(agent))
    }

    @Test func `programs see the environment of the sandbox and nothing else`() throws {
        let sandbox = try Sandbox()
        let names = try sandbox.run("env", []).stdout.lines.map {
            String($0.text.prefix { $0 != "=" })
        }
        #expect(Set(names) == Set(sandbox.environment.keys))
        #expect(try sandbox.run("sh", ["-c", "umask"]).stdout.text == "0022\n")
        #expect(try sandbox.run("sh", ["-c", "ls /proc/self/fd | wc -l"]).stdout.text == "4\n")
    }

    @Test func `people have keyrings of their own`() throws {
        let sandbox = try Sandbox()
        for name in ["ann", "bob"] { try sandbox.makeKey(name) }
        let encrypt = ["--batch", "-e", "-r", "bob", "-o", "file", "bin/editor"]
        #expect(try sandbox.run("gpg", encrypt).status == 0)
        try sandbox.become("ann")
        #expect(try sandbox.run("gpg", ["--batch", "-d", "file"]).status == 2)
        try sandbox.become("bob")
        #expect(try sandbox.run("gpg", ["--batch", "-d", "file"]).status == 0)
        try sandbox.forget("bob")
        #expect(try sandbox.run("gpg", ["--batch", "-d", "file"]).status == 2)
        try sandbox.become("me")
        #expect(try sandbox.run("gpg", ["--batch", "-d", "file"]).status == 0)
    }

    @Test func `a keyring changed by gpg itself still learns keys`() throws {
        let sandbox = try Sandbox()
        let generate = ["--batch", "--passphrase", "", "--quick-gen-key", "own <own@example.org>"]
        #expect(try sandbox.run("gpg", generate).status == 0)
        try sandbox.makeKey("ann")
        #expect(try sandbox.run("gpg", ["--list-secret-keys", "own", "ann"]).status == 0)
        let encrypt = ["--batch", "-e", "-r", "ann", "-r", "own", "-o", "file", "bin/editor"]
        #expect(try sandbox.run("gpg", encrypt).status == 0)
    }

    private func isRunning(_ pid: pid_t) -> Bool {
        guard let stat = Disk.read("/proc/\(pid)/stat")?.text else { return false }
        // Where nobody collects it, an ended process stays as a zombie.
        return stat.split(separator: ")").last?.hasPrefix(" Z") == false
    }
}
