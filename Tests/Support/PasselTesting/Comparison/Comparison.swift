/// Compares a run by one program with the reference run by another, step by step.
struct Comparison {
    /// What may differ because an earlier step was a listed difference.
    private var knownPaths: Set<Bytes> = []
    private var knownStatus: Set<String> = []
    private var knownCommits: [Bytes: (reference: Int, other: Int)] = [:]

    /// What differs between the two observations of one step, one paragraph each.
    func differences(
        _ reference: Observation, _ other: Observation, loosened: Set<Observation.Part>
    ) -> [String] {
        let (left, right) = (Normaliser(reference), Normaliser(other))
        var result: [String] = []
        if reference.outcome.status != other.outcome.status {
            result.append("status \(other.outcome.status), not \(reference.outcome.status)")
        }
        if !loosened.contains(.stdout) {
            var (old, new) =
                (left.output(reference.outcome.stdout), right.output(other.outcome.stdout))
            if loosened.contains(.stdoutOrder) { (old, new) = (old.sortedLines, new.sortedLines) }
            result += describe("stdout", old, new)
        }
        if !loosened.contains(.stderr) {
            let (old, new) =
                (left.ownErrors(reference.outcome.stderr), right.ownErrors(other.outcome.stderr))
            result += describe("stderr", old.bytes, new.bytes)
            if other.subject == .passel {
                // The other side's folder, in the other side's lines.
                let known = Normaliser(reference).output(reference.outcome.stderr)
                result += right.strangeErrors(other.outcome.stderr, reference: known).map {
                    "standard error has a strange line: \($0)"
                }
            }
        }
        if !loosened.contains(.terminal) {
            let (old, new) =
                (left.terminal(reference.outcome.terminal), right.terminal(other.outcome.terminal))
            result += describe("terminal", old, new)
        }
        if !loosened.contains(.store) { result += stores(reference, other) }
        return result
    }

    /// From now on the differences between these two stores are known.
    mutating func accept(_ reference: Observation, _ other: Observation) {
        knownPaths = Set(
            Set(reference.store.nodes.keys).union(other.store.nodes.keys).filter {
                !node($0, reference, other).isEmpty
            })
        for folder in folders(reference, other) {
            let old = reference.store.repositories[folder]
            let new = other.store.repositories[folder]
            knownCommits[folder] = (old?.commits.count ?? 0, new?.commits.count ?? 0)
            knownStatus.formUnion(Set(old?.status ?? []).symmetricDifference(new?.status ?? []))
        }
    }

    private func stores(_ reference: Observation, _ other: Observation) -> [String] {
        var result: [String] = []
        let paths = Set(reference.store.nodes.keys).union(other.store.nodes.keys)
        for path in paths.subtracting(knownPaths).sorted(by: { $0.text < $1.text }) {
            result += node(path, reference, other)
        }
        let (left, right) = (Normaliser(reference), Normaliser(other))
        for folder in folders(reference, other) {
            let name = folder.isEmpty ? "the store" : folder.text
            let old = reference.store.repositories[folder]
            let new = other.store.repositories[folder]
            let known = knownCommits[folder] ?? (0, 0)
            let oldLog = (old?.commits ?? []).dropLast(known.reference).map {
                left.text("\($0.subject) \($0.files)")
            }
            let newLog = (new?.commits ?? []).dropLast(known.other).map {
                right.text("\($0.subject) \($0.files)")
            }
            result += describe("history of \(name)", oldLog.bytes, newLog.bytes)
            let isNew: (String) -> Bool = { !knownStatus.contains($0) }
            let (oldStatus, newStatus) = (old?.status ?? [], new?.status ?? [])
            result += describe(
                "git status of \(name)", oldStatus.filter(isNew).bytes,
                newStatus.filter(isNew).bytes)
            result += describe(
                "diff settings of \(name)", (old?.diffSettings ?? []).bytes,
                (new?.diffSettings ?? []).bytes)
        }
        return result
    }

    private func node(_ path: Bytes, _ reference: Observation, _ other: Observation) -> [String] {
        guard let old = reference.store.nodes[path] else { return ["\(path.text) is there"] }
        guard let new = other.store.nodes[path] else { return ["\(path.text) is not there"] }
        let (left, right) = (Normaliser(reference), Normaliser(other))
        var result: [String] = []
        if (old.facts.kind, old.facts.mode) != (new.facts.kind, new.facts.mode) {
            let modes = [new, old].map { "\($0.facts.kind) \(String($0.facts.mode, radix: 8))" }
            result.append("\(path.text) is \(modes[0]), not \(modes[1])")
        }
        let targets = [old.facts.target, new.facts.target].map { ($0 ?? []).text }
        if left.text(targets[0]) != right.text(targets[1]) {
            result.append("\(path.text) leads to \(targets[1]), not \(targets[0])")
        }
        if old.readers != new.readers {
            result.append("\(path.text) is readable by \(new.readers), not by \(old.readers)")
        }
        let contents = (left.content(old, at: path), right.content(new, at: path))
        if contents.0 != contents.1 {
            result += describe("content of \(path.text)", contents.0 ?? [], contents.1 ?? [])
        }
        return result
    }

    private func folders(_ reference: Observation, _ other: Observation) -> [Bytes] {
        Set(reference.store.repositories.keys).union(other.store.repositories.keys)
            .sorted { $0.text < $1.text }
    }

    private func describe(_ what: String, _ old: Bytes, _ new: Bytes) -> [String] {
        guard old != new else { return [] }
        return [
            "\(what) differs (- reference, + ours):\n"
                + Difference.describe(actual: new, expected: old)
        ]
    }
}

extension [String] {
    fileprivate var bytes: Bytes { flatMap { Bytes($0.utf8) + [0x0A] } }
}

extension [UInt8] {
    fileprivate var sortedLines: Bytes {
        lines.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 + [0x0A] }
    }
}
