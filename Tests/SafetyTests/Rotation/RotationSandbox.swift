import Foundation

/// A token that lives in five places, and what must hold of it after a step of its rotation was
/// killed and gone on with.
///
/// Three of the places are files, two are on the shelf of another program, which may have done what
/// it was told when its reply is lost.
struct RotationSandbox: Sendable {
    enum Act: String, CaseIterable, CustomStringConvertible {
        case rotate, emergency, end, abort
        var description: String { rawValue }
    }

    private static let entry = "ci/token"
    private let box: Sandbox
    private let old: String
    private let new: String
    private var report: String { box.folder + "/report" }
    private var places: String { box.folder + "/places" }
    private var state: String { box.home + "/.local" }
    /// What each act begins with: the store, the places, and what passel remembers.
    private func start(_ act: Act) -> String { "\(box.folder)/start-\(act)" }

    init(_ keyring: Keyring, _ name: String) throws {
        box = try Sandbox(keyring, name)
        old = "\(box.marker)-old-value-1a2b"
        new = "\(box.marker)-new-value-3c4d"
        try box.reset()
        guard mkdir(places, 0o700) == 0 else { throw SafetyProblem("\(places): cannot be made") }
        let shelf = box.folder + "/bin/passel-backend-shelf"
        try Sandbox.write(Self.shelf, to: shelf, mode: 0o700)
        try must(run(["backend", "add", "shelf", "shelf", "folder=\(places)"]))
        try must(run(["token", "add", Self.entry, "--kind", "own"], input: old + "\n"))
        for place in [
            "file:\(places)/a", "shelf:b", "file:\(places)/c", "shelf:d", "file:\(places)/e",
        ] {
            try must(run(["location", "add", Self.entry, place]))
        }
        try must(run(["push", "--yes", Self.entry]))
        try save(as: [.rotate, .emergency])
        try must(run(["rotate", Self.entry, "--yes"], input: new + "\n"))
        try save(as: [.end, .abort])
    }

    private func save(as acts: [Act]) throws {
        for act in acts {
            try copy([box.store, places, state], to: start(act))
        }
    }

    private func copy(_ sources: [String], to folder: String) throws {
        guard mkdir(folder, 0o700) == 0 else { throw SafetyProblem("\(folder): cannot be made") }
        for source in sources {
            try must(
                Command(
                    words: ["cp", "-a", source, folder], environment: ["PATH": "/usr/bin:/bin"]
                ).run())
        }
    }

    private func reset(_ act: Act) throws {
        try box.reset()
        for (path, folder) in [
            (box.store, box.folder), (places, box.folder), (state, box.home),
        ] {
            try? FileManager.default.removeItem(atPath: path)
            let name = path.split(separator: "/").last.map(String.init) ?? path
            try must(
                Command(
                    words: ["cp", "-a", "\(start(act))/\(name)", folder],
                    environment: ["PATH": "/usr/bin:/bin"]
                ).run())
        }
    }

    // MARK: Running

    private func words(_ act: Act) -> [String] {
        let rotate = ["rotate", Self.entry]
        return switch act {
        case .rotate: rotate + ["--yes"]
        case .emergency: rotate + ["--emergency", "--yes"]
        case .end: rotate + ["--resume", "--now", "--yes"]
        case .abort: rotate + ["--abort"]
        }
    }

    private func run(
        _ arguments: [String], under wrapper: [String] = [], input: String = ""
    ) throws -> Outcome {
        var variables = box.environment
        variables["PATH"] = box.folder + "/bin:" + (variables["PATH"] ?? "")
        var command = Command(
            words: wrapper + [Binaries.passel] + arguments, environment: variables,
            input: Array(input.utf8))
        command.limit = 60
        return try command.run()
    }

    private func must(_ outcome: Outcome) throws {
        guard outcome.status == 0 else { throw SafetyProblem(outcome.text + outcome.errorText) }
    }

    /// The number of calls of an act that nothing disturbs, once it was seen to be right.
    func undisturbed(_ act: Act) throws -> Int {
        try reset(act)
        let outcome = try run(
            words(act), under: [Binaries.killer, "count", "-o", report, "--"], input: new + "\n")
        let text = (try? String(contentsOfFile: report, encoding: .utf8)) ?? ""
        guard outcome.status == 0,
            let calls = text.split(whereSeparator: \.isWhitespace).last.flatMap({ Int($0) })
        else { throw SafetyProblem("\(act): \(outcome.text) \(outcome.errorText) \(text)") }
        let wrong = try violations(act)
        guard wrong.isEmpty else { throw SafetyProblem("undisturbed \(act): \(wrong)") }
        return calls
    }

