import PasselCore
import PasselPosix

/// What gpg says of the keys in bare lists, asked before it is needed, while something else takes
/// its time.
final class KeysAhead {
    private let asked: [Recipient]
    private let answer: Pending<Result<[PublicKey], any Error>>

    /// Asks for those whom a survey of the whole store will ask for; nothing where it asks nobody.
    ///
    /// Of a store that this machine has not seen before, for those in its top list: mostly there is
    /// no other.
    init?(_ store: Store) throws {
        var pins = Pins()
        if let known = try store.storedPins?.load(settling: false) {
            pins = known
        } else {
            pins.lists = try store.lists(in: [Roster.top])
        }
        var people: Set<Fingerprint> = []
        var names: Set<Recipient> = []
        for (folder, content) in pins.lists where pins.roster?.roster.folders[folder] == nil {
            if let pinned = pins.readers[folder] {
                people.formUnion(pinned.keys)
            } else {
                let file = store.root / folder / ".gpg-id"
                // One that makes no sense is told by the survey.
                guard let list = try? RecipientList(content, path: file) else { return nil }
                names.formUnion(list.recipients)
            }
        }
        guard !people.isEmpty || !names.isEmpty else { return nil }
        let (asked, cipher) = (KnownPeople.asked(names, besides: people), store.cipher)
        self.asked = asked
        answer = Parallel.begin { Result { try cipher.keys(asked, in: .own) } }
    }

    /// The keys, if it was these that were asked for.
    func keys(_ names: [Recipient]) throws -> [PublicKey]? {
        names == asked ? try answer.value().get() : nil
    }
}
