import Glibc
import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

/// A repository in a sandbox, changed by us and looked at with git.
final class GitBox {
    let sandbox: Sandbox
    /// The work tree.
    let folder: String

    init(_ name: String = "store", begun: Bool = true) throws {
        sandbox = try Sandbox()
        folder = sandbox.root + "/" + name
        try Disk.makeFolder(folder)
        if begun { try begin(folder) }
    }

    /// Begins a repository with settings of its own, so that those of whoever runs the tests do not
    /// matter.
    func begin(_ folder: String) throws {
        try git("init", "-q", "-b", "main", folder)
        for (key, value) in [
            ("user.name", "Ann Example"), ("user.email", "ann@example.org"),
            ("commit.gpgsign", "false"), ("core.hooksPath", folder + "/.git/hooks"),
        ] { try git("-C", folder, "config", key, value) }
    }

    /// What git prints, without the last line feed.
    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let outcome = try run("git", arguments)
        guard outcome.status == 0 else {
            throw TestingProblem("git \(arguments): \(outcome.stderr.text)")
        }
        return String(outcome.stdout.text.trimmingSuffix("\n"))
    }

    func run(_ program: String, _ arguments: [String]) throws -> Outcome {
        sandbox.directory = folder
        return try sandbox.run(program, arguments)
    }

    func open(_ folder: String? = nil) throws -> GitRepository {
        let folder = Path(folder ?? self.folder)
        let found = try GitRepository.enclosing(
            folder, store: folder, environment: ProcessEnvironment(sandbox.environment))
        return try #require(found)
    }

    func write(_ text: String, _ name: String) throws {
        let path = folder + "/" + name
        try Disk.makeFolder(Path(path).parent.repaired)
        try Disk.write(text, to: path, mode: 0o644)
    }

    /// Makes, publishes and stages a commit of changes, as a change of the store does.
    @discardableResult
    func commit(
        _ changes: [GitChange], _ subject: Text = "Change.", in repository: GitRepository? = nil
    ) throws -> PreparedCommit {
        let repository = try repository ?? open()
        let commit = try #require(try repository.prepare(changes, subject: subject))
        try repository.publish(commit)
        for change in changes { try apply(change) }
        try repository.stage(changes)
        repository.finish(commit)
        return commit
    }

    /// Does to the work tree what a change does to the commit.
    func apply(_ change: GitChange) throws {
        let path = Bytes(folder.utf8) + [0x2F] + change.name
        _ = Path(path).withCString { unlink($0) }
        switch change.content {
        case .nothing: break
        case .link(let target):
            try Disk.makeFolder(Path(path).parent.bytes)
            _ = Path(path).withCString { name in Path(target).withCString { symlink($0, name) } }
        case .file(let content, let executable):
            if Disk.facts(path)?.kind == .folder { _ = Path(path).withCString { rmdir($0) } }
            try Disk.makeFolder(Path(path).parent.bytes)
            try Disk.write(content, to: path, mode: executable ? 0o755 : 0o644)
        }
        var parent = Path(path).parent
        while parent.bytes.count > folder.utf8.count, parent.withCString({ rmdir($0) }) == 0 {
            parent = parent.parent
        }
    }

    /// The newest commit's tree, author and message, as git prints them.
    func head(_ format: String) throws -> String { try git("log", "-1", "--format=\(format)") }

    /// Nothing is left to be committed and nothing is wrong with the objects.
    func expectClean(_ location: SourceLocation = #_sourceLocation) throws {
        #expect(try git("status", "--porcelain") == "", sourceLocation: location)
        #expect(try git("fsck", "--strict", "--no-dangling") == "", sourceLocation: location)
    }
}

extension String {
    func trimmingSuffix(_ suffix: Character) -> Substring {
        last == suffix ? dropLast() : self[...]
    }
}

func file(_ name: String, _ text: String, executable: Bool = false) -> GitChange {
    GitChange(Bytes(name.utf8), .file(Bytes(text.utf8), executable: executable))
}

func nothing(_ name: String) -> GitChange { GitChange(Bytes(name.utf8), .nothing) }

func link(_ name: String, _ target: String) -> GitChange {
    GitChange(Bytes(name.utf8), .link(Bytes(target.utf8)))
}
