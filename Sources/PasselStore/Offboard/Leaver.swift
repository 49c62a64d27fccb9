import PasselCore
import PasselGit
import PasselPosix

/// Somebody who leaves, by every key that was ever known of them.
struct Leaver {
    let fingerprint: Fingerprint
    /// The user id by which they are known.
    let name: Text
    /// Every version of the key.
    private let versions: [PublicKey]
    /// The ids of every part that ever encrypted.
    let keyIDs: Set<KeyID>

    /// Somebody by all versions of the key, the newest first, and what else is known.
    ///
    /// Nothing when there is no version and no id.
    init?(_ fingerprint: Fingerprint, versions: [PublicKey], name: Text?, keyIDs: Set<KeyID>) {
        let all = versions.reduce(into: keyIDs) { $0.formUnion($1.readerIDs) }
        guard !all.isEmpty else { return nil }
        self.fingerprint = fingerprint
        self.versions = versions
        self.name = name ?? versions.first?.name ?? Text(fingerprint.bytes)
        self.keyIDs = all
    }

    /// Whether they can read a message.
    enum Answer: Equatable {
        case yes, no
        /// The message hides its readers, and nothing says who they are.
        case unknown
    }

    /// Whether they can read a message of these readers; `list` is what held for its folder when it
    /// was written.
    func canRead(_ readers: MessageReaders, list: () throws -> [UInt8]?) rethrows -> Answer {
        if !keyIDs.isDisjoint(with: readers.ids) { return .yes }
        guard readers.ids.contains(.hidden) else { return .no }
        return isNamed(try list(), of: readers.ids.count)
    }

    /// Whether a list names them, as far as it says for whom a message with so many readers is.
    private func isNamed(_ content: [UInt8]?, of count: Int) -> Answer {
        // A list that cannot be read says nothing.
        guard let content, let list = try? RecipientList(content, path: ".gpg-id") else {
            return .unknown
        }
        let names = list.recipients.map { name in
            name.bytes.last == UInt8(ascii: "!") ? Recipient(name.bytes.dropLast()) : name
        }
        if names.contains(where: matches) { return .yes }
        // Fingerprints and key ids mean one key; anything else may mean several, or them.
        let isPlain = names.allSatisfy { name in
            Fingerprint(name.bytes) != nil || Self.keyID(name) != nil
        }
        return isPlain && names.count == count ? .no : .unknown
    }

    private func matches(_ name: Recipient) -> Bool {
        if Fingerprint(name.bytes) == fingerprint { return true }
        if let id = Self.keyID(name) { return keyIDs.contains(id) || id == fingerprint.keyID }
        return versions.contains { key in
            key.matches(name)
                || ([key.primary] + key.subkeys).contains {
                    $0.fingerprint == Fingerprint(name.bytes)
                }
        }
    }

    private static func keyID(_ name: Recipient) -> KeyID? {
        let digits = name.bytes.starts(with: "0x".utf8) ? name.bytes.dropFirst(2) : name.bytes[...]
        return digits.count == 16 ? KeyID(hex: digits) : nil
    }
}

extension Store {
    /// The one person that a name means, of those whose keys are or ever were in the store, in this
    /// machine's pins or in the user's keyring, and of those who left before.
    ///
    /// - Throws: a `Problem` when nobody or more than one is meant, listing them.
    func leaver(
        _ name: Recipient, _ histories: [EntryHistory], _ lists: [OffboardingList]
    ) throws -> Leaver {
        let travelling = try travellingKeys(histories, of: nil)
        let keys = try cipher.keys([name], in: .own) + travelling.filter { $0.matches(name) }
        let left = lists.filter { $0.isOf(name) }.map { ($0.person, Text($0.name)) }
        var found: [Fingerprint: Text] = [:]
        for (fingerprint, name) in keys.map({ ($0.fingerprint, $0.name) }) + left
        where found[fingerprint] == nil {
            found[fingerprint] = name
        }
        guard found.count < 2 else {
            let names = found.sorted { $0.key < $1.key }.map { "\($0.key.hex) \($0.value)" as Text }
            throw Problem(
                "\(Text(name.bytes)) means more than one key: \(names.joined(separator: ", "))",
                hints: ["name one by its whole fingerprint: \(found.keys.min()?.hex ?? "")"])
        }
        guard let fingerprint = found.keys.first,
            let leaver = try leaver(fingerprint, travelling, lists)
        else {
            throw Problem(
                "there is no key for \(Text(name.bytes)), neither in the store nor in your keyring",
                hints: [
                    "see who belongs to the store: passel recipients",
                    "import it: gpg --import FILE",
                ])
        }
        return leaver
    }

    /// Somebody by all that is known of their key; nothing when nothing is known.
    func leaver(
        _ fingerprint: Fingerprint, _ travelling: [PublicKey], _ lists: [OffboardingList]
    ) throws -> Leaver? {
        let pins = try storedPins?.load(settling: false)
        let acknowledged = (pins?.readers.values.compactMap { $0[fingerprint] }) ?? []
        let left = lists.first { $0.person == fingerprint }
        let ids = acknowledged.reduce(into: left?.keyIDs ?? []) { $0.formUnion($1.keyIDs) }
        var versions = try cipher.keys([fingerprint.recipient], in: .own)
        if let stored = storedPins, let digest = pins?.keys[fingerprint] {
            let file = try PrivateKeyring(folder: stored.folder, cipher: cipher).file(digest)
            versions += try cipher.keys(inFile: file)
        }
        versions += travelling
        let name = pins?.roster?.roster.keys[fingerprint].map { Text($0.name) }
        return Leaver(
            fingerprint, versions: versions.filter { $0.fingerprint == fingerprint },
            name: left.map { Text($0.name) } ?? name, keyIDs: ids)
    }

    /// The keys in all key files that are or ever were in the store, or those of some people.
    ///
    /// Recognised by what is in them.
    func travellingKeys(
        _ histories: [EntryHistory], of people: Set<Fingerprint>?
    ) throws -> [PublicKey] {
        var files = try TeamFiles(store: self).contents()
        for history in histories {
            files += try history.keyFiles.map {
                try history.repository.contentHead(of: $0, count: 1 << 20)
            }
        }
        var seen: Set<[UInt8]> = []
        return try files.filter { seen.insert($0).inserted }.flatMap { file -> [PublicKey] in
            // What can be taken apart without gpg need not be shown to it.
            if let people, let known = KeyFile(file), people.isDisjoint(with: known.fingerprints) {
                return []
            }
            return try cipher.keys(inFile: file)
        }
    }
}

extension OffboardingList {
    /// Whether a user's word for somebody means the person whose list it is.
    func isOf(_ name: Recipient) -> Bool {
        if let given = Fingerprint(name.bytes) { return given == person }
        if name.bytes.count >= 16, let id = KeyID(hex: name.bytes), keyIDs.contains(id) {
            return true
        }
        let wanted = name.bytes.map(\.asciiLowercased)
        return !wanted.isEmpty && self.name.map(\.asciiLowercased).includes(wanted)
    }
}
