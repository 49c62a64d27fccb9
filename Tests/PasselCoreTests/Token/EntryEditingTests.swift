import Testing

@testable import PasselCore

@Suite struct EntryEditingTests {
    private func set(_ body: String, _ field: TokenField, _ values: [Text]) -> String? {
        try? EntryText(Secret(plain: body)).setting(field, to: values).text
    }

    @Test(
        arguments: [
            // In place, with its spacing and spelling.
            ("s\nexpires: 2026-01-01\nx\n", "s\nexpires: D\nx\n"),
            ("s\nExpires:   2026-01-01  \nx", "s\nExpires:   D  \nx"),
            ("s\nexpires:\nx\n", "s\nexpires: D\nx\n"),
            ("s\r\nexpires: 1\r\nx\r\n", "s\r\nexpires: D\r\nx\r\n"),
            ("s\nexpires: 1\n  more\nx\n", "s\nexpires: D\nx\n"),
            // Two of them become one.
            ("s\nexpires: 1\nx\nexpires: 2\n", "s\nexpires: D\nx\n"),
            // New: behind the last field, or last of all.
            ("s\nkind: pypi\n\nprose\n", "s\nkind: pypi\nexpires: D\n\nprose\n"),
            ("s\nlogin: me\nprose\n", "s\nlogin: me\nexpires: D\nprose\n"),
            ("s\nkind: a\nmy: b\nprose\n", "s\nkind: a\nexpires: D\nmy: b\nprose\n"),
            ("s\nsecond line\n", "s\nsecond line\nexpires: D\n"),
            ("s", "s\nexpires: D\n"), ("", "\nexpires: D\n"),
            ("s\r\nkind: a\r\n", "s\r\nkind: a\r\nexpires: D\r\n"),
        ])
    func `one line changes`(before: String, after: String) {
        let day: Text = "2027-01-31"
        #expect(
            set(before, .expires, [day])
                == after.map { $0 == "D" ? "2027-01-31" : String($0) }.joined())
    }

    @Test func `values are added and taken away`() {
        let body = "s\nlocation: a\nurl: u\nlocation: b\n"
        #expect(
            set(body, .location, ["a", "b", "c"])
                == "s\nlocation: a\nurl: u\nlocation: b\nlocation: c\n")
        #expect(set(body, .location, ["a"]) == "s\nlocation: a\nurl: u\n")
        #expect(set(body, .location, []) == "s\nurl: u\n")
        #expect(set("s\nurl: u", .url, []) == "s\n")
    }

    @Test(arguments: ["{\n\"a\": 1\n}\n", "\0\u{1}", "-----BEGIN X-----\nAAAA\n"])
    func `what is not made of lines is left alone`(body: String) {
        #expect(set(body, .expires, ["2027-01-31"]) == nil)
    }

    /// A body of lines of every kind, and where the line of a field is in it.
    private func body(_ random: inout SmallRandom) -> [UInt8] {
        let lines = [
            "hunter2", "expires: 2026-01-01", "expires:", "EXPIRES: soon", "url: https://a.example",
            "location: a", "location: b", " continued", "\tmore", "otpauth://totp/a?secret=AA", "",
            "free text", "key:value", ": none", "café: x", "-----BEGIN A-----", "-----END A-----",
            "note: x\r", "x\r\r", "---",
        ]
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            bytes += (lines.randomElement(using: &random) ?? "").utf8
            bytes += Bool.random(using: &random) ? [0x0A] : [0x0D, 0x0A]
        }
        if Bool.random(using: &random), !bytes.isEmpty { bytes.removeLast() }
        return bytes
    }

    @Test func `in 10,000 bodies exactly the intended line changes`() throws {
        var random = SmallRandom(seed: 2027)
        var changed = 0
        for _ in 0..<10_000 {
            let bytes = body(&random)
            let before = EntryText(Secret(copying: bytes))
            #expect(before.assembled.bytes == bytes)
            guard let result = try? before.setting(.expires, to: ["2027-01-31"]) else { continue }
            changed += 1
            let after = EntryText(result)
            #expect(after.values(.expires) == ["2027-01-31"])
            // Without the lines of the field both are the same bytes, but for a last line's end.
            let ours = lines(result.bytes, without: after.fields("expires"))
            let theirs = lines(bytes, without: before.fields("expires"))
            let isSame = ours == theirs || ours == theirs + [0x0A] || ours == theirs + [0x0D, 0x0A]
            #expect(
                isSame || (ours + [0x0A] == theirs),
                "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
            #expect(try after.setting(.expires, to: ["2027-01-31"]).bytes == result.bytes)
        }
        #expect(changed > 9_000)
    }

    /// The bytes without these parts and their line ends.
    private func lines(_ bytes: [UInt8], without units: [EntryText.Unit]) -> [UInt8] {
        var result = bytes
        for unit in units.reversed() {
            var end = unit.content.upperBound
            if end < result.count, result[end] == 0x0D, unit.end == .crlf { end += 1 }
            if end < result.count, result[end] == 0x0A { end += 1 }
            result.removeSubrange(unit.content.lowerBound..<end)
        }
        return result
    }

    @Test func `the secret is replaced and nothing else`() throws {
        let body = "old\r\nkind: pypi\n\nprose"
        let result = try EntryText(Secret(plain: body)).replacingSecret(by: Secret(plain: "new"))
        #expect(result.text == "new\r\nkind: pypi\n\nprose")
        #expect(throws: EntryText.NotEditable.self) {
            try EntryText(Secret(plain: body)).replacingSecret(by: Secret(plain: "a\nb"))
        }
    }

    @Test func `dates and spans are read in one way only`() {
        for text in ["2027-01-31", "2027-01-31T12:00:00Z"] {
            #expect(TokenDate(Array(text.utf8))?.spelling == Text(text.utf8))
        }
        #expect(Instant("2027-01-31T12:00:00.5+02:00".utf8)?.spelling == "2027-01-31T10:00:00Z")
        #expect(Instant("2027-01-31t23:59:60z".utf8)?.spelling == "2027-01-31T23:59:59Z")
        for text in ["2027-02-30", "2027-1-1", "2027-01-31T12:00", "2027-01-31T24:00:00Z", "x", ""]
        {
            #expect(TokenDate(Array(text.utf8)) == nil, "\(text)")
        }
        let spans: [(String, Int64?)] = [
            ("90d", 7_776_000), ("12h", 43_200), ("15m", 900), ("2w", 1_209_600), ("30s", 30),
            ("0d", nil), ("d", nil), ("90", nil), ("1y", nil), ("-1d", nil), ("9999999999w", nil),
        ]
        for (text, seconds) in spans { #expect(TimeSpan(text.utf8)?.seconds == seconds, "\(text)") }
    }
}
