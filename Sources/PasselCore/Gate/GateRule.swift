/// What a commit from elsewhere can break, as reports and `--json` name it.
public enum GateRule: String, Sendable, CaseIterable {
    /// A symbolic link.
    case link
    /// A commit of another repository.
    case submodule
    /// A file that can be run.
    case executable
    /// A mode that git does not write.
    case mode
    /// A name that git or another system takes for `.git`, or that leads out of its folder.
    case gitName = "git-name"
    /// A name that no entry can have.
    case name
    /// Attributes by which git would change or run something.
    case attributes
    /// A list of submodules.
    case modules
    /// A repository within the store.
    case repository
    /// An extension: a program that `pass` would run.
    case `extension`
    /// An entry that is not one message encrypted to keys.
    case entry
    /// An event of the security log that is gone, or is another one.
    case log
    /// Something larger than its kind may be.
    case size
    /// More names or commits than may be.
    case count
    /// Folders too deep in each other.
    case depth
    /// An object that is missing, damaged, or of another kind.
    case object
    /// A roster that is older than the acknowledged one, or gone.
    case roster
    /// A commit that nobody of the team signed.
    case unsigned
    /// A commit by somebody who may not write in that folder.
    case writer
}
