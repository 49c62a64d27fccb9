import PasselCore

extension Store {
    /// The keys of a folder's readers that are encrypted to, without those that the user said to
    /// leave out.
    ///
    /// Warns of keys that end within 30 days.
    ///
    /// - Throws: a `Problem` that names whoever cannot be encrypted to.
    func usable(
        _ readers: Roster.Readers, in folder: Path, _ pins: Pins
    ) throws -> [Fingerprint] {
        let now = settings.now()
        var kept: [Fingerprint] = []
        for (fingerprint, membership) in readers.sorted(by: { $0.key < $1.key }) {
            let name = pins.roster?.roster.keys[fingerprint].map { Text($0.name) }
            let person = name ?? Text(fingerprint.hex.utf8)
            let end = pins.readers[folder]?[fingerprint]?.end
            let isOver = membership.until.map { Day(second: now) > $0 } ?? false
            let isUnusable = isOver || (end.map { $0 <= now } ?? false)
            if isSkipped(fingerprint, person) {
                guard isUnusable else { throw Self.needlesslySkipped(person) }
                leftOut.add(fingerprint, person)
                continue
            }
            if let until = membership.until, isOver {
                throw unusable(person, fingerprint, "was to read until \(until.spelling)")
            }
            if let end, isUnusable {
                throw unusable(
                    person, fingerprint,
                    end == Pins.Reader.unusable
                        ? "the key is revoked or cannot encrypt"
                        : "the key expired on \(Day(second: end).spelling)")
            }
            if let end { warnOfEnd(end, person) }
            kept.append(fingerprint)
        }
        guard !kept.isEmpty else {
            throw Problem(
                "nobody is left to encrypt to in \(shown(folder))",
                hints: ["see who belongs to it: passel recipients"])
        }
        return kept
    }

    /// The audience of a bare list, without those whom the user said to leave out.
    func listed(_ names: [Recipient], _ folder: Path, _ pins: Pins?) throws -> Audience {
        let now = settings.now()
        let known = pins?.readers[folder] ?? [:]
        for (fingerprint, reader) in known.sorted(by: { $0.key < $1.key })
        where reader.isEnding(now) {
            // Its owner may have prolonged it since.
            let keys = try cipher.keys([fingerprint.recipient], in: .own)
            guard let key = keys.first(where: { $0.fingerprint == fingerprint }),
                case .expiring(let end) = key.state(at: now), !isSkipped(fingerprint, key.name)
            else { continue }
            warnOfEnd(end, key.name)
        }
        guard !settings.skipped.isEmpty else { return .listed(names, folder: folder) }
        let kept = try names.filter { name in
            let keys = try cipher.keys([name], in: .own)
            guard let skipped = keys.first(where: { isSkipped($0.fingerprint, $0.name) }) else {
                return true
            }
            guard !skipped.state(at: now).isUsable else {
                throw Self.needlesslySkipped(skipped.name)
            }
            leftOut.add(skipped.fingerprint, skipped.name)
            return false
        }
        guard !kept.isEmpty else {
            throw Problem(
                "nobody is left to encrypt to in \(shown(folder))",
                hints: ["see who belongs to it: passel recipients"])
        }
        return .listed(kept, folder: folder)
    }

    /// Whether the user said to leave this key out of what is written now.
    func isSkipped(_ key: Fingerprint, _ name: Text) -> Bool {
        let words = settings.skipped.filter { Self.means($0, key, name) }
        for word in words { leftOut.understand(word) }
        return !words.isEmpty
    }

    private static func means(_ word: Recipient, _ key: Fingerprint, _ name: Text) -> Bool {
        if let given = Fingerprint(word.bytes) { return given == key }
        if let id = KeyID(hex: word.bytes), word.bytes.count >= 16 { return id == key.keyID }
        return !word.bytes.isEmpty && name.bytes.includes(word.bytes)
    }

    private static func needlesslySkipped(_ person: Text) -> Problem {
        Problem(
            "the key of \(person) can be used; nobody is left out without need",
            hints: ["take them out for good: passel recipients rm KEY"])
    }

    private func warnOfEnd(_ end: Int64, _ person: Text) {
        guard end - settings.now() <= KeyState.warningSeconds else { return }
        observer.warned(
            Problem(
                "the key of \(person) expires on \(Day(second: end).spelling)",
                hints: ["once they have prolonged it: passel recipients refresh"]))
    }

    private func unusable(_ person: Text, _ key: Fingerprint, _ why: Text) -> Problem {
        Problem(
            "cannot encrypt to \(person): \(why)",
            hints: [
                "once they have prolonged it: passel recipients refresh",
                "write without them, for now: add --skip \(key.hex)",
            ])
    }
}
