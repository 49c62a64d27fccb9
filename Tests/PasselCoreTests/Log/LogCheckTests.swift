import Testing

@testable import PasselCore

@Suite struct LogCheckTests {
    private func files(_ events: SecurityEvent...) -> [Text: LogCheck.Reading] {
        Dictionary(uniqueKeysWithValues: events.map { ($0.name.text, .text($0.content)) })
    }

    private let first = SecurityEventTests.event(.added, at: 1_800_000_000)
    private var left: SecurityEvent {
        SecurityEventTests.event(at: 1_800_000_100, after: [first.name])
    }
    private var right: SecurityEvent {
        SecurityEventTests.event(.narrowed, at: 1_800_000_200, after: [first.name])
    }
    private var last: SecurityEvent {
        SecurityEventTests.event(at: 1_800_000_300, after: [left.name, right.name])
    }

    @Test func `a log of two branches is whole`() {
        let check = LogCheck(files(first, left, right, last))
        #expect(check.flaws.isEmpty)
        #expect(check.heads == [last.name])
        #expect(check.events.map(\.name) == [first, left, right, last].map(\.name))
        #expect(LogCheck(files(first, left, right)).heads == [left.name, right.name])
        #expect(LogCheck([:]) == LogCheck([:], known: []))
    }

    @Test func `what follows comes behind, whatever the clocks say`() {
        let early = SecurityEventTests.event(at: 1_700_000_000, after: [first.name])
        let second = SecurityEventTests.event(at: 1_600_000_000, after: [early.name])
        let other = SecurityEventTests.event(.added, at: 1_750_000_000)
        #expect(
            LogCheck(files(first, early, second, other)).events.map(\.name)
                == [other, first, early, second].map(\.name))
    }

    @Test func `whatever is taken away is missed, but for the end that nobody saw`() {
        #expect(LogCheck(files(left, right, last)).flaws == [.missing(first.name)])
        #expect(LogCheck(files(first, right, last)).flaws == [.missing(left.name)])
        #expect(LogCheck(files(first, left, right)).flaws.isEmpty)
        #expect(
            LogCheck(files(first, left, right), known: [last.name]).flaws == [.missing(last.name)])
    }

    @Test func `every altered byte is told`() {
        for place in right.content.indices {
            var content = right.content
            content[place] ^= 1
            var files = files(first, left, last)
            files[right.name.text] = .text(content)
            #expect(LogCheck(files).flaws == [.altered(right.name)], "\(place)")
        }
    }

    @Test func `an event under the name of another is told, and so is a stranger`() {
        var files = files(first, left, right, last)
        files[left.name.text] = .text(right.content)
        files["notes.txt"] = .unreadable
        #expect(LogCheck(files).flaws == [.altered(left.name), .stray("notes.txt")])
    }

    @Test func `what others alone can read is neither good nor bad`() {
        var files = files(first, right, last)
        files[left.name.text] = .unreadable
        let check = LogCheck(files)
        #expect(check.flaws.isEmpty)
        #expect(check.unreadable == [left.name])
    }

    @Test func `the page for people has a section for each new token`() {
        let other = SecurityEventTests.event(.added, "web/*odd`", at: 1_800_100_000)
        var replaced = EventDraft(.replaced, "web/pypi")
        replaced.oldLastFour = "1a2b"
        replaced.newLastFour = "3c4d"
        replaced.reason = "left [the] team"
        let new = SecurityEvent(
            replaced, time: Instant(second: 1_800_000_000), actor: nil, key: nil, nonce: [],
            previous: [])
        let updated = SecurityEventTests.event(.updated, at: 1_800_000_001) {
            $0.locations = ["env:A", "env:B"]
        }
        let verified = SecurityEventTests.event(.verified, at: 1_800_000_002) { $0.result = "ok" }
        let revoked = SecurityEventTests.event(.revoked, at: 1_800_200_000)
        let page = RotationLog([new, updated, verified, other, revoked]).markdown
        #expect(
            page.description == """
                # Rotation log

                ## 2027-01-16 - `` web/*odd` `` added

                - entry: `` web/*odd` ``
                - by: Ann \\<ann@example.org\\>
                - old token: -
                - new token: -
                - updated: -
                - verified: -
                - revoked old: -

                ## 2027-01-15 - left \\[the\\] team

                - entry: `web/pypi`
                - old token: …`1a2b`
                - new token: …`3c4d`
                - updated: `env:A`, `env:B`
                - verified: 2027-01-15 (ok)
                - revoked old: 2027-01-17

                """)
    }
}
