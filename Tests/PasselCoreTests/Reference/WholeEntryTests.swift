import PasselCore
import Testing

@Suite struct WholeEntryTests {
    private func value(_ text: String, _ field: Text) throws -> Secret {
        try EntryText(Secret(plain: text)).value(of: Reference("e", field: field), at: 0)
    }

    @Test func `the field entry is all of an entry, without the last line's end`() throws {
        #expect(try value("a\nb\n c\n", "entry") == Secret(plain: "a\nb\n c"))
        #expect(try value("a\n\n", "Entry") == Secret(plain: "a\n"))
        #expect(try value("a", "entry") == Secret(plain: "a"))
        #expect(try value("", "entry") == Secret(plain: ""))
    }

    @Test func `a field of that name comes first`() throws {
        #expect(try value("a\nentry: b\n", "entry") == Secret(plain: "b"))
    }

    @Test func `what is imported says whether references give less than all of it`() throws {
        func goesOn(_ json: String) throws -> [Bool] {
            try ImportFormat.json.items(Secret(plain: json), inflater: NoInflater()).items
                .map(\.goesOn)
        }
        #expect(
            try goesOn(
                #"{"A": "one", "B": "one\ntwo", "C": "-----BEGIN X-----\nYQ==\n-----END X-----\n", "D": "{\"a\":\n1}", "E": "one\n"}"#
            ) == [false, true, false, false, false])
    }
}
