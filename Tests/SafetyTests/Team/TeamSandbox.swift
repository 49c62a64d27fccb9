import Foundation

/// A store of two hundred entries and what this machine remembers of it, with a fresh copy of both
/// for every run.
///
/// Ann works here; bob is in the store with her, carol comes and goes. All of it lies in shared
/// memory: nothing has to reach a disk for a kill.
final class TeamSandbox: Sendable {
    let keyring: Keyring
    private let folder: String

    static let names: [String] = (0..<200).map { "e\($0 / 20)/site\($0)" }

    var store: String { folder + "/store" }
    var home: String { folder + "/home" }
    /// The folder of this machine's state; here, of one store only.
    var state: String { folder + "/state" }
    var temporaryFolder: String { folder + "/tmp" }
    /// A folder before all others on PATH.
    var programs: String { folder + "/bin" }
    var report: String { folder + "/report" }
    var git: Git { Git(folder: store, home: home) }

    static func keyring() throws -> Keyring {
        try Keyring(["ann", "bob", "carol"], strangers: ["bob", "carol"])
    }

    /// A store without a roster, for ann and bob, that this machine has not seen before.
    init(_ keyring: Keyring, _ name: String) throws {
        self.keyring = keyring
        folder = "\(keyring.runtimeFolder)/\(name)"
        for path in ["", "/home", "/tmp", "/bin", "/state", "/store"] {
            guard mkdir(folder + path, 0o700) == 0 else {
                throw SafetyProblem("\(folder + path): cannot be made")
            }
        }
        try Sandbox.write(
            "[user]\n\tname = Ann\n\temail = ann@example.org\n[init]\n\tdefaultBranch = main\n",
            to: home + "/.gitconfig", mode: 0o600)
        try Sandbox.write("ann@example.org\nbob@example.org\n", to: store + "/.gpg-id", mode: 0o600)
        for folder in Set(Self.names.map { $0.prefix { $0 != "/" } }) {
            mkdir("\(store)/\(folder)", 0o700)
        }
        try keyring.encrypt(
            Self.names.map { (Self.value(of: $0), "\(store)/\($0).gpg") }, for: ["ann", "bob"],
            below: temporaryFolder)
        for step in [["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Start."]] {
            let outcome = try git.run(step)
            guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        }
    }

    static func value(of name: String) -> String { "secret of \(name)\nuser: ann\n" }

    /// Keeps store and state as they are now, as what every copy starts from.
    func save() throws {
        try copy("store", to: "template-store")
        try copy("state", to: "template-state")
    }

    /// Keeps only the state as it is now.
    func saveState() throws { try copy("state", to: "template-state") }

    /// Puts a fresh copy of what was saved in place; temporary files stay.
    func reset() throws {
        try copy("template-store", to: "store")
        try copy("template-state", to: "state")
    }

    private func copy(_ name: String, to copy: String) throws {
        for words in [["rm", "-rf"], ["cp", "-a", "\(folder)/\(name)"]] {
            let outcome = try Command(
                words: words + ["\(folder)/\(copy)"], environment: ["PATH": "/usr/bin:/bin"]
            ).run()
            guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        }
    }

    /// Runs passel, perhaps under another program such as the killer.
    func passel(
        _ arguments: [String], input: String = "", under wrapper: [String] = [],
        limit: Double = 300
    ) throws -> Outcome {
        var command = Command(
            words: wrapper + [Binaries.passel] + arguments,
            environment: [
                "PATH": "\(programs):/usr/local/bin:/usr/bin:/bin", "HOME": home,
                "TMPDIR": temporaryFolder, "XDG_STATE_HOME": state, "GNUPGHOME": keyring.home,
                "PASSWORD_STORE_DIR": store, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
                "TZ": "UTC", "TERM": "dumb",
            ], input: Array(input.utf8))
        command.limit = limit
        return try command.run()
    }

    /// Runs passel under the killer in this mode; the second result is the killer's first line.
    func passel(_ arguments: [String], killer mode: [String]) throws -> (Outcome, String) {
        let outcome = try passel(
            arguments, under: [Binaries.killer] + mode + ["-o", report, "--"])
        return (outcome, String(try reported().prefix { $0 != "\n" }))
    }

    /// Puts a program in gpg's place that writes a byte into a new file for each decryption.
    func countDecryptions() throws -> String {
        let log = folder + "/decryptions"
        try Sandbox.write("", to: log, mode: 0o600)
        try install(
            """
            #!/bin/sh
            case " $* " in *' -d '*) printf . >>'\(log)' ;; esac
            exec /usr/bin/gpg "$@"
            """, as: "gpg2")
        return log
    }

    private func install(_ script: String, as name: String) throws {
        try Sandbox.write(script, to: "\(programs)/\(name)", mode: 0o700)
    }

    /// What the killer reported last.
    func reported() throws -> String { try String(contentsOfFile: report, encoding: .utf8) }
}
