import CGit2
import Glibc
public import PasselCore
public import PasselPosix

/// A repository that was just made from a remote: nothing is checked out, and its branch has no
/// commit yet.
public struct ClonedRepository {
    /// The new repository.
    public let repository: GitRepository
    /// The remote, as its configuration has it now.
    public let remote: GitRemote
    /// The branch that HEAD stands for: the one that the remote's HEAD stands for.
    public let branch: String
    /// What came of it; nothing when the remote is empty.
    public let head: GitID?
}

extension Transport {
    /// Makes a repository in a folder that is empty or not there, and fetches a remote's branch into
    /// a reference.
    ///
    /// - Parameters:
    ///   - branch: the branch to fetch; without it, the one that the remote's HEAD stands for.
    ///   - reference: where it goes, given the remote's name.
    ///   - timeout: how many seconds nothing may come before it is given up.
    ///   - told: gets what git and the server say, line by line, fit for a terminal.
    /// - Throws: `Problem`; what was made is gone then.
    public static func clone(
        _ url: Text, as name: Text = "origin", into folder: Path, branch: String? = nil,
        reference: String, environment: ProcessEnvironment, timeout: Int,
        asking: ((Text) -> Secret?)? = nil, told: @escaping (Text) -> Void
    ) throws -> ClonedRepository {
        do {
            return try NewClone(
                url: absolute(url), name: name, folder: folder, environment: environment,
                timeout: timeout, asking: asking, told: told
            ).make(branch, reference)
        } catch let problem as GitProblem {
            throw problem.problem
        } catch let error as SystemError {
            throw error.problem
        }
    }

    /// A folder is named in full, so that it is found from the new repository too.
    private static func absolute(_ url: Text) -> Text {
        let address = RemoteAddress(url.bytes)
        guard address.kind == .local, address.path == url.bytes,
            let found = Files.resolved(Path(url.bytes))
        else { return url }
        return Text(found.bytes)
    }
}

/// A clone in the making.
private struct NewClone {
    let url: Text
    let name: Text
    let folder: Path
    let environment: ProcessEnvironment
    let timeout: Int
    let asking: ((Text) -> Secret?)?
    let told: (Text) -> Void

    func make(_ wanted: String?, _ reference: String) throws -> ClonedRepository {
        try GitRepository.start(environment: environment)
        guard GitRemote.isName(name) else {
            throw Problem("\(RemoteText.sanitised(name.bytes)) is no name for a remote")
        }
        let existed = FileStatus.isFolder(folder)
        if existed, try !Files.names(in: folder).isEmpty {
            throw Problem("\(folder) is not empty", hints: ["ls -la \(folder)"])
        }
        try initialise()
        do {
            return try fill(wanted, reference)
        } catch {
            removeTree(folder / ".git")
            if !existed { _ = folder.withCString { rmdir($0) } }
            throw error
        }
    }

    private func fill(_ wanted: String?, _ reference: String) throws -> ClonedRepository {
        guard let folder = Files.resolved(folder),
            let repository = try GitRepository.open(folder, environment: environment)
        else { throw Problem("\(folder) cannot be made a repository") }
        try repository.addRemote(name, url: url)
        let remote = GitRemote(name: name, url: url)
        var transport = Transport(repository, timeout: timeout, told: told)
        transport.asking = asking
        let branch =
            try wanted ?? transport.defaultBranch(of: remote)
            ?? repository.configuration("init.defaultbranch").map {
                String(decoding: $0, as: UTF8.self)
            } ?? "main"
        try repository.setBranch(branch)
        let section: Text = "branch.\(branch)"
        try repository.setConfiguration(section + ".remote", name)
        try repository.setConfiguration(section + ".merge", "refs/heads/\(branch)")
        let head = try transport.fetch(remote, branch: branch, into: reference)
        if head == nil, wanted != nil {
            throw Problem("\(RemoteText.sanitised(url.bytes)) has no branch \(branch)")
        }
        return ClonedRepository(
            repository: repository, remote: remote, branch: branch, head: head)
    }

    private func initialise() throws {
        try GitRepository.start(environment: environment)
        var options = git_repository_init_options()
        git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
        options.flags =
            GIT_REPOSITORY_INIT_NO_REINIT.rawValue | GIT_REPOSITORY_INIT_MKDIR.rawValue
            | GIT_REPOSITORY_INIT_MKPATH.rawValue
        var made: OpaquePointer?
        let code = folder.withCString { git_repository_init_ext(&made, $0, &options) }
        git_repository_free(made)
        try check("make a repository in \(folder.repaired)", code)
    }

    private func removeTree(_ folder: Path) {
        // What cannot be removed stays and is seen by the user.
        for name in (try? Files.names(in: folder)) ?? [] {
            let path = folder / name.bytes
            if let status = try? FileStatus(of: path, following: false), status.kind == .folder {
                removeTree(path)
            } else {
                _ = path.withCString { unlink($0) }
            }
        }
        _ = folder.withCString { rmdir($0) }
    }
}

extension Transport {
    /// The branch that the remote's HEAD stands for; nothing when it stands for none.
    func defaultBranch(of remote: GitRemote) throws -> String? {
        guard let git else { return try library(remote).defaultBranch() }
        let outcome = try git.run(
            "ls-remote", ["--quiet", "--symref"], operands: [remote.name.bytes, Array("HEAD".utf8)])
        guard outcome.status == 0 else { throw problem(remote, outcome) }
        let heads = RemoteHead.all(in: outcome.output).filter { $0.name == "HEAD" }
        let prefix = "refs/heads/"
        if let target = heads.compactMap(\.target).first, target.hasPrefix(prefix) {
            return String(target.dropFirst(prefix.count))
        }
        // Servers and bundles that do not say which: the branch at the same commit.
        guard let id = heads.compactMap(\.id).first else { return nil }
        let all = try git.run("ls-remote", ["--quiet", "--heads"], operands: [remote.name.bytes])
        guard all.status == 0 else { throw problem(remote, all) }
        let names = RemoteHead.all(in: all.output).filter {
            $0.id == id && $0.name.hasPrefix(prefix)
        }
        .map { String($0.name.dropFirst(prefix.count)) }
        return names.first { $0 == "main" } ?? names.first { $0 == "master" } ?? names.first
    }
}

extension GitRepository {
    /// Lets HEAD stand for a branch, which need not have a commit.
    func setBranch(_ branch: String) throws {
        var made: OpaquePointer?
        let code = git_reference_symbolic_create(
            &made, pointer, "HEAD", "refs/heads/\(branch)", 1, nil)
        git_reference_free(made)
        try check("begin the branch \(branch)", code)
    }
}
