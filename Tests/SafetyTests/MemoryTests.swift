import Foundation
import Testing

/// What is left of a secret in the memory of the process when it ends.
@Suite(.serialized) struct MemoryTests {
    /// How the process memory was searched and what was found.
    struct Scan {
        let hits: Int
        let report: String
        let outcome: Outcome
    }

    @Test(arguments: [1, 300, 25_000])
    func `show leaves nothing of the entry in memory`(_ copies: Int) throws {
        let box = try Self.box()
        let text = String(repeating: box.marker + "\n", count: copies)
        try Sandbox.write(
            try box.keyring.encrypt(text, for: ["ann"]), to: box.store + "/e1.gpg", mode: 0o600)
        let scan = try Self.scan(box, ["show", "e1"])
        #expect(scan.outcome.output == Array(text.utf8))
        Self.show("show, \(text.count) bytes", scan)
        #expect(scan.hits == 0, "\(scan.report)")
    }

    @Test(arguments: [1, 300, 25_000])
    func `insert leaves nothing of the entry in memory`(_ copies: Int) throws {
        let box = try Self.box()
        let text = String(repeating: box.marker + "\n", count: copies)
        let scan = try Self.scan(box, ["insert", "-m", "-f", "e1"], input: text)
        #expect(try box.keyring.decrypt(box.store + "/e1.gpg") == Array(text.utf8))
        Self.show("insert, \(text.count) bytes", scan)
        #expect(scan.hits == 0, "\(scan.report)")
    }

    @Test func `generate and edit leave a known number of copies`() throws {
        let box = try Self.box()
        // The password is known only from the command's own output.
        let generate = try Self.scan(box, ["generate", "e1", "20"], canaryFromOutput: true)
        Self.show("generate", generate)
        let inPlace = try Self.scan(box, ["generate", "-i", "e2", "20"])
        Self.show("generate -i, the entry's other lines", inPlace)
        try box.installEditor(writing: "\(box.marker)\nuser: \(box.marker)\n")
        let edit = try Self.scan(box, ["edit", "e3"])
        Self.show("edit", edit)
        #expect([generate, inPlace, edit].allSatisfy { $0.outcome.status == 0 && $0.hits >= 0 })
    }

    @Test func `the scan finds copies, base64 and hexadecimal forms`() throws {
        let box = try Self.box()
        let canary = try Self.canaryFile(box)
        let shell = { (script: String) in
            try Self.scan(box, program: "/bin/sh", ["-c", script])
        }
        #expect(try shell("read x < '\(canary)'").hits > 0)
        #expect(try shell("x=$(base64 < '\(canary)')").report.contains("hit base64"))
        #expect(try shell("x=$(od -An -tx1 < '\(canary)' | tr -d ' ')").report.contains("hit hex"))
        #expect(try shell("x=$(wc -c < '\(canary)')").hits == 0)
    }

    @Test func `the scan sees the entry while the process still holds it`() throws {
        let box = try Self.box()
        let text = String(repeating: box.marker + "\n", count: 25_000)
        try Sandbox.write(
            try box.keyring.encrypt(text, for: ["ann"]), to: box.store + "/e1.gpg", mode: 0o600)
        // A reader that goes away at once: the broken pipe ends the process in the midst of writing.
        let scan = try Self.scan(box, ["show", "e1"], shell: "\"$0\" \"$@\" | true")
        #expect(scan.hits > 0)
    }

    private static func box() throws -> Sandbox {
        let box = try Sandbox(try Keyring(), "mem")
        try box.reset()
        return box
    }

    private static func show(_ what: String, _ scan: Scan) {
        print("memory after \(what): \(scan.hits) hits")
        for line in scan.report.split(separator: "\n").prefix(12) where line.hasPrefix("hit ") {
            print("    \(line)")
        }
    }

    /// The canary as a file that only the scanner reads.
    private static func canaryFile(_ box: Sandbox) throws -> String {
        let path = box.folder + "/canary"
        try Sandbox.write(box.marker + "\n", to: path, mode: 0o600)
        return path
    }

    private static func scan(
        _ box: Sandbox, program: String = Binaries.release, _ arguments: [String],
        input: String = "", canaryFromOutput: Bool = false,
        shell: String = "exec \"$0\" \"$@\""
    ) throws -> Scan {
        let report = box.folder + "/scan"
        let output = box.folder + "/output"
        let canary = canaryFromOutput ? output : try canaryFile(box)
        // The shell sends the output to a file that the scanner, too, can open.
        let script = "\(shell) > '\(output)'"
        let scanner =
            [Binaries.killer, "scan", canary] + (canaryFromOutput ? ["-l"] : []) + [
                "-o", report, "--",
            ]
        let outcome = try Command(
            words: ["/bin/sh", "-c", script] + scanner + [program] + arguments,
            environment: box.environment, input: Array(input.utf8)
        ).run()
        guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        let text = try String(contentsOfFile: report, encoding: .utf8)
        let last = text.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) }
        guard let hits = last else { throw SafetyProblem("the scan gave no number: \(text)") }
        let written = FileManager.default.contents(atPath: output).map { [UInt8]($0) } ?? []
        let full = Outcome(
            status: outcome.status, waitStatus: outcome.waitStatus, output: written,
            errors: outcome.errors, seconds: outcome.seconds)
        return Scan(hits: hits, report: text, outcome: full)
    }
}
