import Foundation

/// Three people with a clone each and a remote between them, and what they do one after the other.
final class ModelWorld {
    /// What was done and what was wrong.
    struct Figures: Sendable {
        var operations = 0
        var refused = 0
        var syncs = 0
        var merges = 0
        var conflicts = 0
        var kills = 0
        var cuts = 0
        var settlements = 0
        var seconds = 0.0
        var violations: [String] = []

        mutating func add(_ other: Figures) {
            operations += other.operations
            refused += other.refused
            syncs += other.syncs
            merges += other.merges
            conflicts += other.conflicts
            kills += other.kills
            cuts += other.cuts
            settlements += other.settlements
            seconds += other.seconds
            violations += other.violations
        }
    }

    let seed: UInt64
    let people: ModelPeople
    let hasRoster: Bool
    let folder: String
    var clones: [ModelClone] = []
    var states: [ModelState] = []
    var oracle = ModelOracle()
    var figures = Figures()
    var random: ModelRandom
    let texts: ModelTexts
    private var wordCount = 0
    private(set) var history: [String] = []

    /// A store of a few entries that all three have; whether the team has a roster is the seed's
    /// affair too.
    init(seed: UInt64, _ people: ModelPeople) throws {
        self.seed = seed
        self.people = people
        hasRoster = seed % 2 == 0
        random = ModelRandom(seed: seed)
        texts = ModelTexts(people)
        folder = "\(people.runtimeFolder)/w\(seed)"
        guard mkdir(folder, 0o700) == 0 else { throw SafetyProblem("\(folder): cannot be made") }
        clones = try ModelPeople.workers.map { try ModelClone($0, people, below: folder) }
        try begin()
        states = try clones.map { try ModelState($0, texts) }
        oracle.noteOwnWork(try emptyState(), states[0], "at the beginning")
        oracle.everybodyAgrees(on: states[0])
    }

