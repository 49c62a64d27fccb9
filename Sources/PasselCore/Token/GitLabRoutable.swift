/// What a GitLab token of the routable form says: `PREFIX PAYLOAD [. VERSION] . LENGTH CHECKSUM`.
struct GitLabRoutable {
    /// Pairs of a letter and a number in base 36.
    let fields: [(name: UInt8, value: Int64)]
    let isChecksumGood: Bool

    private static let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

    /// Nothing for a token of the classic form.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let point = bytes.lastIndex(of: UInt8(ascii: ".")), bytes.count - point == 10 else {
            return nil
        }
        let tail = bytes[(point + 1)...]
        let body = bytes.dropLast(7)
        isChecksumGood = TokenChecksum.spelled(CRC32.of(body), Self.digits, width: 7)
            .elementsEqual(tail.suffix(7))
        var head = bytes[..<point]
        if head.suffix(3).first == UInt8(ascii: ".") { head = head.dropLast(3) }
        guard let length = Self.number(tail.prefix(2)), length <= head.count,
            let payload = Base64.decode(head.suffix(Int(length)), .url)
        else {
            fields = []
            return
        }
        fields = payload.withBytes(Self.fields)
    }

    /// Sixteen random bytes, lines of one letter, a colon and a number, and the lines' length.
    private static func fields(_ payload: UnsafeRawBufferPointer) -> [(UInt8, Int64)] {
        guard let length = payload.last, payload.count == 17 + Int(length) else { return [] }
        return payload[16...].dropLast().split(separator: .newline).compactMap { line in
            guard line.count > 2, let name = line.first,
                line.dropFirst().first == UInt8(ascii: ":"), let value = number(line.dropFirst(2))
            else { return nil }
            return (name, value)
        }
    }

    private static func number(_ text: some Collection<UInt8>) -> Int64? {
        guard text.allSatisfy(digits.contains), (1...12).contains(text.count) else { return nil }
        return Int64(String(decoding: text, as: UTF8.self), radix: 36)
    }

    private static let names: [UInt8: Text] = [
        UInt8(ascii: "c"): "cell", UInt8(ascii: "g"): "group", UInt8(ascii: "o"): "organization",
        UInt8(ascii: "p"): "project", UInt8(ascii: "t"): "type", UInt8(ascii: "u"): "user",
    ]

    static func explain(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        guard let token = GitLabRoutable(bytes), token.isChecksumGood else { return }
        for field in token.fields { finding.claim(names[field.name] ?? "other", "\(field.value)") }
    }
}
