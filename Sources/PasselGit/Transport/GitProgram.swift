import Glibc
import PasselCore
import PasselPosix

/// The user's own git, run for what goes over a network: with the user's ssh, credential helpers
/// and proxies, and nothing that another machine could make it do besides.
struct GitProgram {
    /// Where git is.
    let program: Path
    let directory: Path
    let environment: ProcessEnvironment
    let patience: Int
    let isInteractive: Bool
    let told: (Text) -> Void

    /// The git on PATH; nothing when there is none.
    static func path(_ environment: ProcessEnvironment) -> Path? {
        let folders = environment["PATH"] ?? Array("/usr/bin:/bin".utf8)
        return folders.split(separator: UInt8(ascii: ":")).lazy
            .map { Path(Array($0)) / "git" }
            .first { $0.isAbsolute && FileStatus.isFile($0) && $0.withCString(isRunnable) }
    }

    private static func isRunnable(_ path: UnsafePointer<CChar>) -> Bool { access(path, X_OK) == 0 }

    /// Runs one command of git.
    ///
    /// - Parameter operands: what comes behind all options, and cannot be taken for one.
    func run(
        _ command: String, _ options: [String], operands: [[UInt8]], keys: [String] = []
    ) throws -> WatchedChild.Outcome {
        var arguments: [[UInt8]] = []
        for setting in settings + keys { arguments += [Array("-c".utf8), Array(setting.utf8)] }
        arguments.append(Array(command.utf8))
        arguments += (options + ["--end-of-options"]).map { Array($0.utf8) } + operands
        return try WatchedChild(
            program: program, arguments: arguments, environment: variables, directory: directory,
            patience: patience, isInteractive: isInteractive
        ).run(told: told)
    }

    private var settings: [String] {
        [
            // Nothing of the repository's runs, whoever wrote its files.
            "core.hooksPath=/dev/null", "core.fsmonitor=false", "protocol.ext.allow=never",
            // What comes is checked as far as git can, before it counts.
            "fetch.fsckObjects=true", "transfer.fsckObjects=true", "receive.fsckObjects=true",
            // One connection, to the server that is configured, for one branch.
            "http.followRedirects=false", "fetch.recurseSubmodules=no",
            "push.recurseSubmodules=no", "submodule.recurse=false", "fetch.parallel=1",
            "transfer.bundleURI=false", "push.followTags=false",
            "http.lowSpeedLimit=1", "http.lowSpeedTime=\(patience)",
            // Little memory, however few bytes stand for how many.
            "core.bigFileThreshold=1m", "core.deltaBaseCacheLimit=16m", "pack.threads=1",
            "pack.windowMemory=32m", "core.packedGitWindowSize=16m", "core.packedGitLimit=64m",
            "gc.auto=0", "maintenance.auto=false", "fetch.writeCommitGraph=false",
            "color.ui=false", "core.quotePath=true", "advice.fetchShowForcedUpdates=false",
        ]
    }

    private var variables: ProcessEnvironment {
        var variables = environment
        // The repository is the one of the folder, as it stands.
        for name in [
            "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
            "GIT_CEILING_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE",
            "GIT_REPLACE_REF_BASE", "GIT_GRAFT_FILE", "GIT_EXTERNAL_DIFF", "LANGUAGE",
        ] { variables[name] = nil }
        variables["GIT_NO_REPLACE_OBJECTS"] = Array("1".utf8)
        variables["GIT_OPTIONAL_LOCKS"] = Array("0".utf8)
        variables["GIT_FLUSH"] = Array("1".utf8)
        // By its words it is told what went wrong.
        variables["LC_ALL"] = Array("C.UTF-8".utf8)
        if !isInteractive { variables["GIT_TERMINAL_PROMPT"] = Array("0".utf8) }
        if let command = sshCommand { variables["GIT_SSH_COMMAND"] = command }
        return variables
    }

    /// The user's way to run ssh with a limit on how long it tries, and without questions where
    /// nobody could answer; nothing when it is no ssh that knows such options.
    private var sshCommand: [UInt8]? {
        if environment["GIT_SSH"] != nil, environment["GIT_SSH_COMMAND"] == nil { return nil }
        let command =
            environment["GIT_SSH_COMMAND"] ?? configured?("core.sshcommand")
            ?? Array("ssh".utf8)
        let variant = environment["GIT_SSH_VARIANT"] ?? configured?("ssh.variant")
        let word = Path(command.prefix { !$0.isBlank }).name
        guard variant.map({ $0.elementsEqual("ssh".utf8) }) ?? word.elementsEqual("ssh".utf8)
        else { return nil }
        var options =
            " -o ConnectTimeout=\(patience) -o ServerAliveInterval=\(max(1, patience / 3))"
        if !isInteractive { options += " -o BatchMode=yes" }
        return command + Array(options.utf8)
    }

    /// A value of git's configuration, where one is known before git runs.
    var configured: ((String) -> [UInt8]?)?
}
