import Foundation
import Testing

/// The killer itself: what it counts, where it stops a command, what it lets through.
@Suite struct KillerTests {
    private let keyring: Keyring
    private let folder: String

    init() throws {
        keyring = try Keyring()
        folder = keyring.folder
    }

    /// Two files written by two processes: open, write, exit of each, and the shell's own exit.
    private var script: String { "(echo a > '\(folder)/a'); (echo b > '\(folder)/b'); exit 7" }

    @Test func `calls of the whole tree are counted and the command is undisturbed`() throws {
        let outcome = try killer(["count"], "cat; \(script)", input: "in")
        #expect(outcome.status == 7)
        #expect(outcome.text == "in")
        #expect(outcome.errorText == "count 8\n")
    }

    @Test func `reading, pipes and devices are not counted`() throws {
        let outcome = try killer(["count"], "echo x | cat > /dev/null; read y < /dev/null; exit 0")
        #expect(outcome.errorText == "count 3\n", "three processes end")
    }

    @Test func `the tree is killed before the call takes effect`() throws {
        let outcome = try killer(["kill", "5"], script)
        #expect(outcome.status == 137)
        #expect(outcome.errorText.hasPrefix("killed 5 "))
        #expect(FileManager.default.contents(atPath: folder + "/a") == Data("a\n".utf8))
        #expect(FileManager.default.contents(atPath: folder + "/b") == Data())
    }

    @Test func `a killed tree leaves no process behind`() throws {
        let child = "(sleep 60; echo late > '\(folder)/late')"
        let outcome = try killer(["kill", "1"], "\(child) & \(child) & echo a > '\(folder)/a'")
        #expect(outcome.status == 137)
        #expect(outcome.seconds < 30)
        #expect(!FileManager.default.fileExists(atPath: folder + "/a"))
    }

    @Test func `a call can fail with a chosen error and only that one`() throws {
        let outcome = try killer(
            ["fail", "1", "ENOSPC"], "cp /etc/hostname '\(folder)/copy'; \(script)")
        #expect(outcome.errorText.contains("No space left on device"))
        #expect(!FileManager.default.fileExists(atPath: folder + "/copy"))
        #expect(FileManager.default.contents(atPath: folder + "/b") == Data("b\n".utf8))
    }

    @Test func `a signal that ends the command is its status`() throws {
        #expect(try killer(["count"], "kill -TERM $$").status == 128 + SIGTERM)
    }

    private func killer(_ mode: [String], _ script: String, input: String = "") throws -> Outcome {
        try Command(
            words: [Binaries.killer] + mode + ["--", "/bin/sh", "-c", script],
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"], input: Array(input.utf8)
        ).run()
    }
}
