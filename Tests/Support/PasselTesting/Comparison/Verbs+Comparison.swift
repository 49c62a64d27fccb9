extension Verbs {
    static let comparison: [String: Verb] = [
        // Says something about the file; who runs it reads it from the steps.
        "mixed": { _, _, _ in },
        "deviates": { run, step, words in
            guard words.count == 1 else { throw TestingProblem("deviates ID") }
            run.deviation = DeviationClaim(id: words[0].text, line: step.line)
        },
        "pass-side": { run, step, words in try run.claim(.pass, step, words) },
        "passel-side": { run, step, words in try run.claim(.passel, step, words) },
        "stdout-unordered": { run, _, _ in run.loosened.insert(.stdoutOrder) },
        "ignore": { run, _, words in
            for word in words {
                switch word.text {
                case "stdout": run.loosened.insert(.stdout)
                case "stderr": run.loosened.insert(.stderr)
                case "ttyout": run.loosened.insert(.terminal)
                case "store": run.loosened.insert(.store)
                default: throw TestingProblem("cannot ignore \(word.text)")
                }
            }
        },
    ]
}

extension ScenarioRun {
    /// Runs `pass` with the hands of this step; observes what it did when runs are compared.
    func pass(_ step: Scenario.Step, _ words: [Bytes]) throws {
        collectSecrets()
        guard isCompared else {
            try execute("pass", words, demand: step.demand)
            return
        }
        passSteps += 1
        let subject = hands.subject(step: passSteps)
        try sandbox.bind(subject)
        let demand = step.demand == .failure ? Scenario.Demand.failure : .nothing
        defer { (loosened, deviation) = ([], nil) }
        try execute("pass", words, demand: demand)
        let before = observations.last?.store
        let store = StoreSnapshot(of: sandbox.store, homes: sandbox.gnupgHomes)
        var random = observations.last?.random ?? []
        if words.first?.text == "generate" { random += generated(from: before, to: store) }
        observations.append(
            Observation(
                line: step.line, subject: subject, outcome: last, store: store,
                loosened: loosened, deviation: deviation, random: random, root: sandbox.root))
    }

    /// The first lines of the entries that a `generate` step made or changed.
    private func generated(from old: StoreSnapshot?, to new: StoreSnapshot) -> [Bytes] {
        new.nodes.compactMap { path, node in
            guard node.isDecrypted, node.content != old?.nodes[path]?.content else { return nil }
            return node.content?.lines.first
        }
    }

    /// Checks one side of a deviation, before or after the step that shows it.
    fileprivate func claim(
        _ side: Sandbox.Subject, _ step: Scenario.Step, _ words: [Bytes]
    ) throws {
        guard words.count == 1 else { throw TestingProblem("one pattern, please") }
        let claim = (side: side, pattern: words[0], negated: step.demand == .failure)
        if deviation != nil {
            deviation?.patterns.append(claim)
        } else if let index = observations.indices.last, observations[index].deviation != nil {
            observations[index].deviation?.patterns.append(claim)
        } else {
            throw TestingProblem("there is no deviates before this line")
        }
    }
}
