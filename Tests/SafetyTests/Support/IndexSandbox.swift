import Foundation

/// A store of twenty entries whose index is built, and what must be true of it at any time.
struct IndexSandbox: Sendable {
    let box: Sandbox
    /// Every entry's session key, in digits.
    private let sessionKeys: [String]
    private var report: String { box.folder + "/report" }

    init(_ keyring: Keyring, _ name: String) throws {
        let box = try Sandbox(keyring, name, hasRepository: false)
        try box.reset()
        self.box = box
        sessionKeys = try Sandbox.names.map { name in
            let outcome = try Command(
                words: [
                    "gpg", "--batch", "--quiet", "--status-fd", "1", "--show-session-key", "-o",
                    "/dev/null", "-d", "\(box.store)/\(name).gpg",
                ], environment: box.environment
            ).run()
            let line = outcome.text.split(separator: "\n").first { $0.contains("SESSION_KEY") }
            guard let digits = line?.split(separator: ":").last else {
                throw SafetyProblem("no session key: \(outcome.errorText)")
            }
            return String(digits)
        }
    }

    func passel(_ arguments: [String], under wrapper: [String] = []) throws -> Outcome {
        var command = Command(
            words: wrapper + [Binaries.passel] + arguments, environment: box.environment)
        command.limit = 300
        return try command.run()
    }

    /// The number of calls of a build that nothing disturbs, once it was seen to be right.
    func undisturbed() throws -> Int {
        try box.reset()
        let outcome = try passel(
            ["index", "build"], under: [Binaries.killer, "count", "-o", report, "--"])
        let text = (try? String(contentsOfFile: report, encoding: .utf8)) ?? ""
        guard outcome.status == 0,
            let calls = text.split(whereSeparator: \.isWhitespace).last.flatMap({ Int($0) })
        else { throw SafetyProblem("index build: \(outcome.errorText) \(text)") }
        let wrong = try violations()
        guard wrong.isEmpty else { throw SafetyProblem("undisturbed: \(wrong)") }
        return calls
    }

    /// Kills a build at one call, and looks at the index then and after the next one.
    func disturb(at number: Int) throws -> Point {
        try box.reset()
        let killed = try passel(
            ["index", "build"], under: [Binaries.killer, "kill", "\(number)", "-o", report, "--"])
        let told = (try? String(contentsOfFile: report, encoding: .utf8)) ?? "no report"
        let call = String(told.prefix { $0 != "\n" })
        var wrong: [String] = []
        if call.hasPrefix("killed"), killed.status != 137 {
            wrong.append("status \(killed.status) of a killed run")
        }
        // Every other time the next command is one that only wants to know.
        if number % 2 == 0 { wrong += try lies() }
        let next = try passel(["index", "build"])
        if next.status != 0 { wrong.append("the next build: \(next.errorText)") }
        wrong += try violations()
        return Point(number: number, call: call, violations: wrong)
    }

    /// What is wrong with an index that should be whole.
    func violations() throws -> [String] {
        var wrong = try lies() + leaks()
        let status = try passel(["index", "status", "--json"]).text
        for fact in ["\"state\": \"full\"", "\"known\": 20", "\"session_keys\": 20"]
        where !status.contains(fact) {
            wrong.append("not \(fact): \(status)")
        }
        return wrong
    }

    /// What is told of entries and is not so.
    private func lies() throws -> [String] {
        var wrong: [String] = []
        for name in [Sandbox.names[0], Sandbox.names[19]] {
            let found = try passel(["find", "--field", "url=https://\(name).example"])
            if found.status != 0 || found.text != name + "\n" {
                wrong.append("\(name) is found as \(found.text) \(found.errorText)")
            }
        }
        let all = try passel(["find", "--field", "user=\(box.marker)"])
        if all.text.split(separator: "\n").map(String.init) != Sandbox.names.sorted() {
            wrong.append("found are \(all.text)")
        }
        return wrong
    }

    /// Plaintext and session keys in clear.
    func leaks() -> [String] {
        let folders = [box.home, box.temporaryFolder, box.runtimeFolder, box.store]
        return ([box.marker] + sessionKeys).flatMap { secret in
            let scans =
                [PlaintextScan(secret)]
                + (secret == box.marker ? [] : [PlaintextScan(bytes(secret))])
            return scans.flatMap { scan in folders.flatMap(scan.find(below:)) }
        }.map { "in clear: \($0)" }
    }

    /// The bytes that hexadecimal digits spell.
    private func bytes(_ digits: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = digits[...]
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
