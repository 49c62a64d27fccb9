import PasselCore
import PasselPosix

/// Keys for `init`, read from the keybox and the store's own lists without running gpg.
struct KeyCompletion {
    let settings: Settings

    /// `FINGERPRINT⇥USER ID` of every key in the keybox, and every recipient of the store, that starts with `prefix`.
    func keys(_ prefix: [UInt8]) -> [[UInt8]] {
        let home = settings.environment["GNUPGHOME"].flatMap { $0.isEmpty ? nil : Path($0) }
            ?? Path(settings.environment["HOME"] ?? []) / ".gnupg"
        // No keybox, no keys: gpg makes it with the first one.
        let keybox = (try? Files.readIfPresent(home / "pubring.kbx")).flatMap { $0 } ?? []
        let known = Keybox(keybox).keys.map { key in
            key.fingerprint.bytes + [0x09] + Text(TerminalText.sanitised(key.userID)).bytes
        }
        let list = (try? Files.readIfPresent(settings.store / ".gpg-id")).flatMap { $0 } ?? []
        let listed = (try? RecipientList(list, path: ".gpg-id"))?.recipients.map(\.bytes) ?? []
        let unknown = listed.filter { id in !known.contains { $0.starts(with: id) } }
        return (known + unknown).filter { $0.starts(with: prefix) }
    }
}
