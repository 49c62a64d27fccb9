import Foundation

/// A change of the team of a store, disturbed at its calls.
///
/// The calls of its long middle part, in which gpg encrypts one entry like the other, are one
/// stretch; all the others are reached sooner when that work is there already, as a killed run
/// leaves it: the second one.
struct TeamSweep: Sendable {
    /// What is done to the team of ann and bob, or of ann, bob and carol.
    enum Act: String, CaseIterable, Sendable {
        case add, rm

        var arguments: [String] { ["recipients", rawValue, "--yes", "carol"] }
        var name: String { "recipients \(rawValue)" }
    }

    let act: Act
    private let checks: [TeamInvariants]
    /// The calls of an undisturbed run.
    let calls: Int
    /// Those among them in which entries are encrypted.
    let encrypting: ClosedRange<Int>

    var boxes: [TeamSandbox] { checks.map(\.box) }

    /// Stores to do it in, one for each thread, after one undisturbed run in each.
    init(_ act: Act, _ keyring: Keyring, width: Int = 2) throws {
        self.act = act
        let tag = Sandbox.randomText(4)
        var checks: [TeamInvariants] = []
        var calls: [String] = []
        for number in 0..<width {
            let box = try TeamSandbox(keyring, "\(tag)\(number)")
            if act == .rm { try Self.succeed(box.passel(Act.add.arguments)) }
            checks.append(try Self.undisturbed(act, box))
            calls = try box.reported().split(separator: "\n").map(String.init)
        }
        self.checks = checks
        let kept = calls.indices.filter {
            calls[$0].contains(" write /") && calls[$0].contains("/reencrypted/")
        }
        guard let first = kept.first, let last = kept.last else {
            throw SafetyProblem("\(act.name) keeps nothing of its work")
        }
        self.calls = calls.count - 1
        encrypting = first + 1...last + 1
    }

    private static func succeed(_ outcome: Outcome) throws {
        guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
    }

    private static func undisturbed(_ act: Act, _ box: TeamSandbox) throws -> TeamInvariants {
        try box.save()
        let template = try StoreFiles(box.store)
        let startingCommit = try box.git.head()
        try succeed(TeamInvariants.next(box))
        let usual = paths(below: box.state)

        try box.reset()
        let (outcome, _) = try box.passel(act.arguments, killer: ["count", "-v"])
        try succeed(outcome)
        var check = TeamInvariants(
            box: box, template: template, startingCommit: startingCommit,
            old: try TeamState(template), new: try TeamState(try StoreFiles(box.store)))
        var wrong = try check.violationsAtOnce(status: 0)
        let head = try box.git.head()
        try succeed(TeamInvariants.next(box))
        check.usualFiles = try usual.union(check.surroundings(StoreFiles(box.store)))
        wrong += try check.violations(afterNextOn: head).wrong
        guard wrong.isEmpty else { throw SafetyProblem("\(act.name) undisturbed: \(wrong)") }
        return check
    }

    /// Disturbs it while it encrypts: at so many calls, spread over the stretch.
    func whileEncrypting(_ mode: [String] = ["kill"], points: Int) async throws -> SweepResult {
        let stride = SweepExtent.stride(over: encrypting.count, points: points)
        return try await sweep(
            "while encrypting", mode, calls: encrypting.count, stride: stride,
            at: Array(Swift.stride(from: encrypting.lowerBound, through: calls, by: stride))
                .filter(encrypting.contains))
    }

    /// From here on every copy finds its entries encrypted already.
    mutating func encryptBeforehand() throws {
        for box in boxes {
            try box.reset()
            let (_, call) = try box.passel(
                act.arguments, killer: ["kill", "\(encrypting.upperBound)"])
            guard call.hasPrefix("killed") else { throw SafetyProblem("not killed: \(call)") }
            try box.saveState()
        }
    }

    /// Disturbs it at every `stride`-th of the calls that are left when entries are encrypted already.
    func otherwise(_ mode: [String] = ["kill"], stride: Int) async throws -> SweepResult {
        let calls = try encryptedBeforehand().count
        let stride = SweepExtent.isFull ? 1 : stride
        return try await sweep(
            nil, mode, calls: calls, stride: stride,
            at: Array(Swift.stride(from: 1, through: calls, by: stride)))
    }

