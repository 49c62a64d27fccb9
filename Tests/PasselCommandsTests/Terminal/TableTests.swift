import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselCommands

@Suite struct TableTests {
    private let plain = Looks(isOn: false, environment: ProcessEnvironment([:]))
    private let coloured = Looks(
        isOn: true, environment: ProcessEnvironment(["TERM": Bytes("xterm".utf8)]))

    @Test func `columns stand below each other on a terminal`() {
        var table = Table("WHO", .right("ENTRIES"), "UNTIL")
        table.add("ann", "7", "2027-01-31")
        table.add("日本", "120", "")
        table.add("e\u{301}b", "1", "-")
        #expect(
            table.rendered(onTerminal: true, plain).text == """
                WHO   ENTRIES  UNTIL
                ann         7  2027-01-31
                日本      120  
                e\u{301}b          1  -

                """)
    }

    @Test func `a pipe gets rows of exact bytes between tabs`() {
        var table = Table("WHO", "UNTIL")
        table.add("ann", "")
        table.add(Styled(Text([0xFF, 0x1B]), .bad), "x")
        #expect(
            table.rendered(onTerminal: false, plain) == Bytes("ann\t\n".utf8) + [0xFF, 0x1B]
                + Bytes("\tx\n".utf8))
    }

    @Test func `no name adds a cell or a row`() {
        var table = Table("WHO", "ROLE")
        table.add("ann\tsigner\nbob", "member")
        #expect(table.rendered(onTerminal: false, plain).text == "ann\\x09signer\\x0abob\tmember\n")
        #expect(
            table.rendered(onTerminal: true, plain).text
                == "WHO                   ROLE\nann\\x09signer\\x0abob  member\n")
    }

    @Test func `looks surround the text and take no room`() {
        var table = Table("WHO", "STATE")
        table.add(Styled("ann\u{1b}", .strong), Styled("expired", .bad))
        table.add("b", Styled("", .good))
        let e = "\u{1b}["
        #expect(
            table.rendered(onTerminal: true, coloured).text == """
                \(e)1mWHO\(e)0m      \(e)1mSTATE\(e)0m
                \(e)1mann\\x1b\(e)0m  \(e)31mexpired\(e)0m
                b        

                """)
    }

    @Test func `nothing is shown of nothing`() {
        #expect(Table("WHO").rendered(onTerminal: true, plain) == [])
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("\u{1f511}", 2),
        ("\u{1f468}\u{200d}\u{1f469}", 2), ("\u{1f1e9}\u{1f1ea}", 2), ("☎\u{fe0f}", 2), ("☎", 1),
        ("ｱ", 1), ("Ａ", 2), ("—…", 2), ("\u{200b}", 0),
    ]) func `a text is as wide as terminals show it`(text: String, width: Int) {
        #expect(DisplayWidth.of(Bytes(text.utf8)) == width)
    }
}

@Suite struct TreeTests {
    private let looks = Looks(isOn: false, environment: ProcessEnvironment([:]))

    @Test func `people stand beneath their folders, in columns`() {
        let tree = Tree([
            .init("ann <ann@example.org>", "signer", "ok"), .init("日本", "member", "expired"),
            .init(
                Styled("web", .strong),
                children: [.init("ci", "machine"), .init("shop", children: [.init("bob", "x")])]),
            .init("empty"),
        ])
        #expect(
            tree.rendered(onTerminal: true, looks, TreeLines(charset: "UTF-8")).text == """
                ├── ann <ann@example.org>  signer  ok
                ├── 日本                   member  expired
                ├── web
                │\u{a0}\u{a0} ├── ci  machine
                │\u{a0}\u{a0} └── shop
                │\u{a0}\u{a0}     └── bob  x
                └── empty

                """)
        #expect(
            tree.rendered(onTerminal: false, looks, TreeLines(charset: "ASCII")).text.hasPrefix(
                "|-- ann <ann@example.org>  signer  ok\n"))
    }

    @Test func `no name draws a line of its own`() {
        let tree = Tree([.init("a\n└── b\u{1b}")])
        let lines = TreeLines(charset: "ASCII")
        #expect(tree.rendered(onTerminal: true, looks, lines).text == "`-- a\\x0a└── b\\x1b\n")
        #expect(tree.rendered(onTerminal: false, looks, lines).text == "`-- a\\x0a└── b\u{1b}\n")
    }
}

@Suite struct LooksTests {
    @Test(
        arguments: [
            (true, ["TERM": "xterm"], true), (false, ["TERM": "xterm"], false), (true, [:], false),
            (true, ["TERM": "dumb"], false), (true, ["TERM": ""], false),
            (true, ["TERM": "xterm", "NO_COLOR": "1"], false),
            (true, ["TERM": "xterm", "NO_COLOR": ""], true),
        ] as [(Bool, [String: String], Bool)])
    func `there is colour where it is seen and wanted`(
        isTerminal: Bool, variables: [String: String], isOn: Bool
    ) {
        let environment = ProcessEnvironment(variables.mapValues { Bytes($0.utf8) })
        let looks = Looks(isOn: isTerminal, environment: environment)
        #expect(looks.isOn == isOn)
        #expect(
            looks.apply(.bad, to: [0x61]) == (isOn ? Bytes("\u{1b}[31ma\u{1b}[0m".utf8) : [0x61]))
    }
}
