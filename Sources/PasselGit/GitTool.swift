public import PasselCore
public import PasselPosix

/// The user's git, run for what it does best on this machine alone: packing a repository into one
/// file and taking it out again.
///
/// No configuration but the repository's own holds, and nothing of that runs a program.
public struct GitTool: Sendable {
    /// What a command that checks something tells: whether it ended with 0, and its lines.
    public typealias Findings = (isGood: Bool, lines: [[UInt8]])

    private let program: Path
    private let environment: ProcessEnvironment

    /// The git on PATH.
    ///
    /// - Throws: a `Problem` when there is none.
    public init(environment: ProcessEnvironment) throws {
        guard let program = GitProgram.path(environment) else {
            throw Problem(
                "this needs git, which is not installed", hints: ["install it: apt install git"])
        }
        self.program = program
        var variables = environment.filtered { !$0.starts(with: "GIT_".utf8) }
        for (name, value) in [
            ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_NO_REPLACE_OBJECTS", "1"), ("GIT_OPTIONAL_LOCKS", "0"), ("LC_ALL", "C.UTF-8"),
        ] { variables[name] = Array(value.utf8) }
        self.environment = variables
    }

    /// Runs one command of git in a folder, quietly; what it writes goes to `drain`.
    ///
    /// - Throws: a `Problem` with `failure` when it ends with anything but 0.
    public func run(
        _ words: [String], in folder: Path, failure: Text, input: [UInt8] = [],
        drain: (UnsafeRawBufferPointer) throws -> Void = { _ in }
    ) throws {
        var rest: [UInt8]? = input
        try start(
            words, folder, failure,
            feed: {
                defer { rest = nil }
                return rest
            }, drain: drain)
    }

    /// As above; the result is what it writes, of which there is little.
    public func output(_ words: [String], in folder: Path, failure: Text) throws -> [UInt8] {
        var output: [UInt8] = []
        try run(words, in: folder, failure: failure) { output += $0 }
        return output
    }

    /// As above; it gets what `feed` gives, until that is nothing.
    public func feed(
        _ words: [String], in folder: Path, failure: Text, _ feed: () throws -> [UInt8]?
    ) throws {
        try start(words, folder, failure, feed: feed, drain: { _ in })
    }

    /// The lines of a command that tells what is wrong, whatever it ends with; and whether that is 0.
    ///
    /// - Parameter variables: what git gets besides, in its environment.
    public func findings(
        _ words: [String], in folder: Path, variables: [String: [UInt8]] = [:]
    ) throws -> Findings {
        var output: [UInt8] = []
        let status = try status(
            words, folder, variables, mergingError: true, feed: { nil }, drain: { output += $0 })
        return (status == 0, output.split(separator: .newline).map(Array.init))
    }

    private func start(
        _ words: [String], _ folder: Path, _ failure: Text, feed: () throws -> [UInt8]?,
        drain: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let status = try status(words, folder, [:], mergingError: false, feed: feed, drain: drain)
        guard status == 0 else { throw Problem(failure) }
    }

    private func status(
        _ words: [String], _ folder: Path, _ variables: [String: [UInt8]], mergingError: Bool,
        feed: () throws -> [UInt8]?, drain: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int32 {
        var arguments: [[UInt8]] = []
        var environment = environment
        for (name, value) in variables { environment[name] = value }
        for setting in Self.settings { arguments += [Array("-c".utf8), Array(setting.utf8)] }
        var child = StreamingProcess(
            program, arguments + words.map { Array($0.utf8) }, environment: environment)
        child.directory = folder
        child.mergesError = mergingError
        return try child.run(feed: feed, drain: drain).status
    }

    private static let settings = [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0", "maintenance.auto=false",
        "core.attributesFile=/dev/null", "core.autocrlf=false", "core.bigFileThreshold=1m",
        "core.deltaBaseCacheLimit=16m", "core.packedGitWindowSize=16m", "core.packedGitLimit=64m",
        "pack.threads=1", "pack.windowMemory=32m", "index.threads=1", "core.quotePath=true",
    ]
}
