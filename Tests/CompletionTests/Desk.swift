import Foundation
import PasselTesting

/// A sandbox with a store of given entries, at which the three shells complete command lines.
struct Desk {
    let sandbox: Sandbox

    /// A desk whose store has empty files for `entries`: completion looks at names only.
    init(_ entries: [String] = []) throws {
        sandbox = try Sandbox()
        try Disk.makeFolder(sandbox.store)
        try Disk.write("\(String(repeating: "A", count: 40))\n", to: sandbox.store + "/.gpg-id")
        for entry in entries {
            let folder = entry.split(separator: "/").dropLast().joined(separator: "/")
            try Disk.makeFolder(sandbox.store + "/" + folder)
            try Disk.write("", to: "\(sandbox.store)/\(entry).gpg")
        }
        for (name, text) in Session.files(work: sandbox.root) {
            try Disk.write(text, to: "\(sandbox.root)/\(name)")
        }
    }

    /// Makes a key for each name and returns the fingerprints.
    func makeKeys(_ names: String...) throws -> [String] {
        // Makes gpg begin a keybox; what it finds instead of a missing one it keeps in the old format.
        try sandbox.run("gpg", ["--quiet", "--list-keys"])
        return try names.map { try sandbox.makeKey($0).fingerprint }
    }

    /// Writes a roster of people with made-up keys, all readers of the whole store, the first its
    /// signer, and returns their fingerprints.
    func makeTeam(_ names: String...) throws -> [String] {
        let digits = names.indices.map { String(repeating: "\($0 + 1)", count: 40) }
        let digest = String(repeating: "0", count: 64)
        let keys = zip(digits, names).map { "key \($0) \(digest) \($1)%20%3C\($1)@example.org%3E" }
        let readers = digits.map { "reader . \($0) \($0 == digits[0] ? "signer" : "member")" }
        let lines = ["passel roster 1", "generation 1", "previous -"] + keys + readers
        try Disk.makeFolder(sandbox.store + "/.passel")
        try Disk.write(
            lines.joined(separator: "\n") + "\n", to: sandbox.store + "/.passel/roster")
        return digits
    }

    /// Writes a request to join of somebody with a made-up key, and returns the fingerprint.
    func makeRequest(_ name: String) throws -> String {
        let fingerprint = String(repeating: "E", count: 40)
        let lines = [
            "passel request 1",
            "key \(fingerprint) \(String(repeating: "0", count: 64)) \(name)%20%3C\(name)@example.org%3E",
            "folder .", "role member", "roster -",
        ]
        let folder = sandbox.store + "/.passel/requests"
        try Disk.makeFolder(folder)
        try Disk.write(lines.joined(separator: "\n") + "\n", to: "\(folder)/\(fingerprint)")
        return fingerprint
    }

    /// Where the file called `name` lies that the shells read.
    static func completion(_ name: String) -> String { "\(Source.root)/completions/\(name)" }

    /// What bash's function offers for the last of `words`, which are as they were typed.
    func bash(_ words: String..., after setup: String = "") throws -> [String] {
        let script = """
            source \(Desk.completion("passel.bash"))
            \(setup)
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
            COMP_POINT=${#COMP_LINE}
            _pass
            ((${#COMPREPLY[@]} == 0)) || printf '%s\\0' "${COMPREPLY[@]}"
            """
        let outcome = try sandbox.run("bash", ["--norc", "-c", script, "bash"] + words)
        try check(outcome)
        return outcome.stdout.split(separator: 0).map { Bytes($0).text }
    }

    /// The arguments that `pass` gets when these lines are typed in an interactive bash.
    func bash(typing lines: [String]) throws -> [[String]] {
        let typed = (lines + ["exit"]).map { $0 + "\n" }.joined()
        _ = try sandbox.run(
            "bash", ["--noprofile", "--rcfile", "\(sandbox.root)/bashrc", "-i"],
            input: .terminal(typed: Bytes(typed.utf8)))
        let calls = Disk.read("\(sandbox.root)/calls") ?? []
        return calls.split(separator: 0x1E).map { call in
            call.split(separator: 0x1F).map { Bytes($0).text }
        }
    }

    /// What fish offers for `line`: each candidate with its description, as fish prints them.
    func fish(_ line: String) throws -> [String] {
        let script = "source \(Desk.completion("passel.fish")); complete -C $argv[1]"
        let outcome = try sandbox.run("fish", ["--no-config", "-c", script, "--", line])
        try check(outcome)
        return outcome.stdout.lines.map(\.text)
    }

    /// What fish offers for `line`, without descriptions.
    func fishWords(_ line: String) throws -> [String] {
        try fish(line).map { $0.split(separator: "\t").first.map(String.init) ?? "" }
    }

    /// What zsh makes of each line when Tab is pressed at its end.
    func zsh(_ lines: [String], setup: String = "") throws -> [(line: String, offered: [String])] {
        try Disk.write(setup, to: "\(sandbox.root)/setup.zsh")
        let outcome = try sandbox.run("zsh", ["-f", "\(sandbox.root)/session.zsh"] + lines)
        try check(outcome)
        return outcome.stdout.split(separator: 0x1E).map { record in
            let parts = record.split(separator: 0x1F).map { Bytes($0).text }
            return (parts.first ?? "", Array(parts.dropFirst()))
        }
    }

    private func check(_ outcome: Outcome) throws {
        guard outcome.status == 0, outcome.stderr.isEmpty else {
            throw TestingProblem("status \(outcome.status): \(outcome.stderr.text)")
        }
    }
}
