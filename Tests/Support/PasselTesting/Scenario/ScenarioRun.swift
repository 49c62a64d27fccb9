import Foundation

/// One run of a scenario in a sandbox of its own.
public final class ScenarioRun {
    /// Which program each `pass` step runs.
    public enum Hands: Sendable, Hashable {
        /// The built binary, always.
        case passel
        /// The system's pass, always.
        case pass
        /// Odd steps by the first, even steps by the other.
        case alternating(first: Sandbox.Subject)

        func subject(step: Int) -> Sandbox.Subject {
            switch self {
            case .passel: .passel
            case .pass: .pass
            case .alternating(let first):
                step % 2 == 1 ? first : (first == .pass ? .passel : .pass)
            }
        }
    }

    /// The sandbox; it lives as long as the run.
    public let sandbox: Sandbox
    let scenario: Scenario
    let hands: Hands
    let isCompared: Bool
    /// What each `pass` step did, in order, when runs are compared.
    public internal(set) var observations: [Observation] = []

    var last = Outcome(status: 0)
    var input: Invocation.Input?
    var isTerminalOnInputOnly = false
    var timeout: Double?
    var loosened: Set<Observation.Part> = []
    var deviation: DeviationClaim?
    var variables: [String: Bytes] = [:]
    var waived: Set<Int> = []
    var secrets: [Bytes] = []
    var errors: [Bytes] = []
    var exempt: Set<String> = []
    var passSteps = 0

    /// Prepares a run; with `isCompared` every `pass` step is observed and no invariant is checked.
    public init(_ scenario: Scenario, hands: Hands = .passel, isCompared: Bool = false) throws {
        self.scenario = scenario
        self.hands = hands
        self.isCompared = isCompared
        sandbox = try Sandbox(hands.subject(step: 1))
        sandbox.set("WORK", sandbox.root)
        for section in scenario.sections {
            let path = sandbox.root + "/" + section.name
            if let slash = path.lastIndex(of: "/") { try Disk.makeFolder(String(path[..<slash])) }
            try Disk.write(section.content, to: Bytes(path.utf8))
            exempt.insert(path)
        }
    }

    /// Runs all steps and then, unless runs are compared, the invariants; the failure, if any.
    public func run() -> ScenarioFailure? {
        for step in scenario.steps {
            do {
                guard let verb = Verbs.table[step.verb] else {
                    throw TestingProblem("there is no verb \(step.verb)")
                }
                let keyboard = sandbox.current
                if let person = step.person { try sandbox.become(person) }
                defer { if step.person != nil { try? sandbox.become(keyboard) } }  // who is known
                let words = try Words.split(step.rest, variable: value)
                try verb(self, step, words)
            } catch {
                return failure(at: step.line, phase: step.phase, "\(error)")
            }
        }
        guard !isCompared else { return nil }
        var violations = sandbox.stores.flatMap { store in
            Invariants.check(
                store: store, homes: sandbox.gnupgHomes,
                temporary: [sandbox.root + "/tmp", sandbox.root + "/run"], secrets: secrets,
                places: [sandbox.root], exempt: exempt, errors: errors, waiving: waived)
        }
        if !waived.contains(3) { violations += sandbox.stateFolders.flatMap(Invariants.state) }
        guard !violations.isEmpty else { return nil }
        let line = scenario.steps.last?.line ?? 1
        return failure(at: line, phase: "afterwards", violations.joined(separator: "\n"))
    }

    private func failure(at line: Int, phase: String, _ message: String) -> ScenarioFailure {
        let command = line <= lines.count ? lines[line - 1].text : ""
        var text = "\(phase)\n> \(command)\n\(message)"
        if hands != .passel { text += "\nhands: \(hands)" }
        return ScenarioFailure(path: scenario.path, line: line, description: text)
    }

    private lazy var lines: [Bytes] = (Disk.read(scenario.path) ?? []).lines

    /// The value of `$NAME`: a variable of the sandbox, or the fingerprint of a key.
    func value(_ name: String) throws -> Bytes {
        switch name {
        case "WORK": return Bytes(sandbox.root.utf8)
        case "BIN": return Bytes(sandbox.bin.utf8)
        default: break
        }
        if let value = variables[name] ?? sandbox.environment[name] { return value }
        if let key = sandbox.key(name) { return Bytes(key.fingerprint.utf8) }
        throw TestingProblem("$\(name) is not set")
    }

    /// A path of the scenario as an absolute one.
    func absolute(_ path: Bytes) -> Bytes {
        path.first == 0x2F ? path : Bytes(sandbox.directory.utf8) + [0x2F] + path
    }

    /// The bytes that a word of a scenario names: an output of the last command, or a file.
    func content(_ word: Bytes) throws -> Bytes {
        switch word.text {
        case "stdout": return last.stdout
        case "stderr": return last.stderr
        case "ttyout": return last.terminal
        default: break
        }
        let beside = Bytes(sandbox.root.utf8) + [0x2F] + word
        guard let bytes = Disk.read(absolute(word)) ?? Disk.read(beside) else {
            throw TestingProblem("there is no file \(word.text)")
        }
        return bytes
    }

    /// Rewrites the section `name` of the scenario's file, if the environment asks for it.
    func record(_ content: Bytes, as name: Bytes) -> Bool {
        let isAsked = ProcessInfo.processInfo.environment["PASSEL_RECORD"] == "1"
        guard isAsked, let archive = Disk.read(scenario.path).map(Txtar.init),
            let text = archive.replacing(name.text, with: content)
        else { return false }
        do { try Disk.write(text, to: Bytes(scenario.path.utf8)) } catch { return false }
        return true
    }

    /// Runs a program with the input that the steps before prepared, and checks its status.
    func execute(_ program: String, _ arguments: [Bytes], demand: Scenario.Demand) throws {
        defer { (input, isTerminalOnInputOnly, timeout) = (nil, false, nil) }
        last = try sandbox.run(
            program, bytes: arguments, input: input ?? .nothing, timeout: timeout ?? 300)
        errors.append(last.stderr)
        // A listed difference may be that pass never ends.
        if last.timedOut, deviation == nil { throw TestingProblem("timed out\n" + transcript) }
        switch demand {
        case .success where last.status != 0:
            throw TestingProblem("failed with status \(last.status)\n" + transcript)
        case .failure where last.status == 0:
            throw TestingProblem("succeeded, but should fail\n" + transcript)
        case .success, .failure, .nothing: break
        }
    }

    /// The last command's status and outputs, for messages.
    var transcript: String {
        var text = "status \(last.status)"
        for (name, bytes) in [
            ("stdout", last.stdout), ("stderr", last.stderr), ("terminal", last.terminal),
        ] where !bytes.isEmpty {
            text += "\n[\(name)]\n\(bytes.prefix(4000).map { $0 }.text)"
        }
        return text
    }
}
