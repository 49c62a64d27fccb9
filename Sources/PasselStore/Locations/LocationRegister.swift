public import PasselCore
import PasselPosix

/// What this machine remembers of the places that values of a store were put to: a file
/// `locations` of the state folder.
///
///     passel locations 1
///     secret 64 HEXADECIMAL DIGITS
///     PLACE VALUE SECOND
///
/// PLACE is the keyed hash of an entry with its location, VALUE that of the value that was seen
/// there last, or `-`: neither names nor values can be told from it without trying, and the secret
/// by which they could be tried stays on this machine.
///
/// A place that is not remembered is one that nobody here has agreed to: whoever can write to the
/// store can name any place as a location of an entry.
public struct LocationRegister: Sendable {
    private struct Known: Sendable {
        var value: Digest?
        var time: Int64
    }

    private static let file: Path = "locations"
    private static let head = "passel locations 1"

    private let folder: StateFolder
    private let secret: Secret
    private var known: [Digest: Known] = [:]

    /// What a folder remembers.
    ///
    /// - Throws: a `Problem` when it is damaged.
    init(in folder: StateFolder) throws {
        self.folder = folder
        guard let content = try Files.readIfPresent(folder.file(Self.file)) else {
            secret = Secret.random(byteCount: 32)
            return
        }
        var lines = content.split(separator: .newline)[...]
        let head = lines.popFirst()
        let key = (lines.popFirst() ?? []).split(separator: 0x20)
        guard head?.elementsEqual(Self.head.utf8) == true, key.count == 2,
            key[0].elementsEqual("secret".utf8), let digits = Digest(key[1])
        else { throw Self.damaged(folder) }
        secret = digits.bytes.withUnsafeBytes { Secret(copying: $0) }
        for line in lines {
            let words = line.split(separator: 0x20)
            guard words.count == 3, let place = Digest(words[0]),
                let time = Int64(String(decoding: words[2], as: UTF8.self))
            else { throw Self.damaged(folder) }
            let value = Digest(words[1])
            guard value != nil || words[1].elementsEqual("-".utf8) else {
                throw Self.damaged(folder)
            }
            known[place] = Known(value: value, time: time)
        }
    }

    private static func damaged(_ folder: StateFolder) -> Problem {
        let path = ShellWord.text(folder.file(file).bytes)
        return Problem(
            "the record of locations is damaged: \(folder.file(file))",
            hints: ["start a new one, which knows none of them: mv \(path) \(path).damaged"])
    }

    /// Whether somebody here agreed to this place for this entry.
    public func isAgreed(_ location: Location, of entry: Path) -> Bool {
        known[place(location, entry)] != nil
    }

    /// Whether this value is the one that was seen there last, from here.
    public func isLast(_ value: Secret, in location: Location, of entry: Path) -> Bool {
        known[place(location, entry)]?.value == digest(value)
    }

    /// When a value was put there or seen there last, from here; nothing where none ever was.
    public func lastTime(in location: Location, of entry: Path) -> Int64? {
        known[place(location, entry)].flatMap { $0.value == nil ? nil : $0.time }
    }

    /// Remembers that somebody here agreed to a place.
    public mutating func agree(to location: Location, of entry: Path, at time: Int64) {
        let place = place(location, entry)
        if known[place] == nil { known[place] = Known(time: time) }
    }

    /// Remembers the value that is there now.
    public mutating func note(
        _ value: Secret, in location: Location, of entry: Path, at time: Int64
    ) {
        known[place(location, entry)] = Known(value: digest(value), time: time)
    }

    /// Forgets a place.
    public mutating func forget(_ location: Location, of entry: Path) {
        known[place(location, entry)] = nil
    }

    private func place(_ location: Location, _ entry: Path) -> Digest {
        let text = Array(entry.bytes) + [0] + location.spelling.bytes
        let key = secret.derivedKey(1)
        return text.withUnsafeBytes { Digest(code: $0, key: key) }
    }

    private func digest(_ value: Secret) -> Digest {
        let key = secret.derivedKey(2)
        return value.withBytes { Digest(code: $0, key: key) }
    }

    /// Keeps it, durably.
    fileprivate func save() throws {
        let lines = known.map { place, known in
            "\(place.hex) \(known.value?.hex ?? "-") \(known.time)\n"
        }.sorted()
        let secret = secret.withBytes { $0.hex.lowercased() }
        let text = "\(Self.head)\nsecret \(secret)\n" + lines.joined()
        try folder.write(Array(text.utf8), to: Self.file)
    }
}

extension Store {
    /// What is remembered of the places that values were put to, to read it only.
    public func locationRegister() throws -> LocationRegister {
        try LocationRegister(in: try locationFolder())
    }

    /// Changes what is remembered of places, as the only one who does.
    public func changeLocationRegister(_ body: (inout LocationRegister) -> Void) throws {
        let folder = try locationFolder()
        try folder.make()
        let lock = try FileLock.acquire(folder.path.parent, patience: 60) {
            observer.warned(Problem("another passel is at work here; waiting for it"))
        }
        defer { withExtendedLifetime(lock) {} }
        var register = try LocationRegister(in: folder)
        body(&register)
        try register.save()
    }

    private func locationFolder() throws -> StateFolder {
        guard let folder = storedPins?.folder else {
            throw Problem(
                "there is no place to remember what was put where",
                hints: ["export HOME=... or XDG_STATE_HOME=..."])
        }
        return folder
    }
}
