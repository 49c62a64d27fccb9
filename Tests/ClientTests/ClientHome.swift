import Foundation
import PasselTesting

/// A home with a key, a store in git and a program called `pass`, in which a client of pass runs.
///
/// `pass` is the built binary; with `PASSEL_CLIENTS_USE=pass` in the environment it is the system's
/// pass, which tells whether a failing test is the client's fault or ours.
final class ClientHome {
    static let subject: Sandbox.Subject =
        ProcessInfo.processInfo.environment["PASSEL_CLIENTS_USE"] == "pass" ? .pass : .passel
    /// Where `Tests/Support/install-clients` puts the clients that come from PyPI.
    private static let clients = Source.root + "/.build-clients"

    let sandbox: Sandbox

    init(_ subject: Sandbox.Subject = ClientHome.subject, initialised: Bool = true) throws {
        sandbox = try Sandbox(subject)
        sandbox.set("GIT_TERMINAL_PROMPT", "0")
        try sandbox.makeKey("bob")
        try sandbox.makeKey("ann")
        guard initialised else { return }
        try check("pass", "init", "ann@example.org")
        try check("pass", "git", "init")
    }

    /// Fails, with what to do about it, when a client is not on this machine.
    static func require(_ program: String) throws {
        let folders = program.hasPrefix("/") ? [""] : ["/usr/bin/", clients + "/bin/"]
        guard folders.contains(where: { access($0 + program, R_OK) == 0 }) else {
            throw TestingProblem("\(program) is missing; `make test` installs all clients")
        }
    }

    // MARK: Running

    @discardableResult
    func run(
        _ program: String, _ arguments: String..., input: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Outcome {
        try run(program, arguments, input: input, environment: environment)
    }

    /// Runs a program that must succeed, and gives its standard output.
    @discardableResult
    func check(_ program: String, _ arguments: String...) throws -> String {
        try run(program, arguments).demand().stdout.text
    }

    /// Runs a program that was installed from PyPI.
    func client(
        _ program: String, _ arguments: String..., environment: [String: String] = [:]
    ) throws -> Outcome {
        try ClientHome.require(program)
        return try run(
            ClientHome.clients + "/bin/" + program, arguments, environment: environment)
    }

    /// Runs a Python script that may import what was installed from PyPI.
    func python(
        _ script: String, _ arguments: String..., environment: [String: String] = [:]
    ) throws -> Outcome {
        try ClientHome.require("python")
        return try run(
            ClientHome.clients + "/bin/python", ["-c", script] + arguments,
            environment: environment)
    }

    private func run(
        _ program: String, _ arguments: [String], input: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Outcome {
        let usual = sandbox.environment
        defer { sandbox.environment = usual }
        for (name, value) in environment { sandbox.set(name, value) }
        return try sandbox.run(
            program, arguments, input: input.map { .bytes(Bytes($0.utf8)) } ?? .nothing)
    }

    /// Makes `python3` and the other programs of the PyPI clients the ones that are found.
    func preferClients() throws {
        try ClientHome.require("python")
        let path = sandbox.environment["PATH"]?.text ?? ""
        sandbox.set("PATH", "\(sandbox.bin):\(ClientHome.clients)/bin:\(path)")
    }

    // MARK: The store

    func insert(_ name: String, _ text: String) throws {
        try run("pass", "insert", "-m", name, input: text).demand()
    }

    /// What an entry holds, read by gpg alone.
    func show(_ name: String) throws -> String {
        guard let plaintext = Plaintext.of(try ciphertext(name)) else {
            throw TestingProblem("nobody can read \(name)")
        }
        return plaintext.text
    }

    /// The key ids that an entry is encrypted for; some clients write armored files.
    func readers(_ name: String) throws -> [String] {
        let bytes = try ciphertext(name)
        guard bytes.text.hasPrefix("-----BEGIN") else { return PacketReader(bytes).readers }
        return PacketReader(try Invocation.tool("gpg", ["--dearmor"], input: bytes).stdout).readers
    }

    private func ciphertext(_ name: String) throws -> Bytes {
        guard let bytes = Disk.read(sandbox.store + "/\(name).gpg") else {
            throw TestingProblem("there is no entry \(name)")
        }
        return bytes
    }

    /// What git finds uncommitted.
    func status() throws -> String {
        try check("git", "-C", sandbox.store, "status", "--porcelain")
    }

    /// The newest subjects, newest first.
    func subjects(_ count: Int) throws -> [String] {
        let log = try check("git", "-C", sandbox.store, "log", "--format=%s", "-\(count)")
        return log.split(separator: "\n").map(String.init)
    }

    /// Puts an extension among the person's own, which `PASSWORD_STORE_ENABLE_EXTENSIONS` enables.
    func addExtension(_ name: String, _ text: String, mode: UInt32 = 0o700) throws {
        sandbox.set("PASSWORD_STORE_ENABLE_EXTENSIONS", "true")
        try Disk.makeFolder(sandbox.store + "/.extensions")
        try Disk.write(text, to: sandbox.store + "/.extensions/\(name).bash", mode: mode)
    }

    // MARK: Files and programs

    /// A path below the home.
    func path(_ name: String) -> String { sandbox.home + "/" + name }

    func read(_ name: String) -> String? { Disk.read(path(name))?.text }

    func write(_ text: String, to name: String) throws {
        let folder = path(name).split(separator: "/").dropLast().map { "/" + $0 }.joined()
        try Disk.makeFolder(folder)
        try Disk.write(text, to: path(name))
    }

    /// Puts a script on the PATH.
    func program(_ name: String, _ text: String) throws {
        try Disk.write(text, to: "\(sandbox.bin)/\(name)", mode: 0o700)
    }

    /// Puts another name of a program on the PATH.
    func link(_ name: String, to target: String) throws {
        guard symlink(target, "\(sandbox.bin)/\(name)") == 0 else {
            throw TestingProblem("cannot link \(name)")
        }
    }

    // MARK: The clipboard

    /// Replaces the clipboard by a file, and gives a DISPLAY that nobody else has.
    ///
    /// The file `clipboard` is what it holds, `copied` is all it ever got.
    func fakeDisplay(holding text: String) throws -> String {
        try write(text, to: "clipboard")
        try program(
            "xclip",
            """
            #!/bin/sh
            case $1 in
            -o) exec cat "$HOME/clipboard" ;;
            *) tee -a "$HOME/copied" >"$HOME/clipboard" ;;
            esac
            """)
        return ":" + sandbox.root.split(separator: "/").joined()
    }

    func clipboard() -> String { read("clipboard") ?? "" }

    /// Whether the clipboard holds `text` within so many seconds.
    func clipboard(becomes text: String, within seconds: Double) -> Bool {
        let end = Date.now + seconds
        while Date.now < end {
            if clipboard() == text { return true }
            usleep(50_000)
        }
        return clipboard() == text
    }
}

extension Outcome {
    /// Throws what the program said unless it succeeded.
    @discardableResult
    func demand() throws -> Outcome {
        guard status == 0 else {
            throw TestingProblem("status \(status): \(stdout.text)\(stderr.text)")
        }
        return self
    }
}
