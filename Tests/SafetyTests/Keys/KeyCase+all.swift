extension KeyCase {
    /// All cases, by number.
    static let all: [KeyCase] = [
        changedLists, nestedLists, signedLists, companions, settings, lookAlikes, keyFiles,
        unfitKeys, rosters, ends, ownKeys, remedies,
    ].flatMap(\.self)
}
