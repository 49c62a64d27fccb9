import PasselCore
import Testing

@Suite struct TerminalTextTests {
    private func shown(_ text: String, keepingLines: Bool = false) -> String {
        shown(Array(text.utf8), keepingLines: keepingLines)
    }

    private func shown(_ bytes: [UInt8], keepingLines: Bool = false) -> String {
        String(decoding: TerminalText.sanitised(bytes, keepingLines: keepingLines), as: UTF8.self)
    }

    /// The scalars that steer a terminal or hide: by Unicode's own properties.
    private func mustNotPass(_ scalar: Unicode.Scalar) -> Bool {
        // Variation selectors choose between two pictures of one emoji.
        if (0xFE00...0xFE0F).contains(scalar.value) { return false }
        let category = scalar.properties.generalCategory
        return [.control, .lineSeparator, .paragraphSeparator].contains(category)
            || scalar.properties.isDefaultIgnorableCodePoint
            || scalar.properties.isBidiControl
            || (0xFFF0...0xFFFB).contains(scalar.value)
    }

    @Test func `of all scalars exactly those that steer or hide are escaped`() {
        var wrong: [String] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(scalar).utf8)
            let result = TerminalText.sanitised(bytes)
            let expected = mustNotPass(scalar) ? escaped(scalar) : bytes
            if result != expected { wrong.append(String(value, radix: 16)) }
        }
        #expect(wrong == [])
    }

    private func escaped(_ scalar: Unicode.Scalar) -> [UInt8] {
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value < 0x80 ? 2 : 4
        let padded = String(repeating: "0", count: max(0, width - digits.count)) + digits
        return Array((scalar.value < 0x80 ? "\\x\(padded)" : "\\u{\(padded)}").utf8)
    }

    @Test(arguments: [
        ("a window title", "\u{1b}]0;owned\u{7}", "\\x1b]0;owned\\x07"),
        ("an eight-bit sequence", "\u{9b}31m", "\\u{009b}31m"),
        ("a line written over", "good\rbad", "good\\x0dbad"),
        ("erased letters", "abc\u{8}\u{8}", "abc\\x08\\x08"),
        ("text turned around", "safe\u{202e}exe.gpg", "safe\\u{202e}exe.gpg"),
        ("a letter that does not show", "pass\u{200b}word", "pass\\u{200b}word"),
        ("a joiner between letters", "a\u{200d}b", "a\\u{200d}b"),
        ("tag letters", "a\u{e0061}", "a\\u{e0061}"),
        ("a line feed in a name", "a\nb\tc", "a\\x0ab\\x09c"),
    ]) func `what would deceive becomes visible`(_ case: String, text: String, result: String) {
        #expect(shown(text) == result)
    }

    @Test(arguments: ["", "plain", "Ünïcödé", "日本語", "עברית", "👩‍👩‍👧", "❤️", "e\u{301}", "\\x1b"])
    func `ordinary text stays as it is`(text: String) {
        #expect(shown(text) == text)
    }

    @Test func `bodies keep line feeds and tabs and nothing else`() {
        #expect(shown("a\n\tb\r\n\u{b}", keepingLines: true) == "a\n\tb\\x0d\n\\x0b")
    }

    @Test(
        arguments: [
            ("alone", [0xFF], "\\xff"),
            ("a C1 control as a byte", [0x9B, 0x33], "\\x9b3"),
            ("cut off", [0x61, 0xE2, 0x82], "a\\xe2\\x82"),
            ("overlong slash", [0xC0, 0xAF], "\\xc0\\xaf"),
            ("overlong escape", [0xE0, 0x80, 0x9B], "\\xe0\\x80\\x9b"),
            ("a surrogate", [0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
            ("beyond the last scalar", [0xF4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"),
            ("valid after invalid", [0xE2, 0xC3, 0xA9], "\\xe2é"),
        ] as [(String, [UInt8], String)])
    func `bytes that are no text are spelled`(_ case: String, bytes: [UInt8], result: String) {
        #expect(shown(bytes) == result)
    }

    @Test func `whatever comes in, text without controls comes out`() {
        var random = SmallRandom(seed: 5)
        for round in 0..<5_000 {
            var bytes = random.bytes(count: Int(random.next() % 40))
            if round % 2 == 0 { bytes += Array("\u{202e}é\u{9b}".utf8) + bytes }
            let result = TerminalText.sanitised(bytes)
            #expect(String(validating: result, as: UTF8.self) != nil)
            #expect(result.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
            #expect(TerminalText.sanitised(result) == result, "nothing is escaped twice")
        }
    }

    @Test func `the pieces that are handed out make up the whole`() {
        let bytes = Array("a\u{1b}[1mé\u{202e}\u{0}z\n".utf8) + [0xFF, 0x62]
        var joined: [UInt8] = []
        bytes.withUnsafeBytes { buffer in
            TerminalText.sanitise(buffer, keepingLines: true) { joined += $0 }
        }
        #expect(joined == TerminalText.sanitised(bytes, keepingLines: true))
    }
}
