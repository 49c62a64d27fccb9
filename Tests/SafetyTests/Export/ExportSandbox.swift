import Foundation

/// A store of twenty entries that are exported into a file which has something else in it, too, and
/// what must be true of that at any time.
struct ExportSandbox: Sendable {
    let box: Sandbox
    private var report: String { box.folder + "/report" }
    private var place: String { box.folder + "/out" }
    private var file: String { place + "/vars.env" }
    private let before = "# mine\nX=1"

    private var words: [String] { ["export", "dotenv", "-o", file] + Sandbox.names }

    init(_ keyring: Keyring, _ name: String) throws {
        box = try Sandbox(keyring, name)
    }

    private func passel(_ arguments: [String], under wrapper: [String] = []) throws -> Outcome {
        var command = Command(
            words: wrapper + [Binaries.passel] + arguments, environment: box.environment)
        command.limit = 300
        return try command.run()
    }

    private func reset() throws {
        try box.reset()
        try? FileManager.default.removeItem(atPath: place)
        guard mkdir(place, 0o700) == 0 else { throw SafetyProblem("\(place): cannot be made") }
        try Sandbox.write(before, to: file, mode: 0o640)
    }

    private var content: String? { try? String(contentsOfFile: file, encoding: .utf8) }

    /// What the file holds once all is written.
    private var after: String {
        let lines = Sandbox.names.map { name in
            let last = name.split(separator: "/").last.map(String.init) ?? name
            return "\(last.uppercased())=\(box.marker)-of-\(name)"
        }
        return ([before] + lines).joined(separator: "\n")
    }

    /// The number of calls of an export that nothing disturbs, once it was seen to be right.
    func undisturbed() throws -> Int {
        try reset()
        let outcome = try passel(words, under: [Binaries.killer, "count", "-o", report, "--"])
        let text = (try? String(contentsOfFile: report, encoding: .utf8)) ?? ""
        guard outcome.status == 0,
            let calls = text.split(whereSeparator: \.isWhitespace).last.flatMap({ Int($0) })
        else { throw SafetyProblem("export: \(outcome.errorText) \(text)") }
        let wrong = try violations()
        guard wrong.isEmpty else { throw SafetyProblem("undisturbed: \(wrong)") }
        return calls
    }

    /// Kills an export at one call, and looks at the file then and after the next one.
    func disturb(at number: Int) throws -> Point {
        try reset()
        let killed = try passel(
            words, under: [Binaries.killer, "kill", "\(number)", "-o", report, "--"])
        let told = (try? String(contentsOfFile: report, encoding: .utf8)) ?? "no report"
        let call = String(told.prefix { $0 != "\n" })
        var wrong: [String] = []
        if call.hasPrefix("killed"), killed.status != 137 {
            wrong.append("status \(killed.status) of a killed run")
        }
        let known = try passel(["exports"])
        switch content {
        case before: break
        case after:
            if !known.text.hasPrefix("current\t\(file)\t") {
                wrong.append("it is written, and told is: \(known.text)\(known.errorText)")
            }
        default: wrong.append("it holds \(content ?? "nothing")")
        }
        wrong += leaks()
        let next = try passel(words)
        if next.status != 0 { wrong.append("the next export: \(next.errorText)") }
        wrong += try violations()
        return Point(number: number, call: call, violations: wrong)
    }

    /// What is wrong with an export that should be whole.
    private func violations() throws -> [String] {
        var wrong = leaks()
        if content != after { wrong.append("it holds \(content ?? "nothing")") }
        let names = try FileManager.default.contentsOfDirectory(atPath: place)
        if names != ["vars.env"] { wrong.append("there are \(names)") }
        var status = stat()
        if stat(file, &status) != 0 || status.st_mode & 0o777 != 0o600 {
            wrong.append("its mode is \(String(status.st_mode, radix: 8))")
        }
        let told = try passel(["exports"])
        if !told.text.hasPrefix("current\t\(file)\t") || told.status != 0 {
            wrong.append("told is: \(told.text)\(told.errorText)")
        }
        return wrong
    }

    /// Plaintext elsewhere.
    private func leaks() -> [String] {
        let scan = PlaintextScan(box.marker)
        return [box.home, box.temporaryFolder, box.runtimeFolder, box.store]
            .flatMap(scan.find(below:)).map { "in clear: \($0)" }
    }
}
