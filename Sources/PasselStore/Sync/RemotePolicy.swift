import PasselCore
import PasselGit

/// What is exchanged with a remote.
public enum RemotePolicy: String, CaseIterable, Sendable {
    /// What is new on either side.
    case sync
    /// Only what is new here; what others put there is left alone.
    case pushOnly = "push-only"
    /// Only what is new there.
    case pullOnly = "pull-only"

    /// Whether what is new there is fetched.
    public var pulls: Bool { self != .pushOnly }
    /// Whether what is new here is pushed.
    public var pushes: Bool { self != .pullOnly }
}

extension RemotePolicy {
    /// The policy that `remote.NAME.passelPolicy` says; `sync` where it says nothing.
    ///
    /// - Throws: a `Problem` for a word that is none.
    init(of remote: GitRemote) throws {
        guard let text = remote.policy else {
            self = .sync
            return
        }
        guard let policy = RemotePolicy(rawValue: String(decoding: text.bytes, as: UTF8.self))
        else {
            let key = "remote.\(remote.name).passelPolicy" as Text
            let words = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(
                "\(key) is \(text), none of \(words)",
                hints: ["passel git config \(ShellWord.text(key.bytes)) sync"])
        }
        self = policy
    }
}
