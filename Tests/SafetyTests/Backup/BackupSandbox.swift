import Foundation

/// A store of twenty entries, a folder for its backups and one for what is restored of them.
struct BackupSandbox: Sendable {
    enum Act: String, CaseIterable, CustomStringConvertible {
        case create, restore
        var description: String { rawValue }
    }

    let box: Sandbox
    private var report: String { box.folder + "/report" }
    private var place: String { box.folder + "/out" }
    private var file: String { place + "/one.tar" }
    private var restored: String { place + "/again" }
    /// A backup that nothing disturbed.
    private var good: String { box.folder + "/good.tar" }

    init(_ keyring: Keyring, _ name: String) throws {
        box = try Sandbox(keyring, name)
        try box.reset()
        let made = try passel(["backup", "create", "-o", good])
        guard made.status == 0 else { throw SafetyProblem("backup: \(made.errorText)") }
    }

    private func words(_ act: Act) -> [String] {
        switch act {
        case .create: ["backup", "create", "-o", file]
        case .restore: ["backup", "restore", good, "--into", restored]
        }
    }

    private func passel(_ arguments: [String], under wrapper: [String] = []) throws -> Outcome {
        var command = Command(
            words: wrapper + [Binaries.passel] + arguments, environment: box.environment)
        command.limit = 60
        return try command.run()
    }

    private func reset() throws {
        try box.reset()
        try? FileManager.default.removeItem(atPath: place)
        guard mkdir(place, 0o700) == 0 else { throw SafetyProblem("\(place): cannot be made") }
    }

    /// The number of calls of a command that nothing disturbs, once it was seen to be right.
    func undisturbed(_ act: Act) throws -> Int {
        try reset()
        let outcome = try passel(words(act), under: [Binaries.killer, "count", "-o", report, "--"])
        let text = (try? String(contentsOfFile: report, encoding: .utf8)) ?? ""
        guard outcome.status == 0,
            let calls = text.split(whereSeparator: \.isWhitespace).last.flatMap({ Int($0) })
        else { throw SafetyProblem("\(act): \(outcome.errorText) \(text)") }
        let wrong = try violations(act, isDone: true)
        guard wrong.isEmpty else { throw SafetyProblem("undisturbed: \(wrong)") }
        return calls
    }

    /// Disturbs a command at one call, and looks at what there is then and after the next one.
    func disturb(_ act: Act, _ mode: [String], at number: Int) throws -> Point {
        try reset()
        let killer =
            [Binaries.killer, mode[0], "\(number)"] + mode.dropFirst() + ["-o", report, "--"]
        let ended = try passel(words(act), under: killer)
        let told = (try? String(contentsOfFile: report, encoding: .utf8)) ?? "no report"
        let call = String(told.prefix { $0 != "\n" })
        var wrong: [String] = []
        if mode[0] == "kill", call.hasPrefix("killed"), ended.status != 137 {
            wrong.append("status \(ended.status) of a killed run")
        }
        if mode[0] == "fail", ended.status != 0, ended.errors.isEmpty {
            wrong.append("status \(ended.status) without a word")
        }
        let result = act == .create ? file : restored
        let isThere = FileManager.default.fileExists(atPath: result)
        if isThere { wrong += try violations(act, isDone: true) }
        if mode[0] == "fail", ended.status == 0, !isThere {
            wrong.append("done, and nothing there")
        }
        // A name that was given is whole; the folder it was made in may wait for the next run.
        if isThere { try FileManager.default.removeItem(atPath: result) }
        let next = try passel(words(act))
        if next.status != 0 { wrong.append("the next one: \(next.errorText)") }
        wrong += try violations(act, isDone: true)
        return Point(number: number, call: call, violations: wrong)
    }

    /// What is wrong with the outcome of a command.
    private func violations(_ act: Act, isDone: Bool) throws -> [String] {
        var wrong: [String] = []
        let names = try FileManager.default.contentsOfDirectory(atPath: place)
            .filter { !$0.hasPrefix(".passel-backup-") }
        switch act {
        case .create:
            if names != ["one.tar"] { wrong.append("there are \(names)") }
            let check = try passel(["backup", "verify", file, "--decrypt", "1"])
            if check.status != 0 { wrong.append("it is not whole: \(check.errorText)") }
        case .restore:
            if names != ["again"] { wrong.append("there are \(names)") }
            let same = try Command(
                words: ["diff", "-r", "-x", ".git", box.store, restored],
                environment: box.environment
            ).run()
            if same.status != 0 { wrong.append("it is not the same: \(same.text)") }
            let git = Git(folder: restored, home: box.home)
            if try git.head() != box.startingCommit { wrong.append("it is at \(try git.head())") }
        }
        return wrong
    }
}
