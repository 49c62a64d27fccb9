import PasselCore
import PasselGit

/// An entry that both sides changed: what each of the three has, and where what comes of it goes.
struct EntryCase {
    /// The name afterwards.
    let place: [UInt8]
    /// The name that it had, where one side renamed it.
    var renamedFrom: [UInt8]?
    let base: GitLeaf?
    let ours: GitLeaf?
    let theirs: GitLeaf?
    /// Which side changed it last.
    let newer: MergeSide

    func leaf(_ side: MergeSide) -> GitLeaf? { side == .ours ? ours : theirs }
}
