import CGit2
import Glibc
import PasselCore
import PasselPosix
import Synchronization

/// Fetching and pushing through libgit2, for where git is not installed: https with a name and a
/// password, ssh with the keys of ssh-agent and the servers of known_hosts, git, and folders.
///
/// Redirects are not followed, and credentials go to the server that is configured only.
struct LibraryTransport {
    let repository: GitRepository
    let remote: GitRemote
    let timeout: Int
    let told: (Text) -> Void
    let asking: ((Text) -> Secret?)?

    init(
        _ repository: GitRepository, _ remote: GitRemote, timeout: Int,
        told: @escaping (Text) -> Void, asking: ((Text) -> Secret?)?
    ) throws {
        self.repository = repository
        self.remote = remote
        self.timeout = timeout
        self.told = told
        self.asking = asking
        for url in [remote.url, remote.pushURL].compactMap(\.self) {
            let address = RemoteAddress(url.bytes)
            if let folder = address.file(from: repository.workTree),
                try FileStatus(of: folder) == nil
            {
                throw TransportFailure.noRepository.problem(remote, patience: timeout, lines: [])
            }
            guard address.kind != .other, !address.isBundle(from: repository.workTree) else {
                throw Problem(
                    "\(RemoteText.sanitised(remote.name.bytes)): only git can fetch from \(remote.shownURL), and it is not installed",
                    hints: ["apt install git"])
            }
        }
    }

    private func url(_ url: Text) -> [UInt8] {
        let address = RemoteAddress(url.bytes)
        guard address.path == url.bytes, let file = address.file(from: repository.workTree) else {
            return url.bytes
        }
        return file.bytes
    }

    /// The commit that a branch is at; nothing when there is none of that name.
    func head(_ branch: String, pushing: Bool = false) throws -> GitID? {
        try run(pushing ? remote.pushURL ?? remote.url : remote.url) { connection in
            try connection.connect(GIT_DIRECTION_FETCH)
            return try connection.heads().first { $0.name == "refs/heads/\(branch)" }?.id
        }
    }

    /// The branch that HEAD stands for.
    func defaultBranch() throws -> String? {
        let prefix = "refs/heads/"
        return try run(remote.url) { connection in
            try connection.connect(GIT_DIRECTION_FETCH)
            let heads = try connection.heads()
            guard let head = heads.first(where: { $0.name == "HEAD" }) else { return nil }
            let name =
                head.target
                ?? heads.first { $0.id == head.id && $0.name.hasPrefix(prefix) }?.name
            return name.flatMap {
                $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil
            }
        }
    }

    func fetch(_ branch: String, into reference: String) throws -> GitID? {
        let before = FetchedFiles(repository)
        let known = try repository.reference(reference)
        let found: GitID?
        do {
            found = try run(remote.url) { connection in
                try connection.connect(GIT_DIRECTION_FETCH)
                let name = "refs/heads/\(branch)"
                guard let id = try connection.heads().first(where: { $0.name == name })?.id else {
                    return nil
                }
                if try !connection.repository.has(id) {
                    try connection.download("+\(name):\(reference)")
                }
                return id
            }
        } catch {
            before.removeUnfinished()
            throw error
        }
        if found != known {
            try repository.setReference(reference, to: found, from: known, log: "fetched")
        }
        return found
    }

    /// Pushes a commit; what an error came to is found out by asking again.
    func push(
        _ commit: GitID, _ branch: String
    ) throws -> Result<PushOutcome, Problem> {
        let name = "refs/heads/\(branch)"
        let place = remote.pushURL ?? remote.url
        // libgit2 sends what a reference leads to.
        let outgoing = "refs/passel/outgoing/\(branch)"
        let old = try repository.reference(outgoing)
        if old != commit {
            try repository.setReference(outgoing, to: commit, from: old, log: "")
        }
        defer {
            // One that stays is replaced by the next push.
            try? repository.setReference(outgoing, to: nil, from: commit, log: "")
        }
        do {
            return .success(
                try run(place) { connection in
                    try connection.connect(GIT_DIRECTION_PUSH)
                    let head = try connection.heads().first { $0.name == name }?.id
                    if head == commit { return .alreadyThere }
                    if let head {
                        guard try connection.repository.has(head) else { return .outrun }
                        let goesOn = try connection.repository.isAncestor(head, of: commit)
                        guard goesOn else {
                            let has = try connection.repository.isAncestor(commit, of: head)
                            return has ? .alreadyThere : .outrun
                        }
                    }
                    try connection.upload("\(outgoing):\(name)")
                    return .done
                })
        } catch let problem as Problem {
            return .failure(problem)
        }
    }

