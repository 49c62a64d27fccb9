/// What an entry is after two sides changed it.
///
/// Part by part, against what both started from: what one side changed is taken, what both changed
/// alike is taken once. A part that both changed differently is a conflict, in which the newer
/// side's stands; then the caller keeps the whole other side. A field that one side deleted and
/// the other changed stays.
///
/// - Fields are the same by their key, in either case of letters, and changed when the value is. Of several with one key those of
///   equal content are the same, and of the rest the first is the first. Where there was one, new
///   ones of both sides stay side by side; where there was none, they are the same field.
/// - Lines of text are compared in order, as in a three-way comparison of files: a conflict is what
///   both changed between two lines that neither touched. What both only added at the same place
///   stays, the older side's first.
/// - A field that one side moved is where that side put it. Where both put something, what was
///   there before goes first, then the older side's, then the newer side's.
/// - Line ends, and whether the last line has one, are merged like parts of their own, without
///   conflicts.
///
/// The rule does not know which side is ours: with sides and `newer` swapped it gives the same.
public struct EntryMerge: Sendable {
    /// What the entry is afterwards.
    public let merged: Secret
    /// What was changed differently on both sides; in `merged` the newer side's stands.
    public let conflicts: [EntryPart]
    /// The side that `merged` is byte for byte; ours when it is both, nothing when it is made of
    /// both.
    public let origin: MergeSide?

    /// The result for two sides that started from `base`; without one, both added the entry.
    ///
    /// `newer` decides conflicts. The whole other side is to be kept when there are any.
    public static func merging(
        base: Secret?, ours: Secret, theirs: Secret, newer: MergeSide
    ) -> EntryMerge {
        if ours == theirs || theirs == base {
            return EntryMerge(merged: ours, conflicts: [], origin: .ours)
        }
        if ours == base { return EntryMerge(merged: theirs, conflicts: [], origin: .theirs) }

        let rule = UnitMerge(
            base: base.map(EntryText.init), newer: EntryText(newer == .ours ? ours : theirs),
            older: EntryText(newer == .ours ? theirs : ours))
        let (merged, conflicts) = rule.result()
        let origin: MergeSide? = merged == ours ? .ours : merged == theirs ? .theirs : nil
        return EntryMerge(merged: merged, conflicts: conflicts, origin: origin)
    }
}
