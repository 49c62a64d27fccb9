import PasselCore
import Testing

@testable import PasselStore

struct TreeObjectTests {
    @Test func `Folders as git writes them are in order`() throws {
        let summary = try TreeObject.check(
            tree(
                ("100644", "a"), ("100644", "a.b"), ("40000", "a0"), ("120000", "b"),
                ("160000", "c"))
        )
        #expect(summary.count == 5 && !summary.isRepository)
        #expect(try TreeObject.check([]).count == 0)
        // A folder sorts as if its name ended in a slash.
        _ = try TreeObject.check(tree(("100644", "a-b"), ("40000", "a"), ("100644", "a0")))
    }

    @Test(arguments: [
        ["100644 b", "100644 a"], ["40000 a", "100644 a-b"], ["100644 a0", "40000 a"],
    ])
    func `A folder that is not sorted is none`(items: [String]) {
        let flaw = flaw(items)
        guard case .unsorted = flaw else { return #expect(flaw == .damaged) }
    }

    @Test(arguments: [
        ["100644 a", "100644 a"], ["100644 a", "40000 a"], ["100644 a", "100644 a.b", "40000 a"],
        ["100644 a", "100644 a-", "100644 a-x", "40000 a"],
    ])
    func `No name is there twice, be it a file and a folder`(items: [String]) {
        guard case .twice = flaw(items) else {
            Issue.record("\(items): \(String(describing: flaw(items)))")
            return
        }
    }

    @Test(arguments: [
        "100664 a", "0100644 a", "040000 a", "100600 a", "1000000100644 a", "0 a", "140000 a",
    ])
    func `Modes that git does not write are refused`(item: String) {
        guard case .mode = flaw([item]) else {
            Issue.record("\(item): \(String(describing: flaw([item])))")
            return
        }
    }

    @Test func `Damage is told`() {
        let whole = tree(("100644", "a"), ("100644", "b"))
        for count in 1..<whole.count where count != whole.count / 2 {
            #expect(throws: TreeObject.Flaw.self) { try TreeObject.check(Array(whole[..<count])) }
        }
        #expect(flaw(["100644 "]) == .damaged)
        #expect(throws: TreeObject.Flaw.tooMany(limit: 1)) {
            try TreeObject.check(whole, nameLimit: 1)
        }
    }

    @Test func `What git takes for a repository is recognised`() throws {
        for names in [
            ["HEAD", "objects/", "refs/"], ["commondir", "head"], ["Head", "OBJECTS/", "Refs/"],
        ] {
            let items = names.sorted().map {
                $0.hasSuffix("/") ? ("40000", String($0.dropLast())) : ("100644", $0)
            }
            #expect(try TreeObject.check(tree(items)).isRepository)
        }
        #expect(!(try TreeObject.check(tree(("100644", "HEAD"), ("40000", "refs"))).isRepository))
    }

    @Test func `Every change of a byte is understood`() {
        let whole = tree(("100644", "a"), ("40000", "b"), ("100644", "c.gpg"))
        for index in whole.indices {
            for value in [0, 0x20, 0x2f, 0x30, 0x37, 0xff] as [UInt8] {
                var changed = whole
                changed[index] = value
                // Whether it is in order or not: it neither traps nor looks beyond the end.
                _ = try? TreeObject.check(changed)
            }
        }
    }

    private func flaw(_ items: [String]) -> TreeObject.Flaw? {
        do throws(TreeObject.Flaw) {
            _ = try TreeObject.check(
                tree(
                    items.map {
                        let words = $0.split(
                            separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
                        return (String(words[0]), String(words[1]))
                    }))
            return nil
        } catch {
            return error
        }
    }

    private func tree(_ items: (String, String)...) -> [UInt8] { tree(items) }

    private func tree(_ items: [(String, String)]) -> [UInt8] {
        items.flatMap { mode, name in
            Array("\(mode) \(name)".utf8) + [0] + [UInt8](repeating: 7, count: 20)
        }
    }
}
