public import PasselCore
public import PasselPosix

/// The user's git, run for what it does best on this machine alone: packing a repository into one
/// file and taking it out again.
///
/// No configuration but the repository's own holds, and nothing of that runs a program.
public struct GitTool {
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
        var arguments: [[UInt8]] = []
        for setting in Self.settings { arguments += [Array("-c".utf8), Array(setting.utf8)] }
        var child = StreamingProcess(
            program, arguments + words.map { Array($0.utf8) }, environment: environment)
        child.directory = folder
        var rest: [UInt8]? = input
        let outcome = try child.run(
            feed: {
                defer { rest = nil }
                return rest
            }, drain: drain)
        guard outcome.status == 0 else { throw Problem(failure) }
    }

    /// As above; the result is what it writes, of which there is little.
    public func output(_ words: [String], in folder: Path, failure: Text) throws -> [UInt8] {
        var output: [UInt8] = []
        try run(words, in: folder, failure: failure) { output += $0 }
        return output
    }

    private static let settings = [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0", "maintenance.auto=false",
        "core.attributesFile=/dev/null", "core.autocrlf=false", "core.bigFileThreshold=1m",
        "core.deltaBaseCacheLimit=16m", "core.packedGitWindowSize=16m", "core.packedGitLimit=64m",
        "pack.threads=1", "pack.windowMemory=32m", "index.threads=1", "core.quotePath=true",
    ]
}
