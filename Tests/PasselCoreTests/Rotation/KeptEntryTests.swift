import PasselCore
import Testing

@Suite struct KeptEntryTests {
    @Test func `what is kept beside an entry is left out where that is there`() {
        let names: [Path] = [
            "ci/a", "ci/a.conflict-0123abcd", "ci/a.next", "ci/a.prev", "ci/b.prev", "ci/next",
            "ci/c.conflict-0123abcd", "ci/a.previous", "ci/.prev",
        ]
        #expect(
            KeptEntry.leavingOut(names) == [
                "ci/a", "ci/b.prev", "ci/next", "ci/c.conflict-0123abcd", "ci/a.previous",
                "ci/.prev",
            ])
        #expect(KeptEntry.leavingOut(["ci/a.prev"]) == ["ci/a.prev"])
    }
}
