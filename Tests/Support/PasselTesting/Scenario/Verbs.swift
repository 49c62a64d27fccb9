import Foundation

/// What the words of the scenario language do.
///
/// A line is `[!|?] VERB WORDS…`, quoted as in a shell. `!` demands failure, `?` takes any status.
///
/// | verb | meaning |
/// |---|---|
/// | `passel`, `pass`, `exec` | run a program; what `exec` runs has umask 077 |
/// | `stdin FILE`, `stdin - TEXT` | what the next command reads; otherwise `/dev/null` |
/// | `tty FILE`, `tty - TEXT` | the next command has a terminal, on which this is typed |
/// | `ttyonly-stdin [FILE]` | only its standard input is that terminal |
/// | `timeout SECONDS` | how long the next command may take |
/// | `stdout`, `stderr`, `ttyout RE`, `status N`, `cmp A B` | what the last command left |
/// | `exists`, `mode PATH 600`, `entry NAME FILE`, `readers NAME WHO…`, `commits TEXT…` | the store |
/// | `mkdir`, `cp`, `rm`, `write PATH TEXT`, `symlink`, `chmod`, `cd` | files, private by default |
/// | `key [--KIND] NAME…`, `forget NAME`, `as NAME`, `pinentry [WORD]`, `editor FILE` | people |
/// | `people NAME…` | each gets a home, an empty store and a keyring with their own key only |
/// | `publish`, `clone`, `push`, `pull` | git between a person's store and the remote of all |
/// | `as NAME VERB…` | one line by somebody else; `!` stands before `as` |
/// | `env K=V…`, `env -u K…` | the environment of later commands |
/// | `waive N REASON` | the invariant N does not hold at the end |
/// | `mixed`, `deviates`, `pass-side`, `passel-side`, `ignore`, `stdout-unordered` | comparisons |
///
/// With `PASSEL_RECORD=1` a `cmp` with a section of the file rewrites the section instead of failing.
enum Verbs {
    typealias Verb = @Sendable (ScenarioRun, Scenario.Step, [Bytes]) throws -> Void

    static let table: [String: Verb] = commands.merging(expectations) { first, _ in first }
        .merging(files) { first, _ in first }.merging(people) { first, _ in first }
        .merging(comparison) { first, _ in first }

    private static let commands: [String: Verb] = [
        "passel": { run, step, words in
            run.collectSecrets()
            try run.execute("passel", words, demand: step.demand)
        },
        "pass": { run, step, words in try run.pass(step, words) },
        "exec": { run, step, words in
            // The umask of a careful user: what a scenario makes by hand is private too.
            let shell = ["-c", "umask 077; exec \"$@\"", "exec"].map { Bytes($0.utf8) }
            try run.execute("sh", shell + words, demand: step.demand)
        },
        "stdin": { run, _, words in run.input = .bytes(try run.text(words)) },
        "tty": { run, _, words in
            let typed = try run.text(words)
            run.input =
                run.isTerminalOnInputOnly ? .terminalOnInput(typed: typed) : .terminal(typed: typed)
        },
        "ttyonly-stdin": { run, _, words in
            run.isTerminalOnInputOnly = true
            var typed = Bytes()
            if case .terminal(let earlier)? = run.input { typed = earlier }
            run.input = .terminalOnInput(typed: words.isEmpty ? typed : try run.text(words))
        },
        "env": { run, _, words in
            if words.first?.text == "-u" {
                for name in words.dropFirst() { run.sandbox.environment[name.text] = nil }
                return
            }
            for word in words {
                guard let equals = word.firstIndex(of: 0x3D) else {
                    throw TestingProblem("\(word.text) sets no variable")
                }
                let name = Bytes(word[..<equals]).text
                run.sandbox.environment[name] = Bytes(word[(equals + 1)...])
            }
        },
        "timeout": { run, _, words in run.timeout = Double(words.first?.text ?? "") },
        "waive": { run, _, words in
            guard words.count > 1, let number = Int(words[0].text) else {
                throw TestingProblem("say which invariant, and why")
            }
            run.waived.insert(number)
        },
    ]

