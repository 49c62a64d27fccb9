import PasselCore
import PasselPosix

/// Keys for `init`, read from the keybox and the store's own lists without running gpg.
struct KeyCompletion {
    let settings: Settings

    /// `FINGERPRINT⇥USER ID` of every key in the keybox, and every other recipient of the store.
    ///
    /// `prefix` may be the start of the fingerprint, of the user id or of the address in it, in any
    /// case of letters.
    func keys(_ prefix: [UInt8]) -> [[UInt8]] {
        let home =
            settings.environment["GNUPGHOME"].flatMap { $0.isEmpty ? nil : Path($0) }
            ?? Path(settings.environment["HOME"] ?? []) / ".gnupg"
        // No keybox, no keys: gpg makes it with the first one.
        let keybox = (try? Files.readIfPresent(home / "pubring.kbx")).flatMap { $0 } ?? []
        let start = prefix.map(\.asciiLowercased)
        func matches(_ text: some Sequence<UInt8>) -> Bool {
            text.map(\.asciiLowercased).starts(with: start)
        }
        let all = Keybox(keybox).keys
        let known = all.filter { key in
            matches(key.fingerprint.utf8) || matches(key.userID)
                || matches(key.userID.drop { $0 != UInt8(ascii: "<") }.dropFirst())
        }.map { $0.fingerprint.bytes + [0x09] + TerminalText.sanitised($0.userID) }
        let list = (try? Files.readIfPresent(settings.store / ".gpg-id")).flatMap { $0 } ?? []
        let listed = (try? RecipientList(list, path: ".gpg-id"))?.recipients.map(\.bytes) ?? []
        let unknown = listed.filter { id in !all.contains { $0.fingerprint.bytes == id } }
        return known + unknown.filter { matches($0) }
    }
}
