import PasselCore
import PasselTesting
import Testing

/// Names as `ls --quoting-style=shell-escape-always` of coreutils writes them.
@Suite struct QuotedNameTests {
    private static let names: [[UInt8]] =
        ((1...255).filter { $0 != 0x2F && $0 != 0x2E }.map { [UInt8($0)] })
        + ((1...255).filter { $0 != 0x2F }.map { [0x61, UInt8($0), 0x62] })
        + [
            "plain", "with space", "it's", "it's a \"b\"", "'", "''", "'a'", "\"", "a\"b",
            "$HOME's",
            "a'b\nc", "\n", "\na", "a\n", "a\n\nb", "a\tb", "tab\tquote'", "'\n'", "\n'", "a`b",
            "a\\b",
            "a\\'b", "~", "#a", "a b'c:d/.e", "!x", "x!'", "{a}", "a;b", "*", "?", "é", "Ünïcödé's",
            "日本語", "e\u{301}", "👩‍👩‍👧", "\u{7f}", "\u{80}", "\u{9b}x", "\u{a0}", "\u{ad}", "\u{200b}",
            "\u{202e}", "\u{feff}", "\u{fffd}", "\u{e000}", "\u{2028}", "-n", "--", ".", "..", ".a",
            "x.gpg", "a-b_c+d,e%f", "[x]", "a]'", "a['", "a^'", "a=b'", "a@b'", "123'", "~'", "#'",
        ].map { Array($0.utf8) }
        + [
            [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE2, 0x82, 0x27], [0xFF, 0xFE, 0x61],
            [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0xC3, 0xA9, 0xC3],
            [0xF0, 0x9F, 0x92], [0xC2, 0x80, 0x27, 0x0A, 0x61],
        ]

    /// What ls prints for every name, in this locale.
    private func listed(_ names: [[UInt8]], locale: String) throws -> [[UInt8]] {
        let box = try Sandbox()
        // Below folders of their own, so that names with a slash and dots can be listed too.
        for name in names where name != [0x2E] && name != [0x2E, 0x2E] && !name.contains(0x2F) {
            try Disk.write([], to: Array((box.root + "/tmp/").utf8) + name)
        }
        box.set("LC_ALL", locale)
        box.directory = box.root + "/tmp"
        let options = ["-1dU", "--quoting-style=shell-escape-always", "--"]
        let outcome = try box.run("ls", bytes: options.map { Array($0.utf8) } + names)
        return outcome.stdout.lines
    }

    @Test(arguments: [("C", false), ("C.UTF-8", true)])
    func `a name is quoted as ls quotes it`(locale: String, utf8: Bool) throws {
        let names = Self.names.filter { !$0.contains(0x2F) }
        let lines = try listed(names, locale: locale)
        try #require(lines.count == names.count)
        for (name, line) in zip(names, lines) {
            #expect(QuotedName.text(name, utf8: utf8).bytes.text == line.text, "\(name)")
        }
    }

    @Test func `random names are quoted as ls quotes them`() throws {
        var random = SmallRandom(seed: 6)
        let pieces = ["'", "\"", "a", " ", "\n", "\u{1}", "é", "$", ":", "\u{85}", "\\", "\t"]
        // coreutils 9.1 loses a quote where a name has one and ends in something to be escaped.
        let names = Set((0..<400).map { _ in random.text(of: pieces, count: 5) + "z" })
            .map { Array($0.utf8) }
        let lines = try listed(names, locale: "C.UTF-8")
        try #require(lines.count == names.count)
        for (name, line) in zip(names, lines) {
            #expect(QuotedName.text(name, utf8: true).bytes.text == line.text, "\(name)")
        }
    }

    @Test func `paths keep their slashes`() {
        #expect(QuotedName.text(Array("/s/a b".utf8), utf8: true) == "'/s/a b'")
        #expect(QuotedName.text(Array("/s/it's".utf8), utf8: true) == "\"/s/it's\"")
        #expect(QuotedName.text([], utf8: true) == "''")
    }
}
