import PasselCore
import PasselGit
import PasselPosix

/// A remote during a sync, and how far it came with it.
struct Partner {
    let remote: GitRemote
    let policy: RemotePolicy
    /// What the remote's branch has, as far as is known; nothing where it has no such branch.
    var head: GitID?
    /// Whether `head` is from this run.
    var isKnown = false
    /// Whether what it has is to be merged, once the gate let it through.
    var isWaiting = false
    /// How many of its commits are merged by now.
    var merged = 0
    /// What the user is told of it.
    var report: SyncReport.Remote

    init(_ remote: GitRemote) throws {
        self.remote = remote
        policy = try RemotePolicy(of: remote)
        report = SyncReport.Remote(name: remote.name, policy: policy)
    }

    /// Where what was fetched waits for the gate; nothing else of git looks there.
    var quarantine: String {
        "refs/passel/incoming/" + String(decoding: remote.name.bytes, as: UTF8.self)
    }

    /// Where git itself remembers what the remote has.
    func trackingReference(_ branch: String) -> String {
        "refs/remotes/" + String(decoding: remote.name.bytes, as: UTF8.self) + "/" + branch
    }

    /// Whether it still takes part.
    var isOpen: Bool { report.state == .done }

    /// Notes what went wrong; the others go on.
    mutating func fail(_ problem: Problem) {
        report.state = .failed
        report.problem = problem
    }
}

extension Problem {
    /// What an error of the network or of git says; nothing for one that is a bug.
    init?(ofRemote error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let problem as GitProblem: self = problem.problem
        case let error as SystemError: self = error.problem
        default: return nil
        }
    }
}
