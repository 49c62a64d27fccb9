import PasselCore
import Testing

@testable import PasselCommands
@testable import PasselStore

@Suite struct AccessSummaryTests {
    private static let ann = Addressee.unknown(KeyID(1))
    private static let bob = Addressee.unknown(KeyID(2))

    private func entry(_ name: String, _ readers: [Addressee] = [ann]) -> EntryReaders {
        EntryReaders(name: Text(name.utf8), readers: readers, flaw: nil)
    }

    private func told(_ entries: [EntryReaders], at place: Path = "", each: Bool = false) -> [Text]
    {
        AccessSummary(entries, at: place, each: each).lines.map { line in
            let count = line.count.map { " (\($0))" as Text } ?? ""
            return line.name + count
        }
    }

    @Test func `a store that the same people can read is one line`() {
        #expect(told([entry("a"), entry("web/b"), entry("web/c")]) == ["/ (3)"])
        #expect(told([entry("web/b"), entry("web/c/d")], at: "web") == ["web/ (2)"])
        #expect(told([]) == [])
    }

    @Test func `a folder that differs is told with what is in it`() {
        let entries = [
            entry("a"), entry("b"), entry("ops/x", [Self.bob]), entry("ops/y", [Self.bob]),
            entry("web-old/c"), entry("web/d"), entry("web/e/f", [Self.bob]), entry("web/e/g"),
        ]
        #expect(
            told(entries) == [
                "* (2)", "ops/ (2)", "web-old/c", "web/d", "web/e/f", "web/e/g",
            ])
    }

    @Test func `an entry and the folder of its name are two things`() {
        #expect(
            told([entry("web"), entry("web/a"), entry("web/b")], at: "web") == ["web", "web/ (2)"])
    }

    @Test func `one by one every entry is a line`() {
        #expect(told([entry("a"), entry("web/b")], each: true) == ["a", "web/b"])
    }

    @Test func `what nobody can read stands alone`() {
        let broken = EntryReaders(name: "b", readers: [], flaw: "the file is empty")
        #expect(told([entry("a"), broken, entry("c")]) == ["a", "b", "c"])
    }
}
