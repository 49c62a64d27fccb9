public import PasselCore

/// Whether somebody's key is fit to be encrypted to, before they are added anywhere.
public struct KeyCheck {
    /// Whose key it is.
    public let person: Person
    /// The second that it is judged in.
    public let now: Int64

    /// A check of somebody's key, in this second since the epoch.
    public init(_ person: Person, at now: Int64) {
        self.person = person
        self.now = now
    }

    private var key: PublicKey { person.key }
    private var name: Text { key.name }
    private var hex: String { key.fingerprint.hex }

    /// Why nobody can encrypt to the key, and what its owner can do; nothing when it can be done.
    public var failure: Problem? {
        switch key.state(at: now) {
        case .ok, .expiring: return nil
        case .expired(let end):
            return refused("it expired on \(Day(second: end).spelling)", prolonging)
        case .revoked: return refused("they revoked it", ["gpg --full-generate-key"])
        case .unusable where key.isDisabled:
            return Problem(
                "cannot encrypt to \(name): you disabled the key in your keyring",
                hints: ["enable it again: gpg --edit-key \(hex) enable quit"])
        case .unusable where key.readerIDs.isEmpty:
            return refused(
                "no part of the key encrypts", ["gpg --quick-add-key \(hex) default encr"])
        case .unusable:
            return refused(
                "gpg calls the key invalid, or every part that encrypts",
                ["gpg --quick-add-key \(hex) default encr"])
        }
    }

    /// What prolongs the key, and its newest subkey that encrypts.
    ///
    /// gpg prolongs a subkey that has expired only if its fingerprint is given: `*` passes it over.
    private var prolonging: [Text] {
        func isExpired(_ part: PublicKey.Part) -> Bool { part.expires.map { $0 <= now } ?? false }
        let subkey = key.subkeys.filter { $0.canEncrypt && !$0.isRevoked && !$0.isInvalid }
            .max { $0.created < $1.created }
        let whole = "gpg --quick-set-expire \(hex) 1y" as Text
        return (isExpired(key.primary) ? [whole] : [])
            + (subkey.flatMap { isExpired($0) ? ["\(whole) \($0.fingerprint.hex)"] : nil } ?? [])
    }

    private func refused(_ why: Text, _ commands: [Text]) -> Problem {
        Problem("cannot encrypt to \(name): \(why)", hints: toOwner(commands))
    }

    /// What the owner of the key is to type.
    private func toOwner(_ commands: [Text]) -> [Text] {
        commands.map { "let \(name) do: \($0)" as Text } + [publish]
    }

    private var publish: Text { "and let them publish the key again: passel join --key \(hex)" }

    /// Why the key should not be encrypted to although it can, together with the keys in these
    /// files, which are those of all other readers of the folder.
    ///
    /// Weak keys, and keys that make programs write what others cannot read.
    public func doubts(beside others: [[UInt8]]) -> [Problem] {
        var found: [Problem] = []
        if let part = weakest {
            found.append(
                doubt(
                    "the key of \(name) is weak: \(part.bits) bits of \(Self.word(part.algorithm))",
                    toOwner(["gpg --full-generate-key"])))
        }
        let preferences = KeyPreferences(person.file)
        let version = preferences?.version ?? (hex.utf8.count == 40 ? 4 : 5)
        if version > 4 {
            found.append(
                doubt(
                    "the key of \(name) is of version \(version), which many programs cannot use",
                    toOwner(["gpg --full-generate-key"])))
        }
        let advertise = [preferences] + others.map { KeyPreferences($0) }
        if advertise.allSatisfy({ $0?.advertisesAEAD == true }) { found.append(authenticated) }
        return found
    }

    /// Every reader's key says that authenticated encryption is welcome.
    private var authenticated: Problem {
        doubt(
            "the keys of \(name) and of everybody else in the folder ask for a kind of message that many programs cannot read (AEAD)",
            [
                // Measured: GnuPG 2.2 shows the mark, and keeps it.
                "let \(name) do, with GnuPG 2.3 or later: gpg --edit-key \(hex) '\(Self.preferences)' save",
                "it helped if this shows no AEAD any more: gpg --edit-key \(hex) showpref quit",
                publish,
            ])
    }

    /// The command of `gpg --edit-key` after which a key advertises no authenticated encryption.
    private static let preferences =
        "setpref AES256 AES192 AES SHA512 SHA384 SHA256 SHA224 ZLIB BZIP2 ZIP Uncompressed"

    private func doubt(_ message: Text, _ hints: [Text]) -> Problem {
        Problem(message, hints: hints + ["use it as it is: add --force"])
    }

    /// The weakest part that somebody would have to break, if it is weaker than 2048 bits of RSA.
    private var weakest: PublicKey.Part? {
        let parts = [key.primary] + key.subkeys.filter { $0.canEncrypt && $0.isUsable(at: now) }
        return parts.filter { Self.word($0.algorithm) != "" && $0.bits < 2048 }
            .min { $0.bits < $1.bits }
    }

    /// The algorithms whose strength is a matter of length: RFC 9580 §9.1.
    private static func word(_ algorithm: Int) -> String {
        switch algorithm {
        case 1, 2, 3: "RSA"
        case 16, 20: "Elgamal"
        case 17: "DSA"
        default: ""
        }
    }
}

extension TeamDraft {
    /// Refuses somebody whose key is not fit for the folders that they are added to.
    ///
    /// Returns what speaks against the key where `force` lets it pass, to be told as a warning.
    ///
    /// - Throws: a `Problem` that names the person and says what the key's owner can type.
    @discardableResult
    public func check(
        _ person: Person, in folders: [Path], at now: Int64, force: Bool
    ) throws -> [Problem] {
        let check = KeyCheck(person, at: now)
        if let failure = check.failure { throw failure }
        var doubts: [Problem] = []
        for folder in folders {
            let readers = roster.governing(folder).flatMap { roster.folders[$0]?.keys } ?? [:].keys
            let others = readers.filter { $0 != person.fingerprint }.compactMap { files[$0] }
            for doubt in check.doubts(beside: others)
            where !doubts.contains(where: { $0.message == doubt.message }) {
                doubts.append(doubt)
            }
        }
        if !force, let first = doubts.first { throw first }
        return doubts
    }
}
