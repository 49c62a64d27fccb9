public import PasselCore

/// The subject of every commit that a change makes: pass's own sentences, names as the user typed
/// them.
public enum CommitSubject {
    /// An inserted entry, new or replaced.
    public static func insert(_ name: Text) -> Text { "Add given password for \(name) to store." }
    /// A generated entry; with `inPlace` only its first line is new.
    public static func generate(_ name: Text, inPlace: Bool) -> Text {
        inPlace
            ? "Replace generated password for \(name)." : "Add generated password for \(name)."
    }
    /// An edited entry.
    public static func edit(_ name: Text, editor: Text, isNew: Bool) -> Text {
        "\(isNew ? "Add" : "Edit") password for \(name) using \(editor)."
    }
    /// An entry of which fields or the secret are new.
    public static func editFields(_ name: Text) -> Text { "Edit fields of \(name)." }
    /// A key to one-time passwords in an entry of its own: pass-otp's sentence.
    public static func insertOneTimeKey(_ name: Text) -> Text {
        "Add OTP secret for \(name) to store."
    }
    /// A key to one-time passwords in an entry that was there: pass-otp's sentences.
    public static func appendOneTimeKey(_ name: Text, replacing: Bool) -> Text {
        "\(replacing ? "Replace" : "Append") OTP secret for \(name)."
    }
    /// The next number of a key that counts: pass-otp's sentence.
    public static func stepOneTimeKey(_ name: Text) -> Text {
        "Increment HOTP counter for \(name)."
    }
    /// What happened to the token of an entry, where the entry itself stays as it is.
    public static func record(_ draft: EventDraft) -> Text {
        switch draft.kind {
        case .added, .replaced, .restored, .moved, .copied:
            "Record a new token in \(draft.entry)."
        case .begun: "Record that \(draft.entry) is to get another token."
        case .abandoned: "Record that \(draft.entry) keeps its token."
        case .removed: "Record that the token of \(draft.entry) was removed."
        case .narrowed: "Record a narrower token made of \(draft.entry)."
        case .updated: "Record where the token of \(draft.entry) was put."
        case .verified: "Record that the token of \(draft.entry) was verified."
        case .revoked: "Record that the old token of \(draft.entry) was revoked."
        case .drilled: "Record that a backup was tried out."
        }
    }
    /// What happened to the tokens of several entries.
    public static func record(_ drafts: [EventDraft]) -> Text {
        "Record what happened to \(drafts.count) tokens."
    }
    /// A step of a rotation: what it came to.
    public static func rotate(_ name: Text, _ step: RotationStep) -> Text {
        switch step {
        case .begun: "Begin to rotate \(name)."
        case .revoked: "Record that the old secret of \(name) is revoked."
        case .minted: "Keep a new secret for \(name)."
        case .promoted: "Rotate \(name)."
        case .ended: "End the rotation of \(name)."
        case .abandoned: "Abandon the rotation of \(name)."
        }
    }
    /// What a step of a rotation can come to.
    public enum RotationStep: Sendable { case begun, revoked, minted, promoted, ended, abandoned }
    /// An entry with a value that was taken from a place, which is not told in clear.
    public static func pull(_ name: Text) -> Text { "Pull \(name) from its place." }
    /// Entries made of what another program kept.
    public static func importing(_ count: Int, from format: String) -> Text {
        "Import \(count) \(count == 1 ? "entry" : "entries") from \(format)."
    }
    /// A removed entry or folder.
    public static func remove(_ name: Text) -> Text { "Remove \(name) from store." }
    /// A renamed entry or folder.
    public static func move(_ old: Text, _ new: Text) -> Text { "Rename \(old) to \(new)." }
    /// What left a repository by being moved to another.
    public static func movedAway(_ old: Text) -> Text { "Remove \(old)." }
    /// A copied entry or folder.
    public static func copy(_ old: Text, _ new: Text) -> Text { "Copy \(old) to \(new)." }
    /// A folder's new recipients.
    public static func initialise(_ ids: Text, folder: Text?) -> Text {
        "Set GPG id to \(ids)\(suffix(folder))."
    }
    /// Entries encrypted anew for recipients that did not change.
    public static func reencrypt(_ ids: Text, folder: Text?) -> Text {
        "Reencrypt password store using new GPG id \(ids)\(suffix(folder))."
    }
    /// A folder whose own recipients are gone.
    public static func deinitialise(_ file: Path, folder: Text?) -> Text {
        "Deinitialize \(file)\(suffix(folder))."
    }
    /// Everything that was there when history began.
    public static let firstContents: Text = "Add current contents of password store."
    /// The attributes that let git show entries' differences.
    public static let attributes: Text = "Configure git repository for gpg file diff."

    private static func suffix(_ folder: Text?) -> Text { folder.map { " (\($0))" as Text } ?? "" }
}
