import Foundation

/// A store of twenty entries made with plain gpg and git, and a fresh copy of it for every run.
///
/// Every plaintext, old or new, holds the sandbox's marker, so that plaintext found anywhere can be
/// told from that of other sandboxes.
struct Sandbox: Sendable {
    let keyring: Keyring
    let folder: String
    let runtimeFolder: String
    let marker: String
    let template: StoreFiles
    /// The commit that every copy starts from.
    let startingCommit: String
    let hasRepository: Bool

    /// The copy in use; a test may put it on a file system of its own.
    var store: String
    var home: String { folder + "/home" }
    var temporaryFolder: String { folder + "/tmp" }
    private var templateFolder: String { folder + "/template" }

    static let names: [String] =
        ["web/site", "web/other", "web/deep/down", "team/shared"] + (1...16).map { "e\($0)" }

    init(_ keyring: Keyring, _ name: String, hasRepository: Bool = true) throws {
        self.keyring = keyring
        self.hasRepository = hasRepository
        folder = "\(keyring.folder)/\(name)"
        store = folder + "/store"
        runtimeFolder = "\(keyring.runtimeFolder)/\(name)"
        marker = Self.randomText(20)
        for path in [folder, runtimeFolder, folder + "/home", folder + "/tmp", folder + "/bin"] {
            guard mkdir(path, 0o700) == 0 else { throw SafetyProblem("\(path): cannot be made") }
        }
        let start = folder + "/template"
        try Self.write(
            "[user]\n\tname = Ann\n\temail = ann@example.org\n[init]\n\tdefaultBranch = main\n",
            to: folder + "/home/.gitconfig", mode: 0o600)
        for part in ["", "/web", "/web/deep", "/team"] { mkdir(start + part, 0o700) }
        try Self.write("ann@example.org\n", to: start + "/.gpg-id", mode: 0o600)
        try Self.write("*.gpg diff=gpg\n", to: start + "/.gitattributes", mode: 0o600)
        for name in Self.names {
            let sealed = try keyring.encrypt(Self.value(of: name, marker), for: ["ann"])
            try Self.write(sealed, to: "\(start)/\(name).gpg", mode: 0o600)
        }
        startingCommit = hasRepository ? try Self.makeRepository(start, folder + "/home") : ""
        template = try StoreFiles(start)
    }

    /// As `pass git init` makes it, in one commit.
    private static func makeRepository(_ folder: String, _ home: String) throws -> String {
        let git = Git(folder: folder, home: home)
        for step in [
            ["init", "-q"], ["config", "diff.gpg.binary", "true"],
            ["config", "diff.gpg.textconv", "gpg -d"], ["add", "-A"],
            ["commit", "-q", "-m", "Start."],
        ] {
            let outcome = try git.run(step)
            guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        }
        return try git.head()
    }

    /// What an entry of the template holds.
    func value(of name: String) -> String { Self.value(of: name, marker) }

    private static func value(of name: String, _ marker: String) -> String {
        "\(marker)-of-\(name)\nuser: \(marker)@example.org\nurl: https://\(name).example\n"
    }

    /// Puts a fresh copy of the template in place.
    func reset() throws {
        try? FileManager.default.removeItem(atPath: store)
        // What was acknowledged of the store before: it is seen for the first time again.
        try? FileManager.default.removeItem(atPath: home + "/.local")
        for folder in [temporaryFolder, runtimeFolder] {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
        }
        let copy = try Command(
            words: ["cp", "-a", templateFolder, store],
            environment: ["PATH": "/usr/bin:/bin"]
        ).run()
        guard copy.status == 0 else { throw SafetyProblem(copy.errorText) }
    }

    var environment: [String: String] {
        [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": home, "TMPDIR": temporaryFolder, "XDG_RUNTIME_DIR": runtimeFolder,
            "GNUPGHOME": keyring.home, "PASSWORD_STORE_DIR": store,
            "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "xterm",
            "EDITOR": folder + "/bin/editor",
        ]
    }

    var git: Git { Git(folder: store, home: home) }

    /// Makes `$EDITOR` a program that replaces what it is given by this text.
    func installEditor(writing text: String) throws {
        try Self.write(text, to: folder + "/bin/text", mode: 0o600)
        let script = "#!/bin/sh\nexec cat '\(folder)/bin/text' > \"$1\"\n"
        try Self.write(script, to: folder + "/bin/editor", mode: 0o700)
    }

    static func randomText(_ length: Int) -> String {
        let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")
        return String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count)] })
    }

    static func write(_ text: String, to path: String, mode: mode_t) throws {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
        guard mode & 0o111 == 0 else {
            // Another process writes a program: a descriptor of ours that a child of another thread
            // inherits for a moment would make the kernel refuse to run it.
            let install = try Command(
                words: ["install", "-m", String(mode, radix: 8), "/dev/stdin", path],
                environment: ["PATH": "/usr/bin:/bin"], input: bytes
            ).run()
            guard install.status == 0 else { throw SafetyProblem(install.errorText) }
            return
        }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        chmod(path, mode)
    }
}

/// The git command in one repository, without the system's or this machine's configuration.
struct Git: Sendable {
    let folder: String
    let home: String

    @discardableResult func run(_ arguments: [String], input: String = "") throws -> Outcome {
        try Command(
            words: ["git", "-C", folder] + arguments,
            environment: [
                "PATH": "/usr/bin:/bin", "HOME": home, "GIT_CONFIG_NOSYSTEM": "1",
                "LC_ALL": "C.UTF-8", "GIT_OPTIONAL_LOCKS": "0",
            ], input: Array(input.utf8)
        ).run()
    }

    func head() throws -> String {
        try run(["rev-parse", "HEAD"]).text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Each commit after `start`, oldest first: its subject and the files it touches.
    func commits(after start: String) throws -> [(subject: String, files: Set<String>)] {
        let log = try run(["log", "--reverse", "--format=%x01%s", "--name-only", "\(start)..HEAD"])
        guard log.status == 0 else { throw SafetyProblem(log.errorText) }
        return log.text.split(separator: "\u{1}").map { commit in
            let lines = commit.split(separator: "\n").map(String.init)
            return (lines.first ?? "", Set(lines.dropFirst()))
        }
    }
}