    /// Disturbs it at every call by which it is decided: of the pins, and from the journal to the
    /// last file that says who is in the team.
    func whileDeciding(_ mode: [String] = ["kill"]) async throws -> SweepResult {
        let calls = try encryptedBeforehand()
        let files = ["/.gpg-id", "/.passel/", "/.public-keys/"].map { "store" + $0 }
        let journal = calls.firstIndex { $0.contains("passel-journal") }
        let last = calls.lastIndex { call in
            call.contains(" passel ") && files.contains(where: call.contains)
        }
        guard let journal, let last, journal < last else {
            throw SafetyProblem("nothing is decided")
        }
        let pins = calls.indices.filter { calls[$0].contains("/pins") }
        // The one after as well, so that it is killed once each has happened.
        let numbers = Set(pins + Array(journal...last)).flatMap { [$0 + 1, $0 + 2] }
        return try await sweep(
            "while it is decided", mode, calls: Set(numbers).count, stride: 1,
            at: Set(numbers).sorted())
    }

    /// The calls that are left when entries are encrypted already, as the killer tells them.
    private func encryptedBeforehand() throws -> [String] {
        try boxes[0].reset()
        let (outcome, _) = try boxes[0].passel(act.arguments, killer: ["count", "-v"])
        try Self.succeed(outcome)
        return try boxes[0].reported().split(separator: "\n").dropLast().map(String.init)
    }

    /// Kills it at a random call while it encrypts and does it again; how many entries were decrypted
    /// more than once for that.
    func decryptionsAgain(_ worker: Int) throws -> Int {
        let box = checks[worker].box
        try box.reset()
        let log = try box.countDecryptions()
        let number = Int.random(in: encrypting)
        let (killed, call) = try box.passel(act.arguments, killer: ["kill", "\(number)"])
        guard killed.status == 137, call.hasPrefix("killed") else {
            throw SafetyProblem("not killed at \(number): \(call)")
        }
        try Self.succeed(box.passel(act.arguments))
        let wrong = try checks[worker].violationsAtOnce(status: 0)
        guard wrong.isEmpty else { throw SafetyProblem("\(call), then again: \(wrong)") }
        return try Data(contentsOf: URL(fileURLWithPath: log)).count - TeamSandbox.names.count
    }

    private func sweep(
        _ part: String?, _ mode: [String], calls: Int, stride: Int, at numbers: [Int]
    ) async throws -> SweepResult {
        let label = mode.count > 1 ? " with \(mode.dropFirst().joined(separator: " "))" : ""
        let result = try await SweepResult(
            act.name + label + (part.map { ", \($0)" } ?? ""), calls: calls, stride: stride,
            at: numbers, width: checks.count
        ) { worker, number in try disturb(at: number, mode, checks[worker]) }
        result.show()
        // What kills left where others have their temporary files, too, the next change clears away.
        for box in boxes {
            try box.reset()
            try Self.succeed(box.passel(act.arguments))
            let left = try FileManager.default.contentsOfDirectory(atPath: box.temporaryFolder)
            guard left.isEmpty else { throw SafetyProblem("left in TMPDIR: \(left)") }
        }
        return result
    }

    private func disturb(at number: Int, _ mode: [String], _ check: TeamInvariants) throws -> Point
    {
        let box = check.box
        try box.reset()
        let (outcome, call) = try box.passel(
            act.arguments, killer: [mode[0], "\(number)"] + mode.dropFirst())
        let isFailure = mode[0] == "fail"
        var wrong = try check.violationsAtOnce(
            status: outcome.status, warned: isFailure && !outcome.errors.isEmpty)
        if !isFailure, call.hasPrefix("killed"), outcome.status != 137 {
            wrong.append("I8 status \(outcome.status) of a killed run")
        }
        if isFailure, outcome.status != 0, outcome.errors.isEmpty {
            wrong.append("I8 status \(outcome.status) without a word")
        }
        // A command that reads or one that writes comes next.
        if number.isMultiple(of: 2) { wrong += try check.checkViolations() }
        let (after, isNew) = try check.violationsAfterNext()
        wrong += after
        if isFailure, let path = call.split(separator: " ").last, call.contains(" unlink ") {
            // What the disk does not let go may stay, and its folder with it.
            wrong.removeAll {
                guard let stray = $0.split(separator: " ").dropFirst().first else { return false }
                return $0.hasSuffix(" is left behind")
                    && (path.hasSuffix(stray) || path.hasPrefix(stray + "/"))
            }
        }
        return Point(
            number: number, call: call, violations: wrong,
            failedButDone: isFailure && outcome.status != 0 && isNew)
    }
}
