import PasselCore
import PasselTesting
import Testing

@Suite struct DotenvTests {
    private func read(_ text: String) throws -> [Dotenv.Assignment] {
        try Dotenv.assignments(in: Secret(plain: text))
    }

    private func value(_ text: String) throws -> String? {
        try read(text).last?.value.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("A=b", "b"), ("A=b\n", "b"), ("A=b\r\n", "b"), ("export A=b", "b"), ("\u{feff}A=b", "b"),
        ("  A=b  ", "b"), ("A=", ""), ("A=   # c", ""), ("A=b # c", "b"),
        ("A=passel://a#b", "passel://a#b"),
        ("# c\n\nA=b\n#\n", "b"), ("A='b # c' # d", "b # c"), ("A='b\nc'", "b\nc"),
        ("A='\\n'", "\\n"),
        ("A=\"b\\nc\"", "b\nc"), ("A=\"\\\"\\\\\\$\\`\"", "\"\\$`"), ("A=\"\\x\"", "\\x"),
        ("A=\"$B\"", "$B"), ("A=\"b\r\nc\"", "b\r\nc"), ("A = b", "b"), ("A=b c", "b c"),
        ("A=1\nA=2", "2"),
        ("A=\"\"", ""), ("A=''", ""), ("A=#b", "#b"), ("export=b", "b"),
    ])
    func `a line sets a variable`(text: String, expected: String) throws {
        #expect(try value(text) == expected)
    }

    @Test(arguments: ["A=b", "A='b $c'", "A=\"it's\"", "A=", "A=b # c", "export A=b"])
    func `where all readers agree there is no doubt`(text: String) throws {
        #expect(try read(text).last?.doubt == nil)
    }

    @Test(arguments: ["A = b", "A= b", "A=b c", "A=a#b", "A=$B", "A=\"$B\"", "A=\"\\n\"", "A=it's"])
    func `where they do not there is`(text: String) throws {
        #expect(try read(text).last?.doubt != nil)
    }

    @Test(arguments: [
        ("A=b\nB", 2, "B is given no value: write B=VALUE"),
        ("A: b", 1, "this line sets no variable: write NAME=VALUE"),
        ("\n1A=b", 2, "this line sets no variable: write NAME=VALUE"),
        ("a-b=c", 1, "this line sets no variable: write NAME=VALUE"),
        ("A='b\n\n", 1, "a quote is not closed"), ("A=\"b\\\"", 1, "a quote is not closed"),
        ("A='b'c", 1, "something stands behind the closing quote"),
        ("A='b\nc'd", 2, "something stands behind the closing quote"),
        ("A=`id`", 1, "shells would run the value of A"),
        ("A=1\nA=$(id)\nB=2", 2, "shells would run the value of A"),
        ("A=x`id`", 1, "shells would run the value of A"),
    ])
    func `what is no assignment is told with its line`(text: String, line: Int, reason: String) {
        let flaw = #expect(throws: Dotenv.Flaw.self) { _ = try read(text) }
        #expect(flaw?.line == line)
        #expect(flaw?.reason.description == reason)
    }

    @Test func `any bytes are read to an end`() throws {
        var random = SmallRandom(seed: 7)
        let letters = Array("A=\"'\\\n\r #`$(export \0\u{e4}".utf8)
        for _ in 0..<3000 {
            let bytes = (0..<Int(random.next() % 24)).map { _ in
                letters[Int(random.next() % UInt64(letters.count))]
            }
            _ = try? Dotenv.assignments(
                in: bytes.withUnsafeBytes { Secret(copying: $0) })
        }
    }

    private func line(_ value: String, lines: Bool = false) throws -> String {
        let name = try #require(VariableName("A".utf8))
        return try Dotenv.line(name, Secret(plain: value), lines: lines)
            .withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("", "A=\n"), ("a/b:c@d%e+f,g=h-i_j.k", "A=a/b:c@d%e+f,g=h-i_j.k\n"), ("a b", "A='a b'\n"),
        ("$x", "A='$x'\n"), ("a\\b", "A='a\\b'\n"), ("\"", "A='\"'\n"), ("it's", "A=\"it's\"\n"),
        ("#", "A='#'\n"), ("ü", "A='ü'\n"), (" a ", "A=' a '\n"), ("`id`", "A='`id`'\n"),
    ])
    func `a value is written as all readers take it`(value: String, expected: String) throws {
        #expect(try line(value) == expected)
        #expect(try self.value(expected) == value)
    }

    @Test func `lines are written only where that is wanted`() throws {
        #expect(try line("a\nb", lines: true) == "A='a\nb'\n")
        #expect(throws: Dotenv.Refusal.newline) { _ = try line("a\nb") }
    }

    @Test(
        arguments: [
            ("a\r", .control), ("\0", .control), ("it's $x", .quotes), ("'\"", .quotes),
            ("'!", .quotes),
            ("${x}", .backslashes), ("a\\\\b", .backslashes), ("a\\", .backslashes),
        ] as [(String, Dotenv.Refusal)])
    func `a value that some reader changes is refused`(value: String, why: Dotenv.Refusal) {
        #expect(throws: why) { _ = try line(value) }
    }

    @Test func `a value that is not UTF-8 is refused`() throws {
        let name = try #require(VariableName("A".utf8))
        let value = Bytes([0x61, 0xff]).withUnsafeBytes { Secret(copying: $0) }
        #expect(throws: Dotenv.Refusal.notUTF8) { _ = try Dotenv.line(name, value) }
    }
}
