import PasselTesting

/// What a store says of its team: lists, roster, keys, and for whom its entries are.
struct TeamState: Sendable {
    /// Every file that is no entry, but for the roster's signature, which is never twice the same.
    let files: [String: [UInt8]]
    /// For whom every single entry is.
    let readers: [String]

    static let signature = ".passel/roster.sig"
    static let roster = ".passel/roster"

    /// The state that a store is wholly in.
    ///
    /// - Throws: when its entries are for different readers.
    init(_ store: StoreFiles) throws {
        files = Self.files(store)
        let readers = Set(store.entries.map { PacketReader(store.entry($0) ?? []).readers })
        guard let first = readers.first, readers.count == 1 else {
            throw SafetyProblem("entries for \(readers)")
        }
        self.readers = first
    }

    /// The files of the team in a store in whatever state.
    static func files(_ store: StoreFiles) -> [String: [UInt8]] {
        store.files.filter { !$0.key.hasSuffix(".gpg") && $0.key != signature }.mapValues(\.bytes)
    }
}
