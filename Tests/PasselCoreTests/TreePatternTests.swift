import PasselCore
import PasselTesting
import Testing

/// Patterns as `tree -P` of tree 2.1.0 understands them.
@Suite struct TreePatternTests {
    private static let names = [
        "a", "A", "ab", "abc", "ABC.gpg", "b", "site.gpg", "Site", "x.y", "a b", "[x]", "a]", "a-b",
        "a*b", "a?b", "a|b", "a\\b", "-", "^", "é", "É.gpg", "0", "09", "web-site_2", "a^b", "~x",
        "aXb", "...", "a..b", "{a}", "#1", "'q'", "z", "m",
    ]

    /// The names that tree shows when it is asked as pass asks it.
    private func shown(_ box: Sandbox, _ terms: [String]) throws -> Set<String> {
        let pattern = terms.map { "*\($0)*" }.joined(separator: "|")
        let options = ["-N", "-i", "-a", "--noreport", "-P", pattern, "--ignore-case"]
        let outcome = try box.run("tree", options + [box.root + "/names"])
        return Set(outcome.stdout.lines.dropFirst().map(\.text))
    }

    private static let terms: [[String]] = [
        ["a"], ["B"], ["site"], ["."], ["gpg"], ["é"], ["É"], ["-"], ["a b"], ["zzz"], [""],
        ["", "a"],
        ["a", "b"], ["zzz", "x"], ["?"], ["??"], ["a?b"], ["*"], ["a*b"], ["**"], ["a**b"], ["***"],
        ["[a]"], ["[ab]"], ["[a-c]"], ["a[^x]b"], ["a[^a-z]b"], ["[A-C]"], ["[c-a]"], ["[-a]"],
        ["[a-]"],
        ["[]a]"], ["[]]"], ["["], ["]"], ["[a"], ["a]"], ["[\\]]"], ["[\\-]"], ["[a\\-z]"],
        ["\\"], ["\\\\"], ["\\*"], ["\\?"], ["a\\*b"], ["\\["], ["\\a"], ["a|b"], ["|"], ["a|"],
        ["|a"],
        ["a||b"], ["\\|"], ["a\\|b"], ["/"], ["a/"], ["a/b"], ["/a"], ["^"], ["^a"], ["~"], ["{"],
        ["#"], ["'"], ["_2"], ["[0-9]"], ["[[:digit:]]"], ["x.y"], ["!a"], ["[!a]"], ["[a", "b"],
    ]

    @Test func `terms match the names that tree shows`() throws {
        let box = try Sandbox()
        try Disk.makeFolder(box.root + "/names")
        for name in Self.names { try Disk.write("", to: box.root + "/names/" + name) }
        for terms in Self.terms {
            let pattern = TreePattern(terms: terms.map { Array($0.utf8) })
            let matched = Self.names.filter { pattern.matches(Array($0.utf8), isFolder: false) }
            let wanted = try shown(box, terms)
            let missing = wanted.subtracting(matched)
            let extra = Set(matched).subtracting(wanted)
            #expect(missing == [] && extra == [], "\(terms): missing \(missing), extra \(extra)")
        }
    }

    @Test func `random terms match the names that tree shows`() throws {
        var random = SmallRandom(seed: 7)
        // No `^`: at a name's end tree 2.1.0 takes its NUL for what is not in the set, and reads on.
        let pieces = ["a", "b", "*", "?", "[", "]", "-", "\\", "|", "x", "."]
        let box = try Sandbox()
        try Disk.makeFolder(box.root + "/names")
        for name in Self.names { try Disk.write("", to: box.root + "/names/" + name) }
        for _ in 0..<150 {
            let term = random.text(of: pieces, count: 1 + Int(random.next() % 5))
            let pattern = TreePattern(terms: [Array(term.utf8)])
            let matched = Self.names.filter { pattern.matches(Array($0.utf8), isFolder: false) }
            #expect(Set(matched) == (try shown(box, [term])), "\(term)")
        }
    }

    @Test func `bytes that are no text can be matched`() {
        let pattern = TreePattern(terms: [[0xFF]])
        #expect(pattern.matches([0x61, 0xFF, 0x62], isFolder: false))
        #expect(!pattern.matches([0x61, 0xFE], isFolder: false))
    }
}
