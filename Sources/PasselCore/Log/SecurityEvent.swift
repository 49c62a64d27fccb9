/// One event of the security log, as its file has it once it is decrypted.
///
///     passel event 1
///     time: 2027-01-31T12:00:00Z
///     actor: Ann <ann@example.org>
///     key: FINGERPRINT
///     entry: web/pypi
///     from: ci/pypi
///     event: replaced
///     old: 1a2b
///     new: 3c4d
///     location: pypirc:~/.pypirc#pypi
///     result: …
///     reason: …
///     nonce: 32 hexadecimal digits
///     previous: 20270130T080000Z-…
///
/// `location` and `previous` can stand several times; what is not known is left out; lines that a
/// later version adds are kept. In a value `\xHH` stands for a control character or a backslash.
/// The nonce keeps the file's name, which is made of the text's digest, from telling what is in it.
public struct SecurityEvent: Sendable, Equatable {
    /// The text.
    public let content: [UInt8]
    private let lines: [Line]

    private struct Line: Sendable, Equatable {
        let key: [UInt8]
        let value: Text
    }

    private static let head = Array("passel event 1".utf8)

    /// The largest text that is read.
    public static let limit = 1 << 16

    /// An event of now.
    ///
    /// - Parameters:
    ///   - actor: who did it, as git calls the person.
    ///   - key: the person's key.
    ///   - nonce: 16 random bytes.
    ///   - previous: the events that nothing came after before.
    public init(
        _ draft: EventDraft, time: Instant, actor: Text?, key: Fingerprint?, nonce: [UInt8],
        previous: [EventName]
    ) {
        var lines: [(String, Text?)] = [
            ("time", time.spelling), ("actor", actor),
            ("key", key.map { Text($0.hex.utf8) }), ("entry", Text(draft.entry.bytes)),
            ("from", draft.source.map { Text($0.bytes) }),
            ("event", Text(draft.kind.rawValue.utf8)), ("old", draft.oldLastFour),
            ("new", draft.newLastFour),
        ]
        lines += draft.locations.map { ("location", $0) }
        lines += [
            ("result", draft.result), ("reason", draft.reason),
            ("nonce", Text(nonce.hex.lowercased().utf8)),
        ]
        lines += previous.sorted().map { ("previous", $0.text) }
        self.lines = lines.compactMap { key, value in
            value.map { Line(key: Array(key.utf8), value: $0) }
        }
        content =
            Self.head + [.newline]
            + self.lines.flatMap { line in
                line.key + Array(": ".utf8) + Self.escaped(line.value.bytes) + [.newline]
            }
    }

    /// Reads a text.
    ///
    /// - Throws: `Malformed` for one that is no event, or one of a later version.
    public init(_ content: [UInt8]) throws(Malformed) {
        guard content.count <= Self.limit, content.last == .newline else { throw Malformed() }
        var rest = content.split(
            separator: .newline, omittingEmptySubsequences: false)[...].dropLast()
        guard rest.popFirst()?.elementsEqual(Self.head) == true else { throw Malformed() }
        var lines: [Line] = []
        for line in rest {
            guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex,
                line[(colon + 1)...].first == 0x20,
                let value = Self.unescaped(line[(colon + 2)...])
            else { throw Malformed() }
            lines.append(Line(key: Array(line[..<colon]), value: Text(value)))
        }
        self.content = content
        self.lines = lines
        guard instant != nil, !entry.isEmpty, !event.bytes.isEmpty else { throw Malformed() }
    }

    /// Why a text is no event.
    public struct Malformed: Error, Equatable {}

    // MARK: What it says

    private func values(_ key: String) -> [Text] {
        lines.filter { $0.key.elementsEqual(key.utf8) }.map(\.value)
    }

    private func value(_ key: String) -> Text? { values(key).first }

    private var instant: Instant? { value("time").flatMap { Instant($0.bytes) } }

    /// When it happened, by the clock of who did it.
    public var time: Instant { instant ?? Instant(second: 0) }
    /// Who did it, as git calls the person.
    public var actor: Text? { value("actor") }
    /// The person's key.
    public var key: Fingerprint? { value("key").flatMap { Fingerprint($0.bytes) } }
    /// The entry that it happened to.
    public var entry: Path { Path(value("entry")?.bytes ?? []) }
    /// The entry that it came from, where it got another name.
    public var source: Path? { value("from").map { Path($0.bytes) } }
    /// What happened: a word of `EventDraft.Kind`, or of a later version.
    public var event: Text { value("event") ?? "" }
    /// What happened, where the word is known.
    public var kind: EventDraft.Kind? {
        EventDraft.Kind.allCases.first { $0.rawValue.utf8.elementsEqual(event.bytes) }
    }
    /// The last four characters of the secret before.
    public var oldLastFour: Text? { value("old") }
    /// The last four characters of the secret from then on.
    public var newLastFour: Text? { value("new") }
    /// The places that it is about.
    public var locations: [Text] { values("location") }
    /// How it ended, where it is not simply done.
    public var result: Text? { value("result") }
    /// Why it was done.
    public var reason: Text? { value("reason") }
    /// The events that it follows; what cannot be a name is left out.
    public var previous: [EventName] { values("previous").compactMap { EventName($0.bytes) } }

    /// What its file must be called.
    public var name: EventName { EventName(time: time, content: content) }

    // MARK: Values

    private static func escaped(_ value: [UInt8]) -> [UInt8] {
        value.flatMap { byte -> [UInt8] in
            byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\")
                ? Array("\\x".utf8) + Array([byte].hex.utf8) : [byte]
        }
    }

    /// The value that stands there; nothing for one that would be written otherwise.
    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard rest.popFirst() == UInt8(ascii: "x"), let high = rest.popFirst()?.hexValue,
                let low = rest.popFirst()?.hexValue
            else { return nil }
            result.append(high << 4 | low)
        }
        return escaped(result).elementsEqual(text) ? result : nil
    }
}
