public import PasselCore

/// What the signature of a commit is worth.
public enum CommitTrust: Sendable, Hashable {
    /// A good signature by somebody of the team who may write.
    case good(Fingerprint)
    /// No signature.
    case unsigned
    /// By a key that this machine does not know.
    case unknownKey
    /// A good signature by a key that is not of the team, or is only a machine's.
    case notInTeam(Fingerprint)
    /// A signature of something else, or none that can be read.
    case bad
    /// By a key of the team that is expired or revoked.
    case expired
    /// By a key of ssh or a certificate, which says nothing about the team.
    case foreign

    /// Whether somebody of the team vouches for the commit.
    public var isGood: Bool {
        if case .good = self { true } else { false }
    }

    /// The word for it in `--json`.
    public var word: Text {
        switch self {
        case .good: "good"
        case .unsigned: "unsigned"
        case .unknownKey: "unknown-key"
        case .notInTeam: "not-in-team"
        case .bad: "bad"
        case .expired: "expired"
        case .foreign: "foreign"
        }
    }

    /// What it means, to follow a commit and a colon.
    public var description: Text {
        switch self {
        case .good(let key): "signed by \(key.hex)"
        case .unsigned: "not signed"
        case .unknownKey: "signed by an unknown key"
        case .notInTeam(let key): "signed by \(key.hex), who may not write in this store"
        case .bad: "the signature is not good"
        case .expired: "signed by a key that is expired or revoked"
        case .foreign: "signed, but not by an OpenPGP key"
        }
    }
}
