extension OffboardingList {
    private static let head = "passel offboard 1"

    /// The file's content.
    public var content: [UInt8] {
        var lines: [Text] = [
            Text(Self.head.utf8), "person \(person.hex) \(PercentEncoding.encode(name))",
            "day \(day.spelling)",
        ]
        for id in keyIDs.sorted() { lines.append("key \(id.hex)") }
        lines += items.map(Self.line).sorted { $0.bytes.precedes($1.bytes) }
        for (name, day) in done.sorted(by: { $0.key.precedes($1.key) }) {
            lines.append("done \(PercentEncoding.encode(name)) \(day.spelling)")
        }
        return lines.flatMap { $0.bytes + [.newline] }
    }

    private static func line(_ item: Item) -> Text {
        let contents = item.contents.map(\.hex).joined(separator: ",")
        let guesses = item.place.guesses.sorted().map { "\($0.old.hex)=\($0.new.hex)" }
        let condition = guesses.isEmpty ? "" : " " + guesses.joined(separator: ",")
        let (kind, name) = (
            item.isCertain ? "entry" : "unknown", PercentEncoding.encode(item.name)
        )
        return "\(kind) \(name) \(word(item.place.name)) \(contents)\(condition)"
    }

    /// A name, or `-` for none; an entry that is called so is spelled otherwise.
    private static func word(_ name: [UInt8]?) -> [UInt8] {
        guard let name else { return Array("-".utf8) }
        return name.elementsEqual("-".utf8) ? Array("%2D".utf8) : PercentEncoding.encode(name)
    }

    /// Reads a file's content.
    ///
    /// - Throws: a `Problem` naming `path` for what is not exactly how a list is written: what is
    ///   left to be done must not be guessed at.
    public init(_ content: [UInt8], path: Path) throws {
        var lines = content.split(separator: .newline)[...]
        func words(_ line: ArraySlice<UInt8>?) -> [ArraySlice<UInt8>] {
            line?.split(separator: 0x20, omittingEmptySubsequences: false) ?? []
        }
        let start = lines.popFirst()
        let (owner, date) = (words(lines.popFirst()), words(lines.popFirst()))
        guard start?.elementsEqual(Self.head.utf8) == true, owner.count == 3, date.count == 2,
            let person = Fingerprint(owner[1]), let name = PercentEncoding.decode(owner[2]),
            let day = Day(date[1])
        else { throw Self.damaged(path) }
        self.init(person, name: name, day: day, keyIDs: [])
        // One spelling only: no order, number or blank is left to choose.
        guard lines.allSatisfy({ read(words($0)) }), self.content == content else {
            throw Self.damaged(path)
        }
    }

    private mutating func read(_ words: [ArraySlice<UInt8>]) -> Bool {
        switch (String(decoding: words[0], as: UTF8.self), words.count) {
        case ("key", 2):
            guard let id = KeyID(hex: words[1]) else { return false }
            keyIDs.insert(id)
        case ("entry", 4...5), ("unknown", 4...5):
            guard let item = Self.item(words) else { return false }
            items.append(item)
        case ("done", 3):
            guard let name = PercentEncoding.decode(words[1]), let day = Day(words[2]) else {
                return false
            }
            done[name] = day
        default: return false
        }
        return true
    }

    private static func item(_ words: [ArraySlice<UInt8>]) -> Item? {
        let isCertain = words[0].elementsEqual("entry".utf8)
        let comma = UInt8(ascii: ",")
        let contents = words[3].split(separator: comma).compactMap { Content($0) }
        let pairs = words.dropFirst(4).joined().split(separator: comma)
        let guesses = pairs.compactMap { pair -> Guess? in
            let parts = pair.split(separator: UInt8(ascii: "="))
            guard parts.count == 2, let old = Content(parts[0]), let new = Content(parts[1]) else {
                return nil
            }
            return Guess(old: old, new: new)
        }
        let now: [UInt8]? =
            switch String(decoding: words[2], as: UTF8.self) {
            case "-": nil
            case "%2D": Array("-".utf8)
            default: PercentEncoding.decode(words[2])
            }
        guard let name = PercentEncoding.decode(words[1]), !contents.isEmpty else { return nil }
        return Item(
            name, Place(now, guesses: Set(guesses)), isCertain: isCertain, contents: contents)
    }

    private static func damaged(_ path: Path) -> Problem {
        Problem(
            "\(path) is damaged: it says which secrets somebody who left still knows",
            hints: ["see who changed it: passel git log -- \(path)"])
    }
}