    // MARK: One connection

    private func run<R: Sendable>(
        _ place: Text, _ body: @escaping @Sendable (LibraryConnection) throws -> R
    ) throws -> R {
        let address = url(place)
        try trustAuthorities(RemoteAddress(address), address)
        let talk = Conversation()
        let (workTree, environment) = (repository.workTree, repository.environment)
        let secrets = LibraryCredentials(
            askpass: askpass, environment: environment, mayAsk: asking != nil)
        let outcome: Result<R, BackgroundFailure>
        var text = RemoteText(told: told)
        // libgit2 takes memory that it does not get for a failure.
        outcome = MemoryBudget.bounded(to: 160 << 20) {
            let work = BackgroundWork<R>.begin(talk) {
                guard let own = try GitRepository.open(workTree, environment: environment) else {
                    throw GitProblem("open the repository", "it is gone")
                }
                let connection = try LibraryConnection(own, address, talk, secrets)
                return try body(connection)
            }
            return work.wait(patience: timeout, text: &text, asking: asking)
        }
        text.finish()
        switch outcome {
        case .success(let result): return result
        case .failure(let failure): throw problem(failure, text.lines, talk.refusal)
        }
    }

    private func problem(
        _ failure: BackgroundFailure, _ lines: [Text], _ refusal: TransportFailure?
    ) -> Problem {
        switch failure {
        case .timedOut:
            return TransportFailure.timedOut.problem(remote, patience: timeout, lines: lines)
        case .problem(let problem):
            if let lock = ServerLock(refusal: Array(problem.message.utf8), lines: lines) {
                return lock.problem(remote)
            }
            let line = RemoteText.sanitised(problem.message.utf8)
            if let kind = refusal ?? TransportFailure([line]) {
                var problem = kind.problem(remote, patience: timeout, lines: ["fatal: \(line)"])
                if kind == .authentication || kind == .sshKey {
                    problem.hints.append("apt install git")
                }
                return problem
            }
            return Problem("\(RemoteText.sanitised(remote.name.bytes)): \(line)")
        case .other(let problem): return problem
        }
    }

    private var askpass: Path? {
        let program =
            repository.environment["GIT_ASKPASS"] ?? repository.configuration("core.askpass")
            ?? repository.environment["SSH_ASKPASS"]
        return program.flatMap { $0.isEmpty ? nil : Path($0) }
    }

    /// Who vouches for servers: as git would have it, else the system's own.
    private func trustAuthorities(_ address: RemoteAddress, _ url: [UInt8]) throws {
        guard address.kind == .https else { return }
        let server =
            Array("https://".utf8) + address.host
            + (address.port.map { Array(":\($0)".utf8) } ?? [])
        let configuration = repository.configuration
        let file =
            repository.environment["GIT_SSL_CAINFO"]
            ?? configuration.string("http", url, "sslcainfo")
            ?? configuration.string("http", server, "sslcainfo")
            ?? configuration.string("http", server + [.slash], "sslcainfo")
            ?? configuration.string("http.sslcainfo")
            ?? repository.environment["SSL_CERT_FILE"]
            ?? Array("/etc/ssl/certs/ca-certificates.crt".utf8)
        try check(
            "read the certificates in \(Path(file).repaired)",
            Path(file).withCString(passel_git_trust_authorities))
    }
}
