import Foundation

/// The GnuPG homes of people who each have a key of their own and know all the others, and one home
/// in which all of them can read.
final class ModelPeople: Sendable {
    /// Those who work with the store; dave only comes and goes as a reader.
    static let workers = ["ann", "bob", "carol"]
    static let all = workers + ["dave"]

    let folder: String
    /// In memory: nothing has to reach a disk for a kill.
    let runtimeFolder: String
    let fingerprints: [String: String]
    /// The id of each person's encryption subkey, as packets name it.
    let keyIDs: [String: String]

    init() throws {
        let name = "psm" + UUID().uuidString.prefix(6).lowercased()
        folder = "/tmp/" + name
        runtimeFolder = "/dev/shm/" + name
        for path in [folder, runtimeFolder, folder + "/all"] {
            guard mkdir(path, 0o700) == 0 else { throw SafetyProblem("\(path): cannot be made") }
        }
        var (fingerprints, keyIDs): ([String: String], [String: String]) = ([:], [:])
        for person in Self.all {
            try Self.gpg(
                folder + "/all",
                [
                    "--passphrase", "", "--quick-gen-key", "\(person) <\(person)@example.org>",
                    "future-default", "default", "never",
                ])
            let lines = try Self.gpg(folder + "/all", ["--with-colons", "-k", person]).text
                .split(separator: "\n")
                .map { $0.split(separator: ":", omittingEmptySubsequences: false) }
            let subkey = lines.first { $0[0] == "sub" && $0[11].contains("e") }
            guard let subkey, let primary = lines.first(where: { $0[0] == "fpr" }) else {
                throw SafetyProblem("no encryption key for \(person)")
            }
            fingerprints[person] = String(primary[9])
            keyIDs[person] = String(subkey[4])
        }
        self.fingerprints = fingerprints
        self.keyIDs = keyIDs
        let keys = try Self.gpg(folder + "/all", ["--export"]).output
        let trust = fingerprints.values.map { "\($0):6:\n" }.joined()
        for person in Self.workers {
            guard mkdir(home(person), 0o700) == 0 else {
                throw SafetyProblem("no home for \(person)")
            }
            let secret = try Self.gpg(
                folder + "/all", ["--export-secret-keys", fingerprints[person] ?? ""])
            try Self.gpg(home(person), ["--import"], input: keys + secret.output)
            try Self.gpg(home(person), ["--import-ownertrust"], input: Array(trust.utf8))
            try Self.gpg(home(person), ["--check-trustdb"])
        }
    }

    deinit { close() }

    func home(_ person: String) -> String { "\(folder)/\(person)" }

    /// Whether everything is left as it is in the end, to be looked at.
    let isKept = ProcessInfo.processInfo.environment["PASSEL_KEEP"] == "1"

    /// Ends the agents and removes the folders; a second time it does nothing.
    func close() {
        guard !isKept, FileManager.default.fileExists(atPath: folder) else { return }
        for name in Self.workers + ["all"] {
            // An agent that stays behind ends by itself once its folder is gone.
            _ = try? Command(
                words: ["gpgconf", "--homedir", home(name), "--kill", "all"],
                environment: Self.variables
            ).run()
        }
        try? FileManager.default.removeItem(atPath: folder)
        try? FileManager.default.removeItem(atPath: runtimeFolder)
    }

    /// Decrypts messages in one run of gpg; nothing for one that nobody can read.
    func decrypt(_ messages: [[UInt8]]) throws -> [[UInt8]?] {
        let place = "\(runtimeFolder)/d-\(UUID().uuidString.prefix(8))"
        guard mkdir(place, 0o700) == 0 else { throw SafetyProblem("\(place): cannot be made") }
        defer { try? FileManager.default.removeItem(atPath: place) }
        let files = messages.indices.map { "\(place)/\($0)" }
        for (file, message) in zip(files, messages) {
            try Data(message).write(to: URL(fileURLWithPath: file + ".gpg"))
        }
        _ = try Command(
            words: ["gpg", "--batch", "-q", "--homedir", folder + "/all", "--decrypt-files"]
                + files.map { $0 + ".gpg" }, environment: Self.variables
        ).run()
        return files.map { FileManager.default.contents(atPath: $0).map { [UInt8]($0) } }
    }

    /// The key ids that gpg lists for messages, in one run for each.
    func listedReaders(_ message: [UInt8]) throws -> Set<String> {
        let outcome = try Command(
            words: [
                "gpg", "--batch", "-q", "--homedir", folder + "/all", "--list-only",
                "--list-packets",
            ], environment: Self.variables, input: message
        ).run()
        return Set(
            outcome.text.split(separator: "\n").filter { $0.hasPrefix(":pubkey enc packet:") }
                .compactMap { $0.split(separator: " ").last.map(String.init) })
    }

    private static let variables = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]

    @discardableResult private static func gpg(
        _ home: String, _ arguments: [String], input: [UInt8] = []
    ) throws -> Outcome {
        let outcome = try Command(
            words: ["gpg", "--batch", "-q", "--homedir", home] + arguments,
            environment: variables, input: input
        ).run()
        guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        return outcome
    }
}
