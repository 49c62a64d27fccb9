import PasselCore
import PasselPosix

/// Keys and people, read from the keybox and the store's own files without running gpg.
struct KeyCompletion {
    let settings: Settings

    private struct Key {
        /// A fingerprint, or whatever else a list of recipients has.
        let id: [UInt8]
        /// The user id; nothing where it is not known.
        var name: [UInt8]?

        /// `FINGERPRINT⇥USER ID`.
        var line: [UInt8] { id + (name.map { [0x09] + TerminalText.sanitised($0) } ?? []) }
    }

    /// `FINGERPRINT⇥USER ID` of the team and of every key in the keybox, and every other recipient
    /// of the store.
    ///
    /// `prefix` may be the start of the fingerprint, of the user id or of the address in it, in any
    /// case of letters.
    func keys(_ prefix: [UInt8]) -> [[UInt8]] {
        let keybox = keybox()
        return lines(keybox + team(keybox), prefix)
    }

    /// The same of the team alone: who is in the roster, or in the store's list of recipients.
    func members(_ prefix: [UInt8]) -> [[UInt8]] { lines(team(keybox()), prefix) }

    /// The same of those who ask to join.
    func requests(_ prefix: [UInt8]) -> [[UInt8]] {
        let folder = settings.store / RequestFile.folder
        // Without that folder nobody asks.
        let names = ((try? Files.names(in: folder)) ?? []).map(\.bytes).sorted { $0.precedes($1) }
        return lines(names.compactMap { Fingerprint($0).flatMap(request) }, prefix)
    }

    private func request(_ key: Fingerprint) -> Key? {
        let path = settings.store / RequestFile.path(key)
        // What is no request is not offered; `recipients approve` tells what is wrong with it.
        let content = try? Files.read(path, limit: RequestFile.limit, followingLinks: false)
        return content.flatMap { try? RequestFile($0) }.map { Key(id: key.bytes, name: $0.name) }
    }

    private func lines(_ keys: [Key], _ prefix: [UInt8]) -> [[UInt8]] {
        let start = prefix.map(\.asciiLowercased)
        func matches(_ text: some Sequence<UInt8>) -> Bool {
            text.map(\.asciiLowercased).starts(with: start)
        }
        var told: Set<[UInt8]> = []
        return keys.filter { key in
            let name = key.name ?? []
            let address = name.drop { $0 != UInt8(ascii: "<") }.dropFirst()
            return (matches(key.id) || matches(name) || matches(address))
                && told.insert(key.id).inserted
        }.map(\.line)
    }

    private func keybox() -> [Key] {
        let home =
            settings.environment["GNUPGHOME"].flatMap { $0.isEmpty ? nil : Path($0) }
            ?? Path(settings.environment["HOME"] ?? []) / ".gnupg"
        // No keybox, no keys: gpg makes it with the first one.
        let content = (try? Files.readIfPresent(home / "pubring.kbx")).flatMap { $0 } ?? []
        return Keybox(content).keys.map { Key(id: $0.fingerprint.bytes, name: $0.userID) }
    }

    private func team(_ keybox: [Key]) -> [Key] {
        // A roster that cannot be read is for the commands to tell; here the list does.
        if let content = (try? Files.readIfPresent(settings.store / Roster.file)).flatMap({ $0 }),
            let roster = try? Roster(content)
        {
            return roster.keys.sorted { $0.key < $1.key }.map {
                Key(id: $0.key.bytes, name: $0.value.name)
            }
        }
        let list = (try? Files.readIfPresent(settings.store / ".gpg-id")).flatMap { $0 } ?? []
        let recipients = (try? RecipientList(list, path: ".gpg-id"))?.recipients.map(\.bytes) ?? []
        return recipients.map { id in
            keybox.first { $0.id == id } ?? Key(id: id, name: nil)
        }
    }
}
