/// A scenario run by pass, by ours, and where it says `mixed` by both in turns.
public struct ComparedScenario: Sendable {
    /// What did not hold.
    public private(set) var failures: [ScenarioFailure] = []
    /// How many command runs were compared with pass's.
    public private(set) var comparedRuns = 0
    private let scenario: Scenario

    /// Runs `scenario` with all hands and compares.
    public init(running scenario: Scenario) {
        self.scenario = scenario
        let reference = run(.pass)
        guard failures.isEmpty else { return }
        var others: [ScenarioRun.Hands] = [.passel]
        if scenario.uses("mixed") {
            others += [.alternating(first: .pass), .alternating(first: .passel)]
        }
        for hands in others {
            // Compare even a run that failed: the difference usually says why it did.
            let failed = failures.count
            let observations = run(hands)
            let reports = Array(failures[failed...])
            failures.removeLast(reports.count)
            compare(reference, observations, hands)
            failures += reports
            if !failures.isEmpty { return }
        }
    }

    private mutating func run(_ hands: ScenarioRun.Hands) -> [Observation] {
        do {
            let run = try ScenarioRun(scenario, hands: hands, isCompared: true)
            if let failure = run.run() { failures.append(failure) }
            return run.observations
        } catch {
            report(1, "\(error)")
            return []
        }
    }

    private mutating func compare(
        _ reference: [Observation], _ others: [Observation], _ hands: ScenarioRun.Hands
    ) {
        var comparison = Comparison()
        for (old, new) in zip(reference, others) {
            comparedRuns += 1
            if let claim = new.deviation {
                check(claim, old, new, mustDiffer: hands == .passel)
                comparison.accept(old, new)
                continue
            }
            let loosened = old.loosened
            let differences = comparison.differences(old, new, loosened: loosened)
            guard !differences.isEmpty else { continue }
            let sides = hands == .passel ? "" : " (hands: \(hands))"
            let transcript =
                new.outcome.stderr.isEmpty ? "" : "\n[stderr]\n" + new.outcome.stderr.text
            report(
                new.line,
                "differs from pass\(sides)\n" + differences.joined(separator: "\n") + transcript)
        }
    }

    private mutating func check(
        _ claim: DeviationClaim, _ old: Observation, _ new: Observation, mustDiffer: Bool
    ) {
        // Without a binary of ours both sides are pass, and only its half of the claim can be checked.
        let isPassOnly = Binary.path == Sandbox.Subject.pass.path
        // Our warnings count here, which otherwise are nobody's business.
        let isDifferent =
            Normaliser(old).output(old.outcome.stderr) != Normaliser(new).output(new.outcome.stderr)
            || !Comparison().differences(old, new, loosened: []).isEmpty
        if mustDiffer, !isDifferent, !isPassOnly {
            report(new.line, "\(claim.id) is listed as a difference, but there is none")
        }
        for observation in [old, new] {
            let text = observation.forClaims
            for (side, pattern, negated) in claim.patterns where side == observation.subject {
                if isPassOnly, side == .passel { continue }
                do {
                    guard try Pattern.matches(pattern, in: text) == negated else { continue }
                    let verb = negated ? "matches" : "does not match"
                    report(new.line, "\(side) \(verb) \(pattern.text):\n\(text.text)")
                } catch {
                    report(claim.line, "\(error)")
                }
            }
        }
    }

    private mutating func report(_ line: Int, _ message: String) {
        let command = (Disk.read(scenario.path) ?? []).lines.dropFirst(line - 1).first?.text ?? ""
        failures.append(
            ScenarioFailure(
                path: scenario.path, line: line, description: "> \(command)\n\(message)"))
    }
}

extension Observation {
    /// The text that `pass-side` and `passel-side` patterns are matched against.
    fileprivate var forClaims: Bytes {
        Bytes("status=\(outcome.status)\n".utf8) + outcome.stdout + outcome.stderr
            + outcome.terminal + Bytes(("\n--\n" + store.listing + "\n").utf8)
    }
}
