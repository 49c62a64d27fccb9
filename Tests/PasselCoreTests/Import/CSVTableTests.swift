import Testing

@testable import PasselCore

@Suite struct CSVTableTests {
    private func cells(_ text: String, _ escape: CSVTable.Escape = .doubled) throws -> [[String]] {
        let table = try CSVTable(Secret(plain: text), escape: escape)
        let rows = table.rows.map { row in
            table.header.indices.map { table.secret(row, $0).asText.description }
        }
        return [table.header.map(\.description)] + rows
    }

    private func flaw(_ text: String) -> String? {
        do {
            _ = try CSVTable(Secret(plain: text))
            return nil
        } catch {
            return "\(error.line): \(error.reason)"
        }
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func `rows end in any way, and a blank line is none`(end: String) throws {
        #expect(try cells("a,b\(end)1,2\(end)\(end)3,") == [["a", "b"], ["1", "2"], ["3", ""]])
    }

    @Test func `between quotes anything may stand`() throws {
        #expect(
            try cells("\u{feff}\"a\",b\n\"x, \"\"y\"\"\n\",\"\"\n")
                == [["a", "b"], ["x, \"y\"\n", ""]])
        #expect(try cells("a;b\n\"1;\";2") == [["a", "b"], ["1;", "2"]])
        #expect(try cells("a\tb\n1,5\t2") == [["a", "b"], ["1,5", "2"]])
        #expect(
            try cells("\"a\"\n\"q\\\"\\\\\"\n", .backslash) == [["a"], ["q\"\\"]])
    }

    @Test func `what is no table is refused with its line`() {
        #expect(flaw("a,b\n1,2\n1\n") == "3: it has 1 values for 2 columns")
        #expect(flaw("a,b\n\"1\n\",2,3\n") == "2: it has 3 values for 2 columns")
        #expect(flaw("a,b\n1\"x,2\n") == "2: a quote stands inside of a value")
        #expect(flaw("a,b\n\"1\"x,2\n") == "2: something stands behind a closing quote")
        #expect(flaw("a,b\n\"1,2\n\n") == "2: a quote is not closed")
        #expect(flaw("") == "1: it is empty")
    }

    @Test func `other encodings are refused`() {
        for bytes: [UInt8] in [[0x61, 0xfc], [0xff, 0xfe, 0x61, 0], [0x61, 0]] {
            #expect(throws: CSVTable.Flaw.self) { try CSVTable(Secret(copying: bytes)) }
        }
    }
}
