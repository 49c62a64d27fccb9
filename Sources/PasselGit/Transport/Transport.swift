import Glibc
public import PasselCore
import PasselPosix

/// What became of a push.
public enum PushOutcome: Sendable, Equatable {
    /// The remote's branch is at the commit now, or at one that contains it.
    case done
    /// It was already.
    case alreadyThere
    /// The remote's branch has commits that ours has not: it is to be fetched again.
    case outrun
}

/// Fetches from other clones and pushes to them: through the user's own git, or where none is
/// installed through libgit2.
///
/// A server decides nothing but what comes: it cannot make anything run, redirect us, keep us
/// waiting for ever, fill memory or disk, or write to the terminal. Nothing moves but the one
/// reference that a fetch names and the one branch that a push names.
public struct Transport {
    let repository: GitRepository
    /// In seconds: how long nothing may come before it is given up.
    let timeout: Int
    let told: (Text) -> Void
    /// Whether git and ssh may ask on the terminal; so where there is one.
    public var isInteractive = isatty(0) == 1 && isatty(2) == 1
    /// Asks the user for something that nobody else may see, such as a password; used where git is
    /// not installed.
    public var asking: ((Text) -> Secret?)?

    /// - Parameters:
    ///   - timeout: how many seconds nothing may come before it is given up.
    ///   - told: gets what git and the server say, line by line, fit for a terminal.
    public init(
        _ repository: GitRepository, timeout seconds: Int, told: @escaping (Text) -> Void
    ) {
        self.repository = repository
        timeout = max(1, seconds)
        self.told = told
    }

    /// Fetches a branch of a remote into a reference, wherever that is; nothing when the remote has
    /// no such branch, and then the reference is gone too.
    ///
    /// A folder of this machine whose branch is where the reference is has nothing to be fetched.
    ///
    /// - Throws: `Problem`.
    public func fetch(
        _ remote: GitRemote, branch: String, into reference: String
    ) throws -> GitID? {
        try wordingProblems(remote) {
            if let known = try repository.reference(reference),
                isSeen(known, at: remote, branch: branch)
            {
                return try commit(reference, remote)
            }
            try StaleLocks(gitFolder: repository.gitFolder, workTree: repository.workTree)
                .clear(forReference: reference)
            guard let git else { return try library(remote).fetch(branch, into: reference) }
            let before = FetchedFiles(repository)
            let outcome = try git.run(
                "fetch",
                [
                    "--progress", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
                    "--no-auto-gc", "--no-auto-maintenance", "--no-prune", "--no-prune-tags",
                    "--no-show-forced-updates", "--no-filter", "--refmap=",
                ], operands: [source(remote), Array("+refs/heads/\(branch):\(reference)".utf8)])
            if outcome.status == 0 { return try commit(reference, remote) }
            before.removeUnfinished()
            if outcome.lines.contains(where: { $0.bytes.isMissing("refs/heads/\(branch)") }) {
                try repository.setReference(
                    reference, to: nil, from: repository.reference(reference), log: "")
                return nil
            }
            throw problem(remote, outcome)
        }
    }

    /// What came, if it is a commit; anything else is not kept.
    func commit(_ reference: String, _ remote: GitRemote) throws -> GitID? {
        guard let id = try repository.reference(reference) else { return nil }
        do {
            _ = try repository.historyCommit(id)
        } catch let problem as GitProblem {
            try repository.setReference(reference, to: nil, from: id, log: "")
            throw TransportFailure.damaged.problem(
                remote, patience: timeout, lines: [Text("fatal: \(problem.message)".utf8)])
        }
        return id
    }

    /// The commit that a branch of the remote is at, which need not be known here; nothing when the
    /// remote has no such branch.
    ///
    /// - Throws: `Problem`.
    public func head(of remote: GitRemote, branch: String) throws -> GitID? {
        try wordingProblems(remote) {
            guard let git else { return try library(remote).head(branch) }
            return try heads(git, source(remote), remote, "refs/heads/\(branch)")
                .first { $0.name == "refs/heads/\(branch)" }?.id
        }
    }

