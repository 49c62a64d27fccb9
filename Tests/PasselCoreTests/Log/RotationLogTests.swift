import Testing

@testable import PasselCore

@Suite struct RotationLogTests {
    private let replaced = SecurityEventTests.event(.replaced, "a", at: 1_800_000_000) {
        $0.oldLastFour = "1a2b"
        $0.newLastFour = "3c4d"
    }
    private let moved = SecurityEventTests.event(.moved, "b", at: 1_800_000_001) {
        $0.source = "a"
        $0.newLastFour = "3c4d"
    }

    private func revoked(_ entry: Path) -> SecurityEvent {
        SecurityEventTests.event(.revoked, entry, at: 1_800_100_000)
    }

    @Test func `what is told of a token that moved is told of the one that it replaced`() {
        let updated = SecurityEventTests.event(.updated, "b", at: 1_800_000_002) {
            $0.locations = ["env:A"]
        }
        let page = RotationLog([replaced, moved, updated, revoked("b")]).markdown.description
        #expect(
            page.hasSuffix(
                """
                ## 2027-01-15 - `b` moved

                - entry: `b`
                - from: `a`
                - by: Ann \\<ann@example.org\\>
                - old token: -
                - new token: …`3c4d`

                ## 2027-01-15 - `a` replaced

                - entry: `a`
                - by: Ann \\<ann@example.org\\>
                - old token: …`1a2b`
                - new token: …`3c4d`
                - updated: `env:A`
                - verified: -
                - revoked old: 2027-01-16

                """))
    }

    @Test func `of a narrower token its limits are told`() {
        let narrowed = SecurityEventTests.event(.narrowed, "a") { $0.result = "projects foo" }
        let page = RotationLog([replaced, narrowed]).markdown.description
        #expect(page.contains("- new token: -\n- result: projects foo\n\n## "))
    }

    @Test func `what nobody revoked is the token before the last one, under whatever name`() {
        func left(_ entry: Path, _ events: SecurityEvent...) -> Text? {
            RotationLog.unrevoked(of: entry, in: events)
        }
        let removed = SecurityEventTests.event(.removed, "b") { $0.oldLastFour = "3c4d" }
        #expect(left("a", replaced) == "1a2b")
        #expect(left("b", replaced) == nil)
        #expect(left("b", replaced, moved) == "1a2b")
        #expect(left("a", replaced, moved) == nil)
        #expect(left("b", replaced, moved, removed) == "3c4d")
        #expect(left("b", replaced, moved, removed, revoked("b")) == nil)
        #expect(left("a", replaced, revoked("b")) == "1a2b")
        #expect(left("a", SecurityEventTests.event(.added, "a")) == nil)
    }

    private func begun(_ entry: Path) -> SecurityEvent {
        SecurityEventTests.event(.begun, entry, at: 1_799_999_000) { $0.oldLastFour = "1a2b" }
    }

    @Test func `what was done before the entry got the new one is told with it`() {
        let updated = SecurityEventTests.event(.updated, "a", at: 1_799_999_500) {
            $0.locations = ["env:A"]
        }
        let page = RotationLog([begun("a"), updated, updated, replaced]).markdown.description
        #expect(page.components(of: "## ") == 1)
        #expect(page.contains("- new token: …`3c4d`\n- updated: `env:A`\n"))
    }

    @Test func `what was given up is no replacement`() {
        let abandoned = SecurityEventTests.event(.abandoned, "a", at: 1_799_999_600) {
            $0.oldLastFour = "1a2b"
        }
        let page = RotationLog([begun("a"), abandoned]).markdown.description
        #expect(page.contains("`a` abandoned"))
        #expect(!page.contains("begun"))
        #expect(RotationLog([abandoned]).markdown == "# Rotation log\n")
        #expect(RotationLog.unrevoked(of: "a", in: [begun("a"), abandoned]) == nil)
    }

    @Test func `one that was revoked before there was another is not left`() {
        #expect(RotationLog.unrevoked(of: "a", in: [begun("a"), replaced]) == "1a2b")
        #expect(
            RotationLog.unrevoked(of: "a", in: [begun("a"), revoked("a"), replaced]) == nil)
        // That one was revoked, not the next.
        let events = [begun("a"), revoked("a"), replaced, replaced]
        #expect(RotationLog.unrevoked(of: "a", in: events) == "1a2b")
    }
}

extension String {
    /// How often something stands in it.
    fileprivate func components(of part: String) -> Int {
        indices.count { self[$0...].hasPrefix(part) }
    }
}
