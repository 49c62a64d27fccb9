import PasselCore
import PasselTesting
import Testing

struct OffboardingListTests {
    private let first = String(repeating: "a1", count: 20)
    private let second = String(repeating: "b2", count: 20)
    private let digest = String(repeating: "c3", count: 32)

    private var text: String {
        """
        passel offboard 1
        person \(String(repeating: "B2", count: 20)) Bob%20%3Cbob@example.org%3E
        day 2026-11-21
        key 1122334455667788
        entry - %2D \(first)
        entry old/name new/name \(second),\(first) \(first)=\(second)
        entry plain plain \(digest)
        unknown gone - \(first)
        done old/name 2026-12-01

        """
    }

    private func list(_ text: String) throws -> OffboardingList {
        try OffboardingList(Array(text.utf8), path: "list")
    }

    @Test func `a list is read as it was written`() throws {
        let list = try list(text)
        #expect(list.content.text == text)
        #expect(list.name.text == "Bob <bob@example.org>")
        #expect(list.day.spelling == "2026-11-21")
        #expect(list.keyIDs.map(\.hex) == ["1122334455667788"])
        #expect(list.items.map(\.name.text) == ["-", "old/name", "plain", "gone"])
        #expect(list.items.map { $0.place.name?.text } == ["-", "new/name", "plain", nil])
        #expect(list.items.map(\.isCertain) == [true, true, true, false])
        #expect(list.items[1].contents.map(\.hex) == [second, first])
        #expect(list.items[1].place.guesses.map(\.old.hex) == [first])
        #expect(list.done.map(\.key.text) == ["old/name"])
        #expect(list.file.repaired == ".passel/offboard/" + String(repeating: "B2", count: 20))
    }

    @Test(arguments: [
        ("passel offboard 1", "passel offboard 2"), ("day 2026-11-21\n", ""),
        ("key 1122334455667788", "key 1122"), ("entry plain plain", "entry  plain plain"),
        ("entry plain plain", "entry pl%61in plain"), ("entry - %2D", "entry - -x%"),
        ("unknown gone", "perhaps gone"), ("done old/name 2026-12-01", "done old/name 2026-12-32"),
        ("gone - ", "gone - A1,"), ("2026-12-01\n", "2026-12-01"), ("a1=b2", "b2"),
    ]) func `a damaged list is refused`(part: String, replacement: String) throws {
        let all = text.replacing("a1=", with: "a1=")
        let damaged = all.replacing(part, with: replacement)
        #expect(damaged != all)
        #expect(throws: Problem.self) { try list(damaged) }
    }

    @Test func `lines in another order are refused`() throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines.swapAt(4, 5)
        #expect(throws: Problem.self) { try list(lines.joined(separator: "\n")) }
    }

    @Test func `what was found anew is taken over, and nothing is forgotten`() throws {
        var list = try list(text)
        let versions = [first, second].compactMap { OffboardingList.Content(Array($0.utf8)) }
        let place = OffboardingList.Place(Array("now".utf8))
        list.update(
            with: [
                OffboardingList.Item(
                    Array("old/name".utf8), place, isCertain: true, contents: [versions[1]])
            ], keyIDs: [KeyID(1)])
        #expect(list.keyIDs.count == 2)
        let renamed = list.items.filter { $0.name.text == "old/name" }
        #expect(renamed.map { $0.place.name?.text } == ["now", "new/name"])
        #expect(renamed.map(\.contents) == [[versions[1]], [versions[0]]])
        #expect(list.items.count == 5)
        #expect(list.contents(of: Array("old/name".utf8)) == Set(versions))
    }
}