    /// Moves a branch of the remote on to a commit that contains it; never any other way.
    ///
    /// After any failure the remote is asked where its branch is: only that decides.
    ///
    /// - Throws: `Problem` when the commit is not there.
    public func push(
        _ commit: GitID, to remote: GitRemote, branch: String
    ) throws -> PushOutcome {
        try wordingProblems(remote) {
            if address(remote).isBundle(from: repository.workTree) {
                throw Problem(
                    "\(remote.name) is a bundle, from which can only be fetched",
                    hints: ["passel git config remote.\(remote.name).passelPolicy pull-only"])
            }
            do {
                return try send(commit, to: remote, branch)
            } catch let problem as Problem {
                // What a killed push left in a folder of this machine is in nobody's way.
                let place = address(remote).file(from: repository.workTree)
                guard let place, let locks = FolderLocks(remote, at: place),
                    try locks.clear(forBranch: branch)
                else { throw problem }
                return try send(commit, to: remote, branch)
            }
        }
    }

    private func send(
        _ commit: GitID, to remote: GitRemote, _ branch: String
    ) throws -> PushOutcome {
        guard let git else {
            let library = try library(remote)
            switch try library.push(commit, branch) {
            case .success(let outcome): return outcome
            case .failure(let problem):
                return try decide(
                    commit, now: { try library.head(branch, pushing: true) }, problem)
            }
        }
        let outcome = try git.run(
            "push",
            [
                "--progress", "--porcelain", "--no-verify", "--no-follow-tags",
                "--no-recurse-submodules", "--no-force", "--no-force-with-lease",
            ],
            operands: [target(remote), Array("\(commit.hex):refs/heads/\(branch)".utf8)],
            keys: mirrorKeys(remote))
        if outcome.status == 0 {
            let unchanged = outcome.output.split(separator: .newline)
                .contains { $0.starts(with: "=\t".utf8) }
            return unchanged ? .alreadyThere : .done
        }
        let problem = problem(remote, outcome)
        // Not let in: nothing was sent, and asking again would ask for a password again.
        if TransportFailure(outcome.lines)?.isBeforeAll ?? false,
            !outcome.output.starts(with: "To ".utf8)
        {
            throw problem
        }
        return try decide(commit, now: { try head(git, remote, branch) }, problem)
    }

    /// What a push that failed came to, by where the remote's branch is afterwards.
    func decide(
        _ commit: GitID, now: () throws -> GitID?, _ problem: Problem
    ) throws -> PushOutcome {
        let head: GitID?
        do {
            head = try now()
        } catch {
            // What went wrong first says more than that it still does.
            throw problem
        }
        guard let head else { throw problem }
        if head == commit { return .done }
        guard try repository.has(head) else { return .outrun }
        if try repository.isAncestor(commit, of: head) { return .done }
        if try repository.isAncestor(head, of: commit) { throw problem }
        return .outrun
    }

    private func head(_ git: GitProgram, _ remote: GitRemote, _ branch: String) throws -> GitID? {
        try heads(git, target(remote), remote, "refs/heads/\(branch)")
            .first { $0.name == "refs/heads/\(branch)" }?.id
    }

    private func heads(
        _ git: GitProgram, _ place: [UInt8], _ remote: GitRemote, _ pattern: String
    ) throws -> [RemoteHead] {
        let outcome = try git.run(
            "ls-remote", ["--quiet"], operands: [place, Array(pattern.utf8)])
        guard outcome.status == 0 else { throw problem(remote, outcome) }
        return RemoteHead.all(in: outcome.output)
    }

    // MARK: How

    var git: GitProgram? {
        GitProgram.path(repository.environment).map { program in
            GitProgram(
                program: program, directory: repository.workTree,
                environment: repository.environment, patience: timeout,
                isInteractive: isInteractive, told: told,
                configured: { repository.configuration($0) })
        }
    }

    func library(_ remote: GitRemote) throws -> LibraryTransport {
        try LibraryTransport(
            repository, remote, timeout: timeout, told: told, asking: isInteractive ? asking : nil)
    }

    /// A remote that is configured goes by its name, so that its other settings count.
    private func source(_ remote: GitRemote) -> [UInt8] {
        let url = repository.configuration.string("remote", remote.name.bytes, "url")
        return url == remote.url.bytes ? remote.name.bytes : remote.url.bytes
    }

