import PasselCore
import Testing

@Suite struct RecipientListTests {
    private func read(_ text: String) throws -> [String] {
        try RecipientList(Array(text.utf8), path: "/s/.gpg-id").recipients.map {
            String(decoding: $0.bytes, as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("one line", "ann\n", ["ann"]),
        ("no final line feed", "ann\nbob", ["ann", "bob"]),
        ("one line without a line feed", "ann", ["ann"]),
        ("carriage returns", "ann\r\nbob\r\n", ["ann", "bob"]),
        ("a carriage return alone at the end", "ann\r", ["ann"]),
        ("blank lines", "\n\n \t\nann\n\r\n", ["ann"]),
        ("blanks around", " \tann@example.org \t\n", ["ann@example.org"]),
        ("a comment line", "# team\nann\n", ["ann"]),
        ("a comment after an id", "ann # boss\n", ["ann"]),
        ("a comment without a blank", "ann#boss\n", ["ann"]),
        ("a comment on the last line", "ann\n#", ["ann"]),
        ("a user id with blanks inside", "Ann  Example\n", ["Ann  Example"]),
        ("an exact user id", "=Ann <ann@example.org>\n", ["=Ann <ann@example.org>"]),
        ("a forced subkey", "0123456789ABCDEF!\n", ["0123456789ABCDEF!"]),
        ("each once, in order", "bob\nann\nbob # again\n", ["bob", "ann"]),
        ("case tells apart", "ann\nAnn\n", ["ann", "Ann"]),
        ("a byte order mark", "\u{feff}ann\n", ["ann"]),
        ("a byte order mark and nothing else", "\u{feff}", []),
        ("other scripts", "Zoë Ångström\n", ["Zoë Ångström"]),
        ("backslashes stay", "a\\nb\n", ["a\\nb"]),
        ("looks like a conflict but is a name", "=======ann\n", ["=======ann"]),
        ("dashes", "---\n", ["---"]),
        ("nothing", "", []),
        ("only comments", "#a\n  # b\n", []),
    ]) func `lines are read`(_ case: String, text: String, recipients: [String]) throws {
        #expect(try read(text) == recipients)
    }

    @Test(arguments: [
        ("ours", "<<<<<<< HEAD\nann\n=======\nbob\n>>>>>>> theirs\n", "line 1"),
        ("the middle alone", "ann\n=======\nbob\n", "line 2"),
        ("the end with a carriage return", "ann\r\n>>>>>>>\r\n", "line 2"),
    ]) func `an unresolved conflict is refused`(_ case: String, text: String, line: String) throws {
        let problem = try #require(throws: Problem.self) { try read(text) }
        let message = String(decoding: problem.message.bytes, as: UTF8.self)
        #expect(message == "/s/.gpg-id, \(line): an unresolved git conflict")
    }

    @Test(arguments: [0x00, 0x01, 0x08, 0x0B, 0x0C, 0x0D, 0x1B, 0x1F, 0x7F] as [UInt8])
    func `a control character within a recipient is refused`(byte: UInt8) {
        #expect(throws: Problem.self) {
            try RecipientList(Array("an".utf8) + [byte] + Array("n\n".utf8), path: ".gpg-id")
        }
    }

    @Test func `a control character in a comment does no harm`() throws {
        #expect(try read("ann # \u{1b}[31m\u{0}\n") == ["ann"])
    }

    @Test func `bytes that are no text stay as they are`() throws {
        let list = try RecipientList([0xFF, 0xE9, 0x0A], path: ".gpg-id")
        #expect(list.recipients == [Recipient([0xFF, 0xE9])])
    }

    @Test func `ten megabytes are no list`() throws {
        let content = [UInt8](repeating: UInt8(ascii: "a"), count: 10 << 20)
        let problem = try #require(throws: Problem.self) {
            try RecipientList(content, path: ".gpg-id")
        }
        #expect(
            problem.message == ".gpg-id is too large to be a list of recipients (10485760 bytes)")
    }

    @Test func `a long list is read quickly`() throws {
        let text = (0..<20_000).map { "member-\($0)@example.org\n" }.joined()
        #expect(try read(text).count == 20_000)
    }
}

@Suite struct KeyIDTests {
    @Test func `an id is the last sixteen digits`() throws {
        let long = try #require(KeyID(hex: Array("0x0123456789abcdef".utf8)))
        #expect(long.value == 0x0123_4567_89AB_CDEF)
        #expect(long.hex == "0123456789ABCDEF")
        let fingerprint = "AAAABBBBCCCCDDDDEEEEFFFF" + "0123456789ABCDEF"
        #expect(KeyID(hex: Array(fingerprint.utf8)) == long)
    }

    @Test(arguments: ["", "0123456789ABCDE", "89ABCDEF", "0123456789ABCDEG", "0123456789ABCDEF!"])
    func `what has fewer digits is no id`(text: String) {
        #expect(KeyID(hex: Array(text.utf8)) == nil)
    }

    @Test func `ids are ordered as they are spelled`() {
        let ids = [KeyID(UInt64.max), .hidden, KeyID(0x10), KeyID(1 << 63)]
        #expect(ids.sorted().map(\.hex) == ids.map(\.hex).sorted())
        #expect(KeyID.hidden.hex == "0000000000000000")
    }
}
