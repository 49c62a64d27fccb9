import PasselCore
import PasselGPG
import PasselPosix
import PasselStore

/// `git`: runs the user's git in the store, and passes its exit status on.
struct GitCommand {
    let session: Session

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        if arguments.first == "init".bytes { return try initialise(arguments) }
        guard FileStatus.isFolder(session.store.root), try session.store.repositoryFolder() != nil
        else {
            throw Problem.pass(
                "Error: the password store is not a git repository. Try \"\(session.program) git init\"."
            )
        }
        let folder = try PrivateFolder.plain(environment: session.settings.environment)
        defer { folder.remove() }
        return try git(arguments, temporary: folder.path)
    }

    private func git(_ arguments: [[UInt8]], temporary: Path? = nil) throws -> Int32 {
        var child = ChildProcess(
            "git", ["-C".bytes, session.store.root.bytes] + arguments,
            environment: session.settings.environment)
        child.input = .inherited
        child.output = .inherited
        if let temporary { child.environment["TMPDIR"] = temporary.bytes }
        do {
            return try child.run().status
        } catch let error as SystemError {
            throw Problem(
                "cannot run git: \(SystemError.text(error.code))", hints: ["apt install git"])
        }
    }

    /// Begins the store's history: what is there, then the attributes by which `git diff` decrypts.
    ///
    /// Safe to repeat.
    private func initialise(_ arguments: [[UInt8]]) throws -> Int32 {
        let status = try git(arguments)
        guard status == 0 else { return 1 }
        try session.store.beginHistory()
        let show = ([session.gpg.program.bytes, "-d".bytes] + session.gpg.commonOptions)
            .map { Text($0) }.joined(separator: " ")
        for (key, value) in [("diff.gpg.binary", "true" as Text), ("diff.gpg.textconv", show)] {
            let status = try git(["config".bytes, "--local".bytes, key.bytes, value.bytes])
            guard status == 0 else { return status }
        }
        return 0
    }
}