    private func target(_ remote: GitRemote) -> [UInt8] { remote.pushURL?.bytes ?? source(remote) }

    /// A mirror takes no single branch, which is all that is ever pushed.
    private func mirrorKeys(_ remote: GitRemote) -> [String] {
        let name = remote.name.bytes
        let isMirror = repository.configuration.string("remote", name, "mirror") != nil
        // A key with such a name cannot be given to git.
        guard isMirror, !name.contains(UInt8(ascii: "=")) else { return [] }
        return ["remote.\(String(decoding: name, as: UTF8.self)).mirror=false"]
    }

    private func address(_ remote: GitRemote) -> RemoteAddress {
        RemoteAddress((remote.pushURL ?? remote.url).bytes)
    }

    func problem(_ remote: GitRemote, _ outcome: WatchedChild.Outcome) -> Problem {
        Self.problem(remote, outcome, patience: timeout)
    }

    static func problem(
        _ remote: GitRemote, _ outcome: WatchedChild.Outcome, patience: Int
    ) -> Problem {
        let kind: TransportFailure? =
            switch outcome.end {
            case .timedOut: .timedOut
            case .talkedTooMuch: .tooMuch
            case .byItself:
                outcome.status == 128 + SIGXFSZ ? .tooMuch : TransportFailure(outcome.lines)
            }
        if let kind {
            return kind.problem(remote, patience: patience, lines: outcome.lines)
        }
        let refusal = outcome.output.split(separator: .newline).first {
            $0.starts(with: "!\t".utf8)
        }
        if let lock = refusal.flatMap({ ServerLock(refusal: Array($0), lines: outcome.lines) }) {
            return lock.problem(remote)
        }
        // What a hook of the server says is all there is to say.
        let words = refusal?.split(separator: 0x09).last.map { RemoteText.sanitised($0) }
        let reason = words.map { ": \($0)" as Text } ?? TransportFailure.reason(outcome.lines)
        return Problem(
            "\(RemoteText.sanitised(remote.name.bytes)): git failed\(reason)",
            hints: ["passel git ls-remote \(RemoteText.sanitised(remote.name.bytes))"])
    }

    private func wordingProblems<R>(_ remote: GitRemote, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let problem as GitProblem {
            throw problem.problem
        } catch let error as SystemError {
            throw error.problem
        }
    }
}

/// A reference of a remote.
struct RemoteHead {
    let name: String
    let id: GitID?
    /// The reference that it stands for.
    var target: String?

    /// Reads what `git ls-remote` prints: an id or `ref: TARGET`, a tab and a name on each line.
    static func all(in output: [UInt8]) -> [RemoteHead] {
        output.split(separator: .newline).compactMap { line in
            guard let tab = line.firstIndex(of: 0x09) else { return nil }
            let name = String(decoding: line[(tab + 1)...], as: UTF8.self)
            if line.starts(with: "ref: ".utf8) {
                let target = String(decoding: line[..<tab].dropFirst(5), as: UTF8.self)
                return RemoteHead(name: name, id: nil, target: target)
            }
            return GitID(hex: line[..<tab]).map { RemoteHead(name: name, id: $0) }
        }
    }
}

/// What a fetch that is ended leaves beside the objects.
struct FetchedFiles {
    private let folder: Path
    private let before: Set<[UInt8]>

    init(_ repository: GitRepository) {
        folder = repository.commonFolder / "objects/pack"
        before = Self.unfinished(folder)
    }

    private static func unfinished(_ folder: Path) -> Set<[UInt8]> {
        // No such folder: nothing in it.
        let names = (try? Files.names(in: folder)) ?? []
        return Set(names.map(\.bytes).filter { $0.starts(with: "tmp_".utf8) })
    }

    /// Removes what was not there before.
    func removeUnfinished() {
        for name in Self.unfinished(folder).subtracting(before) { Scratch.remove(folder / name) }
    }
}

extension [UInt8] {
    /// Whether git says in it that the remote has no such reference.
    fileprivate func isMissing(_ reference: String) -> Bool {
        ends(with: "couldn't find remote ref \(reference)")
    }
}
