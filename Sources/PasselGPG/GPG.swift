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
    /// Options of the user's, at the head of every call.
    public let userOptions: [[UInt8]]
    private let environment: ProcessEnvironment
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
        var child = ChildProcess(program, arguments, environment: environment)
        child.input = input
        child.error = error
        // Whoever asks for status lines himself reads them on standard error; gpg has only one
        // place for them.
        child.reports = !userOptions.contains { $0.starts(with: "--status-f".utf8) }
        if child.reports { child.arguments = ["--status-fd", "3"].words + arguments }
        do {
            let outcome = try child.run()
            return (outcome, StatusLines(child.reports ? outcome.report : nil))
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
