public import PasselCore
public import PasselPosix

/// OpenPGP through the user's own gpg, run once for each operation.
///
/// Not through gpgme: that starts gpg a second time for its version (13.5 ms a decryption against
/// 7.2 ms), cannot hand on `PASSWORD_STORE_GPG_OPTS`, and cannot let gpg ask on the terminal
/// whether to trust a key. Results are read from gpg's status lines on a descriptor of their own,
/// which no name or file content can write to.
public struct GPG: Cipher {
    /// The program, `gpg2` if there is one, else `gpg`.
    public let program: Path
    /// Options of the user's, at the head of every call that works with the own keyring.
    public let userOptions: [[UInt8]]
    let environment: ProcessEnvironment
    private let batch: Bool

    /// A cipher that runs `program` with these variables.
    ///
    /// With `batch`, gpg never asks on the terminal; pass 1.7.4 does so for `gpg2` and with
    /// `GPG_AGENT_INFO`.
    public init(
        program: Path, userOptions: [[UInt8]], batch: Bool, environment: ProcessEnvironment
    ) {
        self.program = program
        self.userOptions = userOptions
        self.batch = batch
        self.environment = environment
    }

    /// The options of every call, in pass's order.
    public var commonOptions: [[UInt8]] {
        userOptions + ["--quiet", "--yes", "--compress-algo=none", "--no-encrypt-to"].words
            + (batch ? ["--batch", "--use-agent"].words : [])
    }

    /// One run of gpg: what it wrote, its status lines and its exit status.
    func run(
        _ arguments: [[UInt8]], input: ChildProcess.Input,
        error: ChildProcess.Output = .inherited
    ) throws -> (outcome: ChildProcess.Outcome, status: StatusLines) {
        try start(arguments, input, error, reports: reports)
    }

    /// Whether gpg's status lines are ours to read.
    ///
    /// Whoever asks for them himself reads them on standard error; gpg has only one place for them.
    var reports: Bool { !userOptions.contains { $0.starts(with: "--status-f".utf8) } }

    /// One run of gpg in a home of its own, without a word on the terminal: the user's settings,
    /// keyring and agent have no part in it.
    ///
    /// `home` only needs to be a folder that the user's own gpg does not use. Locks are not taken:
    /// nobody else changes the keyrings there.
    func runAlone(
        home: Path, _ arguments: [[UInt8]], input: ChildProcess.Input
    ) throws -> (outcome: ChildProcess.Outcome, status: StatusLines) {
        try start(Self.alone(home) + arguments, input, .discarded, reports: true)
    }

    /// The options of a run in a home of its own.
    static func alone(_ home: Path) -> [[UInt8]] {
        ["--homedir".bytes, home.absolute.bytes]
            + [
                "--no-options", "--no-permission-warning", "--no-autostart", "--lock-never",
                "--no-auto-check-trustdb", "--no-random-seed-file", "--no-tty", "--batch",
                "--quiet", "--yes", "--no-default-keyring",
            ].words
    }

    private func start(
        _ arguments: [[UInt8]], _ input: ChildProcess.Input, _ error: ChildProcess.Output,
        reports: Bool
    ) throws -> (outcome: ChildProcess.Outcome, status: StatusLines) {
        var child = ChildProcess(program, arguments, environment: environment)
        child.input = input
        child.error = error
        child.reports = reports
        if reports { child.arguments = ["--status-fd", "3"].words + arguments }
        do {
            let outcome = try child.run()
            return (outcome, StatusLines(reports ? outcome.reportOutput : nil))
        } catch let error as SystemError {
            throw Problem(
                "cannot run \(program): \(SystemError.text(error.code))",
                hints: ["install GnuPG: apt install gnupg"])
        }
    }
}

extension [String] {
    /// The strings' UTF-8 bytes.
    var words: [[UInt8]] { map { [UInt8]($0.utf8) } }
}

extension Path {
    /// The path from the root: gpg looks for a mere name in its home.
    var absolute: Path { isAbsolute ? self : Files.currentFolder() / self }
}