    func close() {
        if people.isKept { return }
        for path in [folder] + clones.map(\.bin) {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private func emptyState() throws -> ModelState {
        let empty = try ModelClone("nobody", people, below: folder)
        guard mkdir(empty.store, 0o700) == 0 else { throw SafetyProblem("no empty store") }
        return try ModelState(empty, texts)
    }

    func newWord() -> String {
        wordCount += 1
        return "Tk\(seed)x\(wordCount)"
    }

    private func begin() throws {
        let ann = clones[0]
        let keys = ModelPeople.workers.compactMap { people.fingerprints[$0] }
        try succeed(ann.passel(["init"] + keys))
        try succeed(ann.passel(["git", "init"]))
        for name in ["top0", "top1", "web/s0", "web/s1", "ops/s0", "a b/ü/s0"] {
            let text = "\(newWord())\nuser: \(newWord())\n"
            try succeed(ann.passel(["insert", "-m", name], input: text))
        }
        if hasRoster {
            // Whoever first changes the team signs its roster; so does bob from then on.
            try succeed(
                ann.passel(["recipients", "set", "--yes", "-p", "ops"] + keys))
            try succeed(
                ann.passel(
                    [
                        "recipients", "add", "--yes", "--role", "signer",
                        people.fingerprints["bob"] ?? "",
                    ]
                ))
        } else {
            try succeed(ann.passel(["init", "-p", "ops"] + keys))
        }
        let remote = folder + "/remote.git"
        let outside = Git(folder: folder, home: ann.folder + "/home")
        try succeed(outside.run(["clone", "-q", "--bare", ann.store, remote]))
        try succeed(ann.git.run(["remote", "add", "origin", remote]))
        try succeed(ann.git.run(["fetch", "-q", "origin"]))
        for clone in clones.dropFirst() {
            let git = Git(folder: folder, home: clone.folder + "/home")
            try succeed(git.run(["clone", "-q", remote, clone.store]))
            chmod(clone.store, 0o700)
        }
        for clone in clones {
            try clone.connect()
            // What is seen for the first time is acknowledged thereby.
            try succeed(clone.passel(["recipients", "review"]))
        }
    }

    func succeed(_ outcome: Outcome) throws {
        guard outcome.status == 0 else {
            throw SafetyProblem("seed \(seed): status \(outcome.status): \(outcome.errorText)")
        }
    }

    /// - Parameter words: what it is about; all that happened to them is told.
    func violation(_ text: String, about words: Set<String> = []) {
        let stories = words.sorted().flatMap { oracle.story($0) }.map { "about it: \($0)" }
        let steps = (stories + history.suffix(12)).joined(separator: "\n        ")
        figures.violations.append("seed \(seed): \(text)\n        \(steps)")
        // A long run tells it when it ends.
        trace?.write(
            Data("VIOLATION: \((["\(text)"] + stories).joined(separator: "\n    "))\n".utf8))
    }

    func remember(_ step: String) {
        history.append("\(history.count) \(step)")
        guard let trace else { return }
        if let word = Self.followed {
            // As it was before the step.
            for (clone, state) in zip(clones, states) {
                let places = (state.places[word] ?? []).sorted()
                trace.write(Data("    \(clone.person): \(places)\n".utf8))
            }
        }
        trace.write(Data("seed \(seed): \(history.count - 1) \(step)\n".utf8))
    }

    /// The word of which the trace tells where it is.
    private static let followed = ProcessInfo.processInfo.environment["PASSEL_MODEL_WORD"]

    /// Where every step is written to as it happens, if somebody wants that.
    private lazy var trace: FileHandle? = {
        guard let path = ProcessInfo.processInfo.environment["PASSEL_MODEL_TRACE"] else {
            return nil
        }
        _ = FileManager.default.createFile(atPath: path + ".\(seed)", contents: nil)
        return FileHandle(forWritingAtPath: path + ".\(seed)")
    }()

    // MARK: Steps

    /// One step of somebody.
    func step() throws {
        let number = random.number(0...(clones.count - 1))
        let draft = ModelDraft(
            state: states[number], person: clones[number].person, people: people,
            hasRoster: hasRoster, nextWord: newWord)
        var call: ModelCall?
        while call == nil { call = draft.call(ModelAct.drawn(&random), &random) }
        guard let call else { return }
        if random.percent(8) {
            try runKilled(call, number)
        } else if call.act == .sync, random.percent(12) {
            try runCut(call, number)
        } else {
            try run(call, number)
        }
        figures.operations += 1
        if call.act == .sync { figures.syncs += 1 }
    }

    private func variables(_ call: ModelCall, _ clone: ModelClone) throws -> [String: String] {
        guard let text = call.text else { return [:] }
        let file = clone.bin + "/text"
        try? FileManager.default.removeItem(atPath: file)
        try Sandbox.write(text, to: file, mode: 0o600)
        return ["MODEL_TEXT": file]
    }

    private func run(_ call: ModelCall, _ number: Int) throws {
        let clone = clones[number]
        let outcome = try clone.passel(
            call.arguments, input: call.input, variables: try variables(call, clone))
        remember("\(clone.person) \(call.shown) -> \(outcome.told)")
        let after = try ModelState(clone, texts)
        let before = states[number]
        states[number] = after
        switch call.act {
        case .sync:
            note(outcome, after)
            if ![0, 3].contains(outcome.status) {
                violation("sync ends with \(outcome.status): \(outcome.errorText)")
            }
            took(before, after)
        default:
            if outcome.status == 0 {
                ended(call, before, after, clone)
            } else {
                figures.refused += 1
                if ![1, 3].contains(outcome.status) {
                    violation("status \(outcome.status): \(outcome.errorText)")
                }
                // A review or a resolution may have come so far.
                if outcome.status == 1, before.files != after.files {
                    violation("it fails and changes \(changed(before, after))")
                }
                if outcome.status == 3 { ended(call, before, after, clone) }
            }
        }
    }

    private func changed(_ before: ModelState, _ after: ModelState) -> [String] {
        Set(before.files.keys).union(after.files.keys)
            .filter { before.files[$0] != after.files[$0] }.sorted()
    }

    private func ended(
        _ call: ModelCall, _ before: ModelState, _ after: ModelState, _ clone: ModelClone
    ) {
        let step = history.last ?? ""
        let wanted = ModelState.words(of: call.input + (call.text ?? ""))
        let gone = wanted.subtracting(after.all)
        if !gone.isEmpty { violation("reported saved, and not there: \(gone.sorted())") }
        oracle.noteOwnWork(before, after, step)
        if [.recipients, .undo].contains(call.act) { oracle.noteLists(before, after) }
        if let head = try? clone.head() { oracle.noteCommit(head, step) }
    }

    private func took(_ before: ModelState, _ after: ModelState) {
        let lost = oracle.lost(before, after)
        if !lost.isEmpty { violation("lost while syncing: \(lost.sorted())", about: lost) }
        oracle.noteArrival(before, after, history.last ?? "")
        let known = Set(before.unreadable)
        let unreadable = after.unreadable.filter { !known.contains($0) }
        if !unreadable.isEmpty { violation("nobody can read \(unreadable)") }
    }

    private var conflictsSeen: Set<String> = []

    /// Counts what a sync did.
    func note(_ outcome: Outcome, _ after: ModelState) {
        let lines = outcome.text.split(separator: "\n")
        figures.merges += lines.count { $0.hasPrefix("merged\t") }
        for name in after.entries where name.contains(".conflict-") {
            if conflictsSeen.insert(name).inserted { figures.conflicts += 1 }
        }
    }

    /// Kills it at some call; then something small must succeed, which settles what was begun.
    private func runKilled(_ call: ModelCall, _ number: Int) throws {
        let clone = clones[number]
        let limit = call.act == .sync ? 300 : 75
        let at = random.spread(limit)
        let outcome = try clone.passel(
            call.arguments, input: call.input, killAt: at,
            variables: try variables(call, clone))
        let wasKilled = clone.wasKilled()
        remember("\(clone.person) \(call.shown) killed at \(at) -> \(outcome.told)")
        if wasKilled { figures.kills += 1 }
        let name = "next-\(clone.person)"
        let word = newWord()
        let next = try clone.passel(["insert", "-m", "-f", name], input: word + "\n")
        remember("\(clone.person) insert \(name) -> \(next.told)")
        let before = states[number]
        let after = try ModelState(clone, texts)
        states[number] = after
        // Lists that came with a killed sync may wait for a review.
        let waits = next.errorText.contains("recipients review")
        if next.status != 0, !waits { violation("after a kill: \(next.errorText)") }
        if next.status == 0, !after.all.contains(word) { violation("\(word) is not there") }
        if call.act == .sync {
            // What came from others is theirs; only our own word is new.
            if next.status == 0 {
                oracle.noteReplaced(
                    name, try wordsBeforeHead(name, clone), by: word, history.last ?? "")
            }
            let lost = oracle.lost(before, after)
            if !lost.isEmpty { violation("lost by a killed sync: \(lost.sorted())", about: lost) }
            oracle.noteArrival(before, after, history.last ?? "")
        } else {
            oracle.noteOwnWork(before, after, history.last ?? "")
            if [.recipients, .undo].contains(call.act) { oracle.noteLists(before, after) }
        }
        if next.status == 0, let head = try? clone.head() {
            oracle.noteCommit(head, history.last ?? "")
        }
    }

    /// The words of an entry in the commit before the newest one: there it may be as the killed sync
    /// brought it, though nobody saw it in the clone.
    private func wordsBeforeHead(_ name: String, _ clone: ModelClone) throws -> Set<String> {
        let blob = try clone.git.run(["cat-file", "blob", "HEAD~1:\(name).gpg"])
        guard blob.status == 0 else { return [] }
        return try texts.texts([blob.output])[blob.output]?.words ?? []
    }

    /// Cuts the remote's answer; what was agreed before stands.
    private func runCut(_ call: ModelCall, _ number: Int) throws {
        let clone = clones[number]
        let outcome = try clone.passel(
            call.arguments,
            variables: ["MODEL_CUT": "\(random.spread(3000))", "PASSEL_TIMEOUT": "1"])
        remember("\(clone.person) sync, cut -> \(outcome.told)")
        figures.cuts += 1
        if ![0, 3].contains(outcome.status) {
            violation("a cut sync ends with \(outcome.status): \(outcome.errorText)")
        }
        let before = states[number]
        states[number] = try ModelState(clone, texts)
        note(outcome, states[number])
        took(before, states[number])
    }
}

extension Outcome {
    /// Its status, how long it took, and what it said where that is not nothing.
    var told: String {
        let said = status == 0 ? "" : errorText.split(separator: "\n").joined(separator: " | ")
        return "\(status), \(Int(seconds * 1000)) ms" + (said.isEmpty ? "" : ": " + said)
    }
}
