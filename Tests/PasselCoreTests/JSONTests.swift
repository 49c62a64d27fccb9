import PasselCore
import PasselTesting
import Testing

@Suite struct JSONTests {
    private func written(_ value: JSON) -> String {
        // The line feed at the end is checked once, below.
        String(value.text.bytes.text.dropLast())
    }

    @Test func `values stand on lines of their own, indented by two`() {
        let value: JSON = [
            "name": "web/shop", "readers": ["ann", "bob"], "age": -3, "pinned": true,
            "until": nil, "nothing": [], "empty": [:], "deep": [["a": 1], [2, false]],
        ]
        #expect(
            value.text.bytes.text == """
                {
                  "name": "web/shop",
                  "readers": [
                    "ann",
                    "bob"
                  ],
                  "age": -3,
                  "pinned": true,
                  "until": null,
                  "nothing": [],
                  "empty": {},
                  "deep": [
                    {
                      "a": 1
                    },
                    [
                      2,
                      false
                    ]
                  ]
                }

                """)
    }

    @Test(arguments: [
        ("", #""""#), ("a", #""a""#), ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#),
        ("\u{8}\u{c}\n\r\t", #""\b\f\n\r\t""#),
        ("\0\u{1}\u{1b}\u{1f}", #""\u0000\u0001\u001b\u001f""#),
        ("\u{7f}\u{9b}", #""\u007f\u009b""#), ("é ß €", #""é ß €""#), ("日本", #""日本""#),
        ("\u{2028}\u{2029}", #""\u2028\u2029""#), ("\u{202e}x", #""\u202ex""#),
        ("\u{feff}", #""\ufeff""#), ("\u{fffd}", #""\ufffd""#), ("\u{1f511}", "\"\u{1f511}\""),
        ("\u{e0041}", #""\udb40\udc41""#), ("\r\n", #""\r\n""#),
    ]) func `a text is escaped where it must be, or could control a terminal`(
        text: String, json: String
    ) {
        #expect(written("\(text)") == json)
    }

    @Test func `the parts of an emoji stay joined, and a joiner elsewhere shows`() {
        #expect(written("\u{1f468}\u{200d}\u{1f469}") == "\"\u{1f468}\u{200d}\u{1f469}\"")
        #expect(written("a\u{200d}b") == #""a\u200db""#)
    }

    @Test(
        arguments: [
            ([0x63, 0x61, 0x66, 0xE9], #""caf\ufffd""#),
            ([0xED, 0xA0, 0x80], #""\ufffd\ufffd\ufffd""#),
            ([0xC0, 0xAF], #""\ufffd\ufffd""#), ([0xF0, 0x9F, 0x94], #""\ufffd""#),
            ([0xFF, 0x22], #""\ufffd\"""#),
        ] as [(Bytes, String)]) func `what is not UTF-8 is replaced`(bytes: Bytes, json: String)
    {
        #expect(written(.string(Text(bytes))) == json)
    }

    @Test func `a member that is not UTF-8 has its bytes beside it`() {
        let latin = JSON.string(Text([0x63, 0xE9]))
        #expect(
            written(["name": latin, "other": "é"]) == """
                {
                  "name": "c\\ufffd",
                  "name_hex": "63E9",
                  "other": "é"
                }
                """)
        #expect(
            written(["names": ["a", latin, 1]]) == """
                {
                  "names": [
                    "a",
                    "c\\ufffd",
                    1
                  ],
                  "names_hex": [
                    "61",
                    "63E9",
                    null
                  ]
                }
                """)
        // An object within an array has members of its own.
        #expect(
            written(["entries": [["name": latin]], "lists": [[latin]]]) == """
                {
                  "entries": [
                    {
                      "name": "c\\ufffd",
                      "name_hex": "63E9"
                    }
                  ],
                  "lists": [
                    [
                      "c\\ufffd"
                    ]
                  ]
                }
                """)
    }

    @Test func `numbers are exact and keys are there once`() {
        #expect(written(.int(.max)) == "9223372036854775807")
        #expect(written(.int(.min)) == "-9223372036854775808")
        #expect(
            written(.object([.init("a", 1), .init("b", 2), .init("a", 3)])) == """
                {
                  "a": 3,
                  "b": 2
                }
                """)
    }

    @Test func `python reads back what was written`() throws {
        let texts = (0..<0x3000).compactMap { UnicodeScalar($0).map { String(Character($0)) } }
        let value = JSON.array(texts.map { "\($0)" } + ["\u{10ffff}\u{e0001}\u{1f511}"])
        let script = """
            import json, sys
            got = json.loads(sys.stdin.buffer.read().decode('utf-8'))
            want = [chr(c) for c in range(0x3000)] + ['\\U0010ffff\\U000e0001\\U0001f511']
            sys.exit(0 if got == want else 1)
            """
        let outcome = try Invocation.tool("python3", ["-c", script], input: value.text.bytes)
        #expect(outcome.status == 0, "\(outcome.stderr.text)")
    }
}
