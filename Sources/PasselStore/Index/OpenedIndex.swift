import PasselCore
import PasselPosix

/// The index of this run: opened at most once, for opening it may ask for a passphrase.
final class OpenedIndex {
    /// What came of looking for it.
    enum State {
        case unknown
        case absent
        case open(StoreIndex)
    }

    var state = State.unknown

    /// The index, if this run opened it.
    var current: StoreIndex? {
        if case .open(let index) = state { return index }
        return nil
    }
}

extension Store {
    /// The folder of the index; nothing where there is no place for one, or none is wanted.
    func indexFolder() throws -> StateFolder? {
        guard try settings.configuration.index != .off else { return nil }
        return storedPins?.folder
    }

    /// The index, opened if it is not yet: one operation with the user's secret key.
    ///
    /// One that is not what this machine wrote is removed, and that is told once.
    ///
    /// - Parameter making: whether one is made where there is none.
    /// - Throws: a `Problem` when the user's key cannot be used at the moment.
    func index(making: Bool) throws -> StoreIndex? {
        switch indexes.state {
        case .open(let index): return index
        case .absent where !making: return nil
        case .absent, .unknown: break
        }
        guard let folder = try indexFolder() else { return nil }
        do {
            let index = try StoreIndex.open(in: folder, cipher)
            if try index.anchor.keepsSessionKeys == keepsSessionKeys(index.anchor) {
                indexes.state = .open(index)
                return index
            }
            _ = try StoreIndex.remove(in: folder)
        } catch StoreIndex.Absence.none {
        } catch StoreIndex.Absence.damaged {
            observer.warned(
                Problem("the index is not what this machine wrote last; it is not used any more"))
            _ = try StoreIndex.remove(in: folder)
        }
        indexes.state = .absent
        guard making, let made = try makeIndex(in: folder) else { return nil }
        indexes.state = .open(made)
        return made
    }

    /// Whether the index keeps session keys: as the user said, else as it was made.
    private func keepsSessionKeys(_ anchor: IndexAnchor) throws -> Bool {
        try settings.configuration.index.map { $0 == .full } ?? anchor.keepsSessionKeys
    }

    /// An index for the user's key that most likely reads the store; nothing without such a key.
    private func makeIndex(in folder: StateFolder) throws -> StoreIndex? {
        let now = settings.now()
        let own = try cipher.secretKeys().filter { key in
            key.state(at: now).isUsable
        }
        guard let key = try own.first(where: readsTop) ?? own.first else { return nil }
        let isOnCard = ([key.primary] + key.subkeys).contains { $0.canEncrypt && $0.isOnCard }
        let policy = try settings.configuration.index ?? (isOnCard ? .metadata : .full)
        return try StoreIndex.make(
            in: folder, cipher, for: key.fingerprint, keepsSessionKeys: policy == .full)
    }

    /// Whether a key is among the recipients of the store's top folder.
    private func readsTop(_ key: PublicKey) throws -> Bool {
        switch try? audience(of: root) {
        case .given(let names), .listed(let names, _): names.contains(where: key.matches)
        case .pinned(let keys, _, _): keys.contains(key.fingerprint)
        // A store without a list has no recipients to look at.
        case nil: false
        }
    }

    /// Removes the index; whether there was one.
    ///
    /// - Throws: a `Problem` or `SystemError` when it cannot be removed.
    public func clearIndex() throws -> Bool {
        indexes.state = .absent
        guard let folder = storedPins?.folder else { return false }
        return try StoreIndex.remove(in: folder)
    }
}
