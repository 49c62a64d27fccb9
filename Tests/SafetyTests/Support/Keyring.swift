import Foundation

/// A GnuPG home with the unprotected keys of a few people, shared by the sandboxes of one test.
///
/// Its agent runs beforehand because a kill must not include its start.
final class Keyring: Sendable {
    /// Everything of one test lies below this folder.
    ///
    /// It is short: a socket path must fit in 108 bytes.
    let folder: String
    /// Its part in shared memory, which stands for the user's runtime folder.
    let runtimeFolder: String
    let home: String
    /// The id of each person's encryption subkey, as encrypted packets name it.
    let encryptionKeys: [String: String]

    /// A keyring of these people; of strangers it holds the public halves only.
    init(_ people: [String] = ["ann", "bob"], strangers: Set<String> = []) throws {
        let name = "psf" + UUID().uuidString.prefix(6).lowercased()
        folder = "/tmp/" + name
        runtimeFolder = "/dev/shm/" + name
        home = folder + "/gpg"
        for path in [folder, runtimeFolder, home] {
            guard mkdir(path, 0o700) == 0 else { throw SafetyProblem("\(path): cannot be made") }
        }
        var ids: [String: String] = [:]
        for person in people {
            let identity = "\(person) <\(person)@example.org>"
            try Self.gpg(
                [
                    "--passphrase", "", "--quick-gen-key", identity, "future-default", "default",
                    "never",
                ], home)
            let listing = try Self.gpg(["--with-colons", "-k", person], home)
            let lines = listing.text.split(separator: "\n")
                .map { $0.split(separator: ":", omittingEmptySubsequences: false) }
            let subkey = lines.first { $0[0] == "sub" && $0[11].contains("e") }
            guard let subkey, let primary = lines.first(where: { $0[0] == "fpr" }) else {
                throw SafetyProblem("no encryption key for \(person)")
            }
            ids[person] = String(subkey[4])
            guard strangers.contains(person) else { continue }
            try Self.gpg(["--yes", "--delete-secret-keys", String(primary[9])], home)
        }
        encryptionKeys = ids
    }

    deinit { close() }

    /// Ends the agent and removes the folders; a second time it does nothing.
    ///
    /// For tests that run threads: these may hold on to the keyring for a moment longer, in which
    /// the test process may end.
    func close() {
        guard FileManager.default.fileExists(atPath: folder) else { return }
        let stop = Command(
            words: ["gpgconf", "--homedir", home, "--kill", "all"], environment: Self.variables)
        // An agent that stays behind ends by itself once its folder is gone.
        _ = try? stop.run()
        try? FileManager.default.removeItem(atPath: folder)
        try? FileManager.default.removeItem(atPath: runtimeFolder)
    }

    func encrypt(_ text: String, for people: [String]) throws -> [UInt8] {
        try Self.gpg(
            ["--trust-model", "always", "-e"] + people.flatMap { ["-r", $0] }, home, input: text
        ).output
    }

    /// Encrypts each text into its file, in one run of gpg; the texts lie below `folder` meanwhile.
    func encrypt(
        _ texts: [(text: String, file: String)], for people: [String], below folder: String
    ) throws {
        let names = texts.indices.map { "\(folder)/plain-\($0)" }
        for (name, (text, _)) in zip(names, texts) {
            try Sandbox.write(text, to: name, mode: 0o600)
        }
        try Self.gpg(
            ["--trust-model", "always"] + people.flatMap { ["-r", $0] } + ["--encrypt-files"]
                + names, home)
        for (name, (_, file)) in zip(names, texts) {
            try FileManager.default.moveItem(atPath: name + ".gpg", toPath: file)
            try FileManager.default.removeItem(atPath: name)
            chmod(file, 0o600)
        }
    }

    /// For whom a file is, as gpg lists its packets.
    func readers(_ path: String) throws -> [String] {
        let listing = try Self.gpg(["--list-only", "--list-packets", path], home)
        return listing.text.split(separator: "\n").filter { $0.hasPrefix(":pubkey enc packet:") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }.sorted()
    }

    /// Whether the detached signature beside a file is a good one.
    func vouches(for file: String) throws -> Bool {
        try Command(
            words: ["gpg", "--batch", "-q", "--homedir", home, "--verify", file + ".sig", file],
            environment: Self.variables
        ).run().status == 0
    }

    /// The plaintext of a file, or nil when gpg does not vouch for it.
    func decrypt(_ path: String) throws -> [UInt8]? {
        let outcome = try Command(
            words: ["gpg", "--batch", "-q", "--homedir", home, "-d", path],
            environment: Self.variables
        ).run()
        return outcome.status == 0 ? outcome.output : nil
    }

    private static let variables = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]

    @discardableResult private static func gpg(
        _ arguments: [String], _ home: String, input: String = ""
    ) throws -> Outcome {
        let outcome = try Command(
            words: ["gpg", "--batch", "-q", "--homedir", home] + arguments,
            environment: variables, input: Array(input.utf8)
        ).run()
        guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        return outcome
    }
}