    /// Kills an act at one call, and goes on with it once.
    func kill(_ act: Act, at number: Int) throws -> Point {
        try reset(act)
        let killer = [Binaries.killer, "kill", "\(number)", "-o", report, "--"]
        _ = try run(words(act), under: killer, input: new + "\n")
        let told = (try? String(contentsOfFile: report, encoding: .utf8)) ?? "no report"
        let call = String(told.prefix { $0 != "\n" })
        var wrong = try lost().map { "at once: \($0)" }
        if let next = try goOn(act), next.status != 0 {
            wrong.append("going on: \(next.status) \(next.text) \(next.errorText)")
        }
        wrong += try violations(act)
        return Point(number: number, call: call, violations: wrong)
    }

    /// What a person types next, who was told nothing.
    private func goOn(_ act: Act) throws -> Outcome? {
        let again =
            act == .abort
            ? words(act)
            : ["rotate", Self.entry, "--resume", "--yes"] + (act == .end ? ["--now"] : [])
        let outcome = try run(again, input: new + "\n")
        guard outcome.errorText.contains("no rotation of") else { return outcome }
        // It had come to its end, or not begun.
        let isRotation = act == .rotate || act == .emergency
        let isBegun = try !isRotation || secret(Self.entry) == new
        return isBegun ? nil : try run(words(act), input: new + "\n")
    }

    // MARK: What must hold

    /// What is not there of what must be at any time, whether or not anybody goes on.
    private func lost() throws -> [String] {
        var wrong: [String] = []
        let held = Set(try [Self.entry, Self.entry + ".next", Self.entry + ".prev"].map(secret))
        for (place, value) in try values() {
            if value != old, value != new { wrong.append("\(place) has \(value ?? "nothing")") }
            if let value, !held.contains(value) { wrong.append("only \(place) has its value") }
        }
        let own = try secret(Self.entry)
        if own != old, own != new { wrong.append("the entry has \(own ?? "nothing")") }
        return wrong + leaks()
    }

    private func violations(_ act: Act) throws -> [String] {
        var wrong = try lost()
        let wanted = act == .abort ? old : new
        if try secret(Self.entry) != wanted {
            wrong.append("the entry has not what it should have")
        }
        for (place, value) in try values() where value != wanted {
            wrong.append("\(place) has \(value ?? "nothing")")
        }
        if try secret(Self.entry + ".next") != nil { wrong.append("the new one is kept beside") }
        let kept = try secret(Self.entry + ".prev")
        if kept != (act == .rotate ? old : nil) {
            wrong.append("of the old one is kept: \(kept ?? "nothing")")
        }
        for check in [["log", "--verify"], ["fsck"]] {
            let outcome = try run(check)
            if outcome.status != 0 { wrong.append("\(check): \(outcome.text)\(outcome.errorText)") }
        }
        // One secret was made, and it came into the entry once.
        let log = try run(["log", "--security"]).text.split(separator: "\n")
        for event in ["begun", "replaced"]
        where log.count(where: { $0.contains("\t\(event)\t") }) != 1 {
            wrong.append("the log has \(event) several times or never: \(log)")
        }
        return wrong
    }

    private func secret(_ entry: String) throws -> String? {
        let outcome = try run(["show", entry])
        return outcome.status == 0
            ? outcome.text.split(separator: "\n", omittingEmptySubsequences: false).first
                .map(String.init) : nil
    }

    private func values() throws -> [(place: String, value: String?)] {
        ["a", "b", "c", "d", "e"].map { place in
            (place, try? String(contentsOfFile: "\(places)/\(place)", encoding: .utf8))
        }
    }

    /// Plaintext where none belongs.
    private func leaks() -> [String] {
        let scan = PlaintextScan(box.marker)
        return [box.home, box.temporaryFolder, box.runtimeFolder, box.store]
            .flatMap(scan.find(below:)).map { "in clear: \($0)" }
    }

    private static let shelf = """
        #!/usr/bin/env python3
        import base64, hashlib, json, os, sys

        def version(value):
            return hashlib.sha256(value).hexdigest() if value is not None else None

        for line in sys.stdin:
            request = json.loads(line)
            answer = {"id": request["id"]}
            if request["do"] == "open":
                folder = request["settings"]["folder"]
                answer.update(protocol=1, can=["read", "compare"])
            else:
                path = os.path.join(folder, request["place"])
                there = open(path, "rb").read() if os.path.exists(path) else None
                if request["do"] == "read":
                    if there is None:
                        answer.update(present=False, version=None)
                    else:
                        answer.update(
                            value=base64.b64encode(there).decode(), version=version(there))
                elif request["do"] == "write":
                    if "expected" in request and request["expected"] != version(there):
                        answer.update(error={"class": "conflict", "message": ""})
                    else:
                        value = base64.b64decode(request["value"])
                        with open(path + ".new", "wb") as file:
                            file.write(value)
                        os.rename(path + ".new", path)
                        answer.update(version=version(value))
            print(json.dumps(answer), flush=True)

        """
}
