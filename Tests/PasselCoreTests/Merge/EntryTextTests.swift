import PasselCore
import Testing

@Suite struct EntryTextTests {
    private func text(_ secret: Secret?) -> String? {
        secret?.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func parts(_ entry: String) -> [String] {
        let entry = EntryText(Secret(plain: entry))
        return entry.units.map { unit in
            let value = text(entry.value(of: unit)) ?? ""
            return switch entry.part(of: unit) {
            case .secret: "secret=\(value)"
            case .field(let key): "\(key)=\(value)"
            case .otpauth: "otpauth=\(value)"
            case .text: "text=\(value)"
            }
        }
    }

    @Test func `every entry is put together again byte for byte`() {
        let pieces: [[UInt8]] = [
            [10], [13], [13, 10], Array("a".utf8), Array("a: b".utf8), Array(" c".utf8),
            Array(":".utf8), Array("-----BEGIN X-----".utf8), Array("-----END X-----".utf8), [0],
            [0xff], Array("otpauth://".utf8), Array("{".utf8), Array("}".utf8),
        ]
        var count = 0
        func check(_ bytes: [UInt8], _ depth: Int) {
            let secret = bytes.withUnsafeBytes { Secret(copying: $0) }
            let entry = EntryText(secret)
            #expect(entry.assembled == secret, "\(bytes)")
            count += 1
            if depth > 0 { for piece in pieces { check(bytes + piece, depth - 1) } }
        }
        check([], 4)
        print("entries put together again: \(count)")
    }

    @Test(arguments: [
        ("s", ["secret=s"]), ("", ["secret="]), ("\n", ["secret="]),
        ("\n\n", ["secret=", "text="]),
        ("s\nlogin: ann\n", ["secret=s", "login=ann"]),
        ("login: ann\n", ["secret=login: ann"]),
        ("s\nlogin:\tann \n", ["secret=s", "login=ann"]),
        ("s\nlogin:\n", ["secret=s", "login="]),
        ("s\nlogin:ann\n", ["secret=s", "text=login:ann"]),
        ("s\nhttps://x.example\n", ["secret=s", "text=https://x.example"]),
        ("s\n: x\n x: y\n", ["secret=s", "text=: x", "text= x: y"]),
        ("s\notpauth://totp/x\n", ["secret=s", "otpauth=otpauth://totp/x"]),
        ("s\nk: a\n b\n\n c\n", ["secret=s", "k=a\n b", "text=", "text= c"]),
        ("s\r\nk: v\r\n", ["secret=s", "k=v"]),
        (
            "-----BEGIN X-----\na\n-----END X-----\nk: v",
            ["secret=-----BEGIN X-----\na\n-----END X-----", "k=v"]
        ),
        ("-----BEGIN X-----\nk: v", ["secret=-----BEGIN X-----\nk: v"]),
        (
            "s\n-----BEGIN X-----\nk: v\n-----END X-----\n",
            ["secret=s", "text=-----BEGIN X-----\nk: v\n-----END X-----"]
        ),
        ("s\nk: v\u{1b}[0m\n", ["secret=s\nk: v\u{1b}[0m\n"]),
        ("{\n\"k\": 1\n}\n", ["secret={\n\"k\": 1\n}\n"]), ("{x}\n", ["secret={x}\n"]),
    ])
    func `an entry has these parts`(entry: String, expected: [String]) {
        let parts = parts(entry)
        #expect(parts == (entry == "{x}\n" ? ["secret={x}"] : expected))
    }

    @Test func `fields are found in either case of letters and replaced where they are`() {
        let now = EntryText(Secret(plain: "s\nurl: a\nlogin: x\nURL: b\nnote\n"))
        #expect(now.fields("Url").count == 2)
        func replaced(_ old: String) -> String? {
            text(now.replacing("url", byThoseOf: EntryText(Secret(plain: old))))
        }
        #expect(replaced("t\nurl: c\n") == "s\nurl: c\nlogin: x\nnote\n")
        #expect(
            replaced("t\nurl: c\nurl: d\nurl: e\n") == "s\nurl: c\nlogin: x\nurl: d\nurl: e\nnote\n"
        )
        #expect(replaced("t\n") == "s\nlogin: x\nnote\n")
        let port = text(now.replacing("port", byThoseOf: EntryText(Secret(plain: "t\nport: 1"))))
        #expect(port == "s\nurl: a\nlogin: x\nURL: b\nport: 1\nnote\n")
        let lone = EntryText(Secret(plain: "s"))
        #expect(
            text(lone.replacing("k", byThoseOf: EntryText(Secret(plain: "t\nk: v")))) == "s\nk: v")
    }

    private func changes(_ old: String?, _ new: String?) -> [String] {
        let difference = EntryDifference(
            from: old.map { Secret(plain: $0) }, to: new.map { Secret(plain: $0) })
        return difference.changes.map { change in
            let part =
                if case .field(let key) = change.part { "\(key)" } else { "\(change.part)" }
            return "\(part): \(text(change.old) ?? "-") > \(text(change.new) ?? "-")"
        } + (difference.isOfFormOnly ? ["form"] : [])
    }

    @Test func `a difference names the parts`() {
        #expect(changes("s\n", "s\n") == [])
        #expect(changes("s\n", "s") == ["form"])
        #expect(changes("s\na: 1\nb: 2\n", "s\nb: 2\na: 1\n") == ["form"])
        #expect(changes(nil, "s\na: 1\n") == ["secret: - > s", "a: - > 1"])
        #expect(changes("s\nx\n", nil) == ["secret: s > -", "text: x > -"])
        #expect(
            changes("s\na: 1\nb: 2\n\none\ntwo\n", "t\nb: 3\nc: 4\n\none\n2\nthree\n") == [
                "secret: s > t", "a: 1 > -", "b: 2 > 3", "c: - > 4", "text: two > 2\nthree",
            ])
        #expect(changes("s\n\u{0}", "t") == ["secret: s\n\u{0} > t"])
        #expect(
            changes("s\notpauth://a\n", "s\notpauth://b\n") == [
                "otpauth: otpauth://a > otpauth://b"
            ])
    }

    @Test func `nothing of an entry is printed`() {
        let entry = EntryText(Secret(plain: "hunter2\nlogin: ann\n"))
        let merge = EntryMerge.merging(
            base: nil, ours: Secret(plain: "hunter2\n"), theirs: Secret(plain: "hunter3\n"),
            newer: .ours)
        let difference = EntryDifference(from: merge.merged, to: entry.source)
        var printed = ""
        dump(entry, to: &printed)
        dump(merge, to: &printed)
        dump(difference, to: &printed)
        #expect(!printed.contains("hunter") && !printed.contains("ann"))
    }
}
