public import PasselCore
import PasselPosix

/// Who can read one entry, as its packets say.
public struct EntryReaders: Sendable {
    /// The entry's name.
    public let name: Text
    /// Whom its packets are for, people first, sorted by name.
    public let readers: [Addressee]
    /// Why nobody can read it at all; nothing for a good message.
    public let flaw: Text?

    /// The folder it lies in, as part of its name; empty for the top of the store.
    public var folder: Text {
        Text(name.bytes.lastIndex(of: .slash).map { name.bytes[..<$0] } ?? [])
    }
}

extension Store {
    /// Who can read the entries at and below `name`, as typed, sorted by name; judged by the
    /// packets alone, not by any list.
    ///
    /// Nothing is decrypted; gpg is asked only about keys that the pins do not account for.
    ///
    /// - Throws: `NotInitialised` when there is no store; a `Problem` when nothing has that name.
    public func readers(below name: Path = "") throws -> [EntryReaders] {
        var survey = try Survey(self, at: name)
        try survey.known.askOwners(of: survey.ids)
        let known = survey.known
        var addressees: [[KeyID]: [Addressee]] = [:]
        return survey.scan.entries.map { entry in
            let name = survey.scan.name(entry)
            switch entry.content {
            case .flawed(let why): return EntryReaders(name: name, readers: [], flaw: why)
            case .message(let ids, _):
                let found = addressees[ids] ?? Self.sorted(ids.map(known.addressee))
                addressees[ids] = found
                return EntryReaders(name: name, readers: found, flaw: nil)
            }
        }.sorted { $0.name.bytes.precedes($1.name.bytes) }
    }

    /// The entries at and below `name` that a key can read now, sorted by name, and whose key it is.
    ///
    /// `key` is a fingerprint, a key id or part of a user id. A fingerprint or key id that nobody
    /// here knows is looked for in the packets as it is.
    ///
    /// - Throws: as above, and a `Problem` when nobody or more than one is meant.
    public func readable(
        by key: Recipient, below name: Path = ""
    ) throws -> (key: NamedKey, entries: [Text]) {
        let (owner, ids) = try self.ids(of: key)
        let scan = try EntryScan(self, at: name)
        let entries = scan.entries.filter { entry in
            if case .message(let named, _) = entry.content {
                named.contains(where: ids.contains)
            } else {
                false
            }
        }
        return (owner, entries.map(scan.name).sorted { $0.bytes.precedes($1.bytes) })
    }

    private func ids(of name: Recipient) throws -> (NamedKey, Set<KeyID>) {
        let pins = try knownPins()
        var known = KnownPeople(self, pins)
        if let fingerprint = Fingerprint(name.bytes), !known.ids(of: fingerprint).isEmpty {
            return (known.named(fingerprint), known.ids(of: fingerprint))
        }
        do {
            let person = try person(name)
            known.learn(person.key)
            return (known.named(person.fingerprint), known.ids(of: person.fingerprint))
        } catch let problem as Problem {
            let digits =
                name.bytes.starts(with: "0x".utf8) ? name.bytes.dropFirst(2) : name.bytes[...]
            let fingerprint = Fingerprint(name.bytes)
            guard digits.count == 16 || fingerprint != nil,
                let id = fingerprint?.keyID ?? KeyID(hex: digits)
            else { throw problem }
            let owner = known.owner(of: id)
            return (
                owner.map(known.named)
                    ?? NamedKey(name: "unknown key \(id.hex)", fingerprint: fingerprint),
                owner.map(known.ids) ?? [id]
            )
        }
    }

    private static func sorted(_ addressees: [Addressee]) -> [Addressee] {
        var found: [Addressee] = []
        for addressee in addressees where addressee == .hidden || !found.contains(addressee) {
            found.append(addressee)
        }
        return found.sorted { $0.rank.precedes($1.rank) }
    }
}

extension Addressee {
    /// What it is sorted by: people by name, then unknown keys, then hidden ones.
    fileprivate var rank: [UInt8] {
        switch self {
        case .key(let key): [0] + key.name.bytes + [0] + (key.fingerprint?.bytes ?? [])
        case .unknown(let id): [1] + id.hex.utf8
        case .hidden: [2]
        }
    }
}
