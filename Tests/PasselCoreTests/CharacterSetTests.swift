import PasselCore
import PasselTesting
import Testing

/// Sets as tr(1) of coreutils understands them, which is what real pass uses.
@Suite struct CharacterSetTests {
    /// What `tr -dc SET` keeps of all bytes, line feed and NUL aside; nothing when it refuses the set.
    private func kept(_ set: String) throws -> [UInt8]? {
        let all = (UInt8.min...UInt8.max).map { $0 }
        // A complemented and deleted set: the one use that pass makes of tr.
        let outcome = try Invocation.tool("tr", ["-dc", "--", set], input: all)
        guard outcome.status == 0 else { return nil }
        return outcome.stdout.filter { $0 != 0 && $0 != 0x0A }
    }

    private func ours(_ set: String) -> [UInt8]? {
        // A refusal is compared with tr's.
        try? CharacterSet(Array(set.utf8)).bytes
    }

    @Test(arguments: [
        "a", "abc", "cba", "aa", "a-z", "A-Za-z0-9", "a-", "-a", "-", "--", "---", "a--", "+--",
        "a-a", "z-a", "a-z-9", "a-c-e", "!-~", " -~", "0-9-", "é", "aé-ü",
        "[:alnum:]", "[:punct:][:alnum:]", "[:upper:]x", "[:alpha:]-z", "[:digit:]-", "a-[:digit:]",
        "[:lower:][:lower:]", "[:xdigit:]", "[:graph:]", "[:print:]", "[:blank:]", "[:space:]",
        "[:cntrl:]", "[:ALNUM:]", "[:foo:]", "[::]", "[:]", "[:alnum]", "[:alnum:", "[alnum:]",
        "[:alnum: ]", "[=a=]", "[=a=]-z", "[==]", "[===]", "[=ab=]", "[=a]", "[=", "[=-=]",
        "[=]=]", "[]", "[", "]", "[[", "]]", "[a]", "[a-z]", "[^a]", "^a", "[a-", "[]-a]",
        "\\n", "\\t", "\\\\", "\\a\\b\\f\\v\\r", "\\101", "\\1012", "\\7", "\\77", "\\8", "\\400",
        "\\377", "\\0", "\\-", "a\\-z", "\\a-z", "a-\\z", "\\101-\\132", "\\132-\\101",
        "\\[:alpha:]",
        "[\\:alpha:]", "[:alpha\\:]", "[:alpha:\\]", "x\\", "\\", "\\\\-\\]", "\\x41", "\\é",
        "[a*]", "[a*3]", "[a*03]", "[a*09]", "[a*x]", "[a*3", "[a*-1]", "[a**]", "[\\**]", "[**]",
        "[*]", "[*a]", "[]*]", "[=*=]", "[:*3]", "[=*3]", "[a*99999999999999999999]", "[a*0]",
        "[\\101*3]", "[a\\*3]", "[a*]b]", "$`\"'", "*?|&;<>", "~", "[:punct:]\\n",
    ]) func `a set means what it means to tr`(set: String) throws {
        #expect(ours(set) == (try kept(set)), "\(set)")
    }

    @Test func `random sets mean what they mean to tr`() throws {
        var random = SmallRandom(seed: 4)
        let pieces = [
            "a", "z", "-", "-", "[", "]", ":", "=", "*", "\\", "0", "7", "9", "alnum", "digit",
            "[:", ":]", "[=", "=]", "n",
        ]
        for _ in 0..<300 {
            let set = random.text(of: pieces, count: 1 + Int(random.next() % 7))
            #expect(ours(set) == (try kept(set)), "\(set)")
        }
    }

    @Test func `the sets that pass starts with have 94 and 62 characters`() throws {
        let all = try CharacterSet(Array("[:punct:][:alnum:]".utf8))
        #expect(all.bytes == Array(0x21...0x7E))
        #expect(try CharacterSet(Array("[:alnum:]".utf8)).bytes.count == 62)
    }

    @Test func `an empty set is a set`() throws {
        #expect(try CharacterSet([]).bytes == [])
        #expect(try CharacterSet(Array("\\n\\0".utf8)).bytes == [])
    }
}
