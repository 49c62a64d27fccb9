/// Entries that passel itself keeps beside one of the user's: the other version of a conflict, and
/// the other secret of a rotation.
public enum KeptEntry {
    /// Beside which entry one of this name would be kept; nothing for any other name.
    public static func owner(of name: Path) -> Path? {
        ConflictName.parse(name)?.original
            ?? RotationRecord.Side.allCases.lazy.compactMap { $0.entry(of: name) }.first
    }

    /// The names without those that are kept beside another one of them.
    public static func leavingOut(_ names: [Path]) -> [Path] {
        let all = Set(names)
        return names.filter { name in owner(of: name).map { !all.contains($0) } ?? true }
    }
}
