import PasselCore
import Testing

@Suite struct MergeLawTests {
    /// All bodies of at most `count` of these lines.
    private func bodies(_ lines: [String], upTo count: Int) -> [String] {
        var result = [""]
        var longest = [""]
        for _ in 0..<count {
            longest = longest.flatMap { body in lines.map { body + $0 + "\n" } }
            result += longest
        }
        return result
    }

    private func check(_ bases: [String?], _ sides: [String]) -> (count: Int, broken: [String]) {
        var count = 0
        var broken: [String] = []
        for base in bases {
            for newer in sides {
                for older in sides {
                    count += 1
                    let laws = MergeLaws(base: base, newer: newer, older: older)
                    for law in laws.broken() where broken.count < 5 {
                        broken.append("\(law): \(String(describing: base)) \(newer) \(older)")
                    }
                }
            }
        }
        return (count, broken)
    }

    @Test(arguments: [
        ["a: 1", "a: 2", "t"], ["a: 1", "b: 1", "b: 2"], ["a: 1", "a: 2", "A: 1"],
        ["t", "u", "a: 1"], ["t", "", "a: 1"], ["otpauth://1", "otpauth://2", "a: 1"],
        ["a: 1", " more", "t"],
    ])
    func `every law holds for all entries of two such lines`(lines: [String]) {
        let entries = bodies(lines, upTo: 2).map { "p\n" + $0 }
        let result = check(entries.map { $0 } + [nil], entries)
        #expect(result.broken == [])
        print("merge laws: \(result.count) triples of \(lines)")
    }

    @Test func `every law holds for all secrets and ends`() {
        let entries = [
            "", "\n", "p", "p\n", "q", "q\n", "p\r\n", "\na: 1\n", "p\na: 1", "q\r\na: 2\r\n",
            "r\nt",
        ]
        let result = check(entries.map { $0 } + [nil], entries)
        #expect(result.broken == [])
        print("merge laws: \(result.count) triples of secrets and line ends")
    }

    @Test func `every law holds for random long entries`() {
        var random = SmallRandom(seed: 7)
        let lines = [
            "a: 1", "a: 2", "b: 1", "b: 2", "c: 1", "t", "u", "v", "", "otpauth://1", "otpauth://2",
        ]
        var broken: [String] = []
        for _ in 0..<3000 {
            let base = (0..<8).map { _ in lines.randomElement(using: &random) ?? "" }
            let texts = (0..<2).map { _ in
                var side = base
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    let place = side.indices.randomElement(using: &random) ?? 0
                    let line = lines.randomElement(using: &random) ?? ""
                    switch Int.random(in: 0...2, using: &random) {
                    case 0 where side.count > 1: side.remove(at: place)
                    case 1: side.insert(line, at: place)
                    default: side[place] = line
                    }
                }
                return ("p\n" + side.joined(separator: "\n") + "\n")
            }
            let laws = MergeLaws(
                base: "p\n" + base.joined(separator: "\n") + "\n", newer: texts[0], older: texts[1])
            for law in laws.broken() where broken.count < 5 {
                broken.append("\(law): \(base) | \(texts)")
            }
        }
        #expect(broken == [])
    }
}