    private static let expectations: [String: Verb] = [
        "stdout": { run, step, words in try run.match(step, words, in: run.last.stdout) },
        "stderr": { run, step, words in try run.match(step, words, in: run.last.stderr) },
        "ttyout": { run, step, words in try run.match(step, words, in: run.last.terminal) },
        "status": { run, step, words in
            let isEqual = words.first?.text == "\(run.last.status)"
            if isEqual != (step.demand == .success) { throw TestingProblem(run.transcript) }
        },
        "cmp": { run, step, words in
            guard words.count == 2 else { throw TestingProblem("cmp compares two things") }
            let (actual, expected) = (try run.content(words[0]), try run.content(words[1]))
            guard (actual == expected) != (step.demand == .success) else { return }
            if run.record(actual, as: words[1]) { return }
            throw TestingProblem(Difference.describe(actual: actual, expected: expected))
        },
        "exists": { run, step, words in
            for word in words {
                let exists = Disk.facts(run.absolute(word)) != nil
                guard exists != (step.demand == .success) else { continue }
                throw TestingProblem("\(word.text) \(exists ? "exists" : "does not exist")")
            }
        },
        "mode": { run, _, words in
            let mode = Disk.facts(run.absolute(words.first ?? []))?.mode
            let actual = mode.map { String($0, radix: 8) } ?? "none"
            guard actual != words.last?.text else { return }
            throw TestingProblem("the mode is \(actual)")
        },
        "entry": { run, _, words in
            guard words.count == 2 else { throw TestingProblem("entry NAME FILE") }
            let actual = Plaintext.of(try run.ciphertext(words[0]), homes: run.sandbox.gnupgHomes)
            let expected = try run.content(words[1])
            guard let actual else { throw TestingProblem("the entry cannot be decrypted") }
            guard actual != expected else { return }
            throw TestingProblem(Difference.describe(actual: actual, expected: expected))
        },
        "readers": { run, _, words in
            let actual = Set(try PacketReader.gpgReaders(try run.ciphertext(words.first ?? [])))
            let keyring = Keyring(homes: run.sandbox.gnupgHomes)
            let expected = try words.dropFirst().reduce(into: Set<String>()) { ids, word in
                let key = run.sandbox.key(word.text)
                let found = keyring.keyIDs(for: key?.fingerprint ?? word.text)
                guard !found.isEmpty else { throw TestingProblem("no key \(word.text)") }
                ids.formUnion(found)
            }
            guard actual != expected else { return }
            throw TestingProblem("readable by \(actual.sorted()), not by \(expected.sorted())")
        },
        "commits": { run, _, words in
            let subjects = GitState.subjects(in: run.sandbox.store, count: words.count)
            guard subjects != words.map(\.text) else { return }
            throw TestingProblem("the newest commits are\n" + subjects.joined(separator: "\n"))
        },
    ]
}

extension ScenarioRun {
    /// The bytes that `FILE` or `- TEXT` names.
    func text(_ words: [Bytes]) throws -> Bytes {
        guard words.first == [0x2D] else {
            // What a command is fed with may of course hold it.
            exempt.insert(absolute(words.first ?? []).text)
            return try content(words.first ?? [])
        }
        return words.dropFirst().joined(separator: [0x20]).map { $0 }
    }

    /// Remembers what the next command is fed with: none of it may turn up anywhere.
    func collectSecrets() {
        switch input {
        case .bytes(let bytes)?, .terminal(typed: let bytes)?, .terminalOnInput(typed: let bytes)?:
            secrets += bytes.lines.map(\.trimmed)
        case .nothing?, nil: break
        }
    }

    fileprivate func match(_ step: Scenario.Step, _ words: [Bytes], in bytes: Bytes) throws {
        guard words.count == 1 else { throw TestingProblem("one pattern, please") }
        let found = try Pattern.matches(words[0], in: bytes)
        guard found != (step.demand == .success) else { return }
        throw TestingProblem((found ? "found in\n" : "not found in\n") + transcript)
    }

    fileprivate func ciphertext(_ name: Bytes) throws -> Bytes {
        let path = Bytes(sandbox.store.utf8) + [0x2F] + name + Bytes(".gpg".utf8)
        guard let bytes = Disk.read(absolute(path)) else {
            throw TestingProblem("there is no entry \(name.text)")
        }
        return bytes
    }
}
