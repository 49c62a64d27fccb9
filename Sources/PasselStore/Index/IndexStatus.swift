public import PasselCore
import PasselPosix

/// What can be told of the index without opening it.
public struct IndexStatus: Sendable {
    /// What it keeps; nothing where there is none.
    public internal(set) var keeps: IndexPolicy?
    /// The file that it is, there or not; nothing where this machine keeps no state.
    public internal(set) var file: Path?
    /// How large it is with what is beside it, in bytes.
    public internal(set) var size = 0
    /// How many entries the store has.
    public internal(set) var entries = 0
    /// How many of them it knows.
    public internal(set) var known = 0
    /// Of how many it knows the session key.
    public internal(set) var sessionKeys = 0
    /// How many rows are of what is no entry any more.
    public internal(set) var stale = 0
    /// Whether it is not what this machine wrote last.
    public internal(set) var isDamaged = false
}

extension Store {
    /// Whether the index is not what this machine wrote last; without one it is not.
    ///
    /// - Throws: a `Problem` for a configuration that makes no sense; `SystemError`.
    func isIndexDamaged() throws -> Bool {
        guard let folder = storedPins?.folder, try settings.configuration.index != .off else {
            return false
        }
        return try StoreIndex.absence(in: folder) == .damaged
    }

    /// What can be told of the index without any key.
    ///
    /// - Throws: a `Problem` for a configuration that makes no sense; `NotInitialised` without a
    ///   store; `SystemError`.
    public func indexStatus() throws -> IndexStatus {
        guard FileStatus.isFolder(root) else { throw NotInitialised() }
        var status = IndexStatus()
        // An entry that cannot be read is one that the index cannot know.
        let contents = try entryFiles().map { try? Files.read($0) }
        status.entries = contents.count
        guard let folder = storedPins?.folder else { return status }
        status.file = folder.file(IndexFile.name)
        guard try settings.configuration.index != .off else {
            status.keeps = .off
            return status
        }
        if let absence = try StoreIndex.absence(in: folder) {
            status.isDamaged = absence == .damaged
            return status
        }
        guard let notes = indexNotes() else { return status }
        let ids = contents.compactMap { $0.map { MessageID(of: $0) } }
        (status.known, status.sessionKeys) = notes.known(ids)
        // Events of the security log that were read are known, too.
        status.stale = notes.stale(try ids + SecurityLog(store: self).messageIDs())
        status.keeps = notes.wantsSessionKeys ? .full : .metadata
        for name in [IndexFile.name, IndexJournal.name] {
            status.size += try FileStatus(of: folder.file(name), following: false)?.size ?? 0
        }
        return status
    }
}
