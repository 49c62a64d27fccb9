import Foundation
import PasselCore
import PasselTesting
import Testing

/// The programs that read dotenv files, and values that are made to trip them.
@Suite struct DotenvReadersTests {
    private let home: ClientHome
    /// The values that we write, in the order of the variables `V0`, `V1`, and so on.
    private let values: [String]
    private let refused: Int

    /// What a value is put together from: what means something to one reader or another.
    private static let pieces = [
        "a", "b c", "'", "\"", "$", "${HOME}", "$HOME", "$(touch canary)", "`touch canary`", "\\",
        "\\n", "#", " #", "!", "~", "*", "?", "[", "]", "{", "}", "|", "&", ";touch canary;", "<",
        ">", "=", "%", "é", "\u{2028}", "\t", " ", "\u{7f}", "\u{1b}", "\u{b}", "\u{c}", "\u{1}",
        "export A=", "☃", "-", ":", "\u{1f600}", "\u{85}", "\u{a0}", "\u{feff}", "0", "null",
        "true", "\\$", "$$", "!!", "%s", "@", "+", ",", "\n", "\r",
    ]

    init() throws {
        home = try ClientHome(.passel, initialised: false)
        try ClientHome.require("python")
        var state: UInt64 = 20_261_122
        func next(_ bound: Int) -> Int {
            // Knuth's MMIX: the same values in every run.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var (values, refused, lines) = ([String](), 0, Bytes())
        for _ in 0..<500 {
            let value = (0..<next(7)).map { _ in Self.pieces[next(Self.pieces.count)] }.joined()
            let name = try #require(VariableName("V\(values.count)".utf8))
            do {
                lines += try Dotenv.line(name, Secret(plain: value)).withBytes { Bytes($0) }
                values.append(value)
            } catch {
                refused += 1
            }
        }
        (self.values, self.refused) = (values, refused)
        home.sandbox.directory = home.sandbox.home
        try Disk.write(lines, to: Bytes(home.path("vars").utf8))
        try home.write(
            """
            import os, sys
            for i in range(\(values.count)):
                sys.stdout.buffer.write(os.environb.get(b"V%d" % i, b"(unset)") + b"\\0")
            """, to: "dump.py")
    }

    /// Fails for the first value that a reader gets wrong.
    private func expect(_ reader: String, _ outcome: Outcome) throws {
        try outcome.demand()
        let read = outcome.stdout.split(separator: 0, omittingEmptySubsequences: false).dropLast()
        #expect(read.count == values.count, "\(reader)")
        for (got, value) in zip(read, values) where !got.elementsEqual(value.utf8) {
            Issue.record(
                "\(reader) reads \(Bytes(got).text.debugDescription) for \(value.debugDescription)")
            return
        }
        #expect(home.read("canary") == nil, "\(reader) ran a value")
    }

    @Test func `few values are refused`() { #expect(refused < 150 && values.count > 350) }

    @Test(arguments: ["bash", "dash"]) func `shells read them`(shell: String) throws {
        try expect(shell, try home.run(shell, "-c", "set -a; . ./vars; exec python3 dump.py"))
    }

    @Test func `direnv reads them`() throws {
        try ClientHome.require("/usr/bin/direnv")
        try Disk.makeFolder(home.path("project"))
        try home.write("dotenv ../vars\n", to: "project/.envrc")
        try home.check("direnv", "allow", "project")
        try expect("direnv", try home.run("direnv", "exec", "project", "python3", "dump.py"))
    }

    @Test func `python-dotenv reads them`() throws {
        let script = """
            import os, dotenv
            dotenv.load_dotenv("vars", override=True)
            exec(open("dump.py").read())
            """
        try expect("python-dotenv", try home.python(script))
    }

    @Test func `node reads them`() throws {
        // Debian's own is older than the option.
        guard try home.run("node", "--env-file=vars", "-e", "0").status == 0 else { return }
        try expect(
            "node",
            try home.run(
                "node", "--env-file=vars", "-e",
                """
                for (let i = 0; i < \(values.count); i++)
                    process.stdout.write((process.env["V" + i] ?? "(unset)") + "\\0")
                """))
    }

    @Test func `Docker Compose reads them`() throws {
        try home.write("services: {a: {image: x, env_file: vars}}\n", to: "compose.yaml")
        let resolved = try home.client(
            "docker-compose", "-f", "compose.yaml", "config", "--format", "json"
        ).demand()
        try Disk.write(resolved.stdout, to: Bytes(home.path("resolved").utf8))
        // A $ is doubled in what it prints.
        let script = """
            import json, os
            env = json.load(open("resolved"))["services"]["a"]["environment"]
            for name, value in env.items():
                os.environ[name] = value.replace("$$", "$")
            exec(open("dump.py").read())
            """
        try expect("Docker Compose", try home.python(script))
    }
}
