import CGit2
import PasselCore
import PasselPosix

/// Who an author or committer is, and when: a `git_signature`, freed by itself.
final class GitIdentity {
    let pointer: UnsafeMutablePointer<git_signature>

    private init(takingOwnershipOf pointer: UnsafeMutablePointer<git_signature>) {
        self.pointer = pointer
    }

    deinit { git_signature_free(pointer) }

    /// The two parts that a person can play in a commit.
    enum Part: String {
        case author, committer
    }

    /// The identity that git itself would use.
    ///
    /// Where plain configuration decides, it is read directly; otherwise `git var` is asked, which
    /// knows the variables, the date formats and the system's own account data.
    static func current(_ part: Part, in repository: GitRepository) throws -> GitIdentity {
        let upper = part.rawValue.uppercased()
        let environment = repository.environment
        let variables = ["NAME", "EMAIL", "DATE"].map { "GIT_\(upper)_\($0)" }
        let configuration = repository.configuration
        if variables.allSatisfy({ environment[$0] == nil }) {
            let name =
                configuration.string("\(part.rawValue).name") ?? configuration.string("user.name")
            let mail =
                configuration.string("\(part.rawValue).email") ?? configuration.string("user.email")
            // What libgit2 does not take as it stands, such as a name with brackets, git tidies up.
            if let name, let mail, !name.isEmpty, let identity = try? now(name, mail) {
                return identity
            }
        }
        return try asked("GIT_\(upper)_IDENT", repository)
    }

    private static func now(_ name: [UInt8], _ mail: [UInt8]) throws -> GitIdentity {
        var pointer: UnsafeMutablePointer<git_signature>?
        let code = Path(name).withCString { name in
            Path(mail).withCString { git_signature_now(&pointer, name, $0) }
        }
        return try adopt(pointer, code)
    }

    private static func asked(_ variable: String, _ repository: GitRepository) throws -> GitIdentity
    {
        var child = ChildProcess("git", ["var", variable], environment: repository.environment)
        child.directory = repository.workTree
        child.error = .discarded
        let outcome = try child.run()
        guard outcome.status == 0 else {
            throw GitProblem(
                "commit", "git does not know who you are",
                hints: [
                    "git config --global user.name \"Your Name\"",
                    "git config --global user.email you@example.org",
                ])
        }
        var pointer: UnsafeMutablePointer<git_signature>?
        let line = outcome.output.exposedBytes.prefix { $0 != .newline }
        let code = Path(line).withCString { git_signature_from_buffer(&pointer, $0) }
        return try adopt(pointer, code)
    }

    private static func adopt(
        _ pointer: UnsafeMutablePointer<git_signature>?, _ code: Int32
    ) throws -> GitIdentity {
        try check("read the identity for commits", code)
        guard let pointer else {
            throw GitProblem("read the identity for commits", "nothing came back")
        }
        return GitIdentity(takingOwnershipOf: pointer)
    }

    /// `Name <mail>`, as git names a signing key by default.
    var nameAndMail: [UInt8] {
        let (name, mail) = (authorship.name, authorship.mail)
        return Text("\(name) <\(mail)>").bytes
    }

    var authorship: Authorship { Authorship(pointer.pointee) }
}

extension GitRepository {
    /// The author that a commit made now would have.
    ///
    /// - Throws: `GitProblem` when git does not know who the user is.
    public func identity() throws -> Authorship {
        try GitIdentity.current(.author, in: self).authorship
    }
}
