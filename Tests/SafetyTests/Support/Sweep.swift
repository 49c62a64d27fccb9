import Foundation

/// A command disturbed at its state-changing system calls, one call per run.
struct Sweep: Sendable {
    let program: String
    let keyring: Keyring
    let operation: @Sendable (Sandbox) -> Operation
    /// The killer's mode and what follows the number: `["kill"]` or `["fail", "EIO"]`.
    var mode = ["kill"]
    /// At how many of the calls it is disturbed at least, unless there are fewer.
    var points = 20
    /// Whether the store is a git repository.
    var hasRepository = true
    /// How many failures are printed; few where they are what is wanted.
    var shown = 40
    /// Sandboxes in use at the same time.
    var width = 2

    /// Runs the whole sweep, prints its summary and its first failures, and closes the keyring.
    func run() async throws -> SweepResult {
        defer { keyring.close() }
        let label =
            (mode.count > 1 ? " with \(mode.dropFirst().joined(separator: " "))" : "")
            + (hasRepository ? "" : " without git")
        let tag = Sandbox.randomText(4)
        let boxes = try (0..<width).map {
            try Sandbox(keyring, "\(tag)\($0)", hasRepository: hasRepository)
        }
        let checks = try boxes.map { try undisturbed($0) }
        let calls = try count(boxes[0])
        let name = operation(boxes[0]).name + label
        let stride = SweepExtent.stride(over: calls, points: points)
        // Each sweep begins elsewhere: together they meet every kind of call.
        let first = 1 + name.utf8.reduce(0) { $0 + Int($1) } % stride
        let numbers = Array(Swift.stride(from: first, through: calls, by: stride))
        let result = try await SweepResult(
            name, calls: calls, stride: stride, at: numbers, width: width
        ) { worker, number in try disturb(at: number, checks[worker]) }
        result.show(shown)
        return result
    }

    /// Runs the operation without a fault: it must succeed, and it shows which files are usual.
    private func undisturbed(_ box: Sandbox) throws -> Invariants {
        try box.reset()
        let operation = operation(box)
        var check = Invariants(box: box, operation: operation, program: program)
        // Under the killer too, so that the run meets the same restrictions.
        let counter = killer(["count"], operation, "/dev/null")
        let outcome = try operation.command(program, in: box, under: counter).run()
        guard outcome.status == 0 else {
            throw SafetyProblem("\(operation.name) fails undisturbed: \(outcome.errorText)")
        }
        let wrong = try check.violationsAtOnce(status: 0)
        guard wrong.isEmpty else { throw SafetyProblem("\(operation.name) undisturbed: \(wrong)") }
        _ = try Operation.next(box).command(program, in: box).run()
        check.usualFiles = check.surroundings(try StoreFiles(box.store))
        return check
    }

    /// The killer in one of its modes, and the file that it reports to.
    private func killer(_ mode: [String], _ operation: Operation, _ report: String) -> [String] {
        [Binaries.killer] + mode + (operation.withoutNamespaces ? ["-U"] : []) + [
            "-o", report, "--",
        ]
    }

    private func count(_ box: Sandbox) throws -> Int {
        try box.reset()
        let operation = operation(box)
        let report = box.folder + "/report"
        let counter = killer(["count"], operation, report)
        let outcome = try operation.command(program, in: box, under: counter).run()
        let text = (try? String(contentsOfFile: report, encoding: .utf8)) ?? ""
        let number = text.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) }
        guard outcome.status == 0, let number else {
            throw SafetyProblem("cannot count the calls of \(operation.name): \(text)")
        }
        // Ending is counted, but cannot fail; the numbers past the last call disturb nothing.
        return number
    }

    private func disturb(at number: Int, _ check: Invariants) throws -> Point {
        let box = check.box
        try box.reset()
        let report = box.folder + "/report"
        let disturber = killer([mode[0], "\(number)"] + mode.dropFirst(), check.operation, report)
        let outcome = try check.operation.command(program, in: box, under: disturber).run()
        let head = box.hasRepository ? try box.git.head() : ""
        let isFailure = mode[0] == "fail"
        let text = (try? String(contentsOfFile: report, encoding: .utf8)) ?? "no report"
        let call = String(text.prefix { $0 != "\n" })
        var wrong = try check.violationsAtOnce(
            status: outcome.status, warned: isFailure && !outcome.errors.isEmpty)
        if mode[0] == "kill", outcome.status != 137, call.hasPrefix("killed") {
            wrong.append("I8 status \(outcome.status) of a killed run")
        }
        if isFailure, outcome.status != 0, outcome.errors.isEmpty {
            wrong.append("I8 status \(outcome.status) without a word")
        }
        wrong += try check.violationsAfterNext(head: head)
        if isFailure, let path = call.split(separator: " ").last, call.contains(" unlink ") {
            // What the disk does not let go may stay; git's own housekeeping gets it later.
            wrong.removeAll {
                $0.hasSuffix(" is left behind") && path.hasSuffix($0.split(separator: " ")[1])
            }
        }
        return Point(
            number: number, call: call, violations: wrong,
            failedButDone: isFailure && outcome.status != 0 && head != box.startingCommit)
    }
}
