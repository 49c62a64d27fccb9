import Testing

@testable import PasselCore

@Suite struct SecurityEventTests {
    static func event(
        _ kind: EventDraft.Kind = .replaced, _ entry: Path = "web/pypi",
        at second: Int64 = 1_800_000_000,
        after previous: [EventName] = [], _ change: (inout EventDraft) -> Void = { _ in }
    ) -> SecurityEvent {
        var draft = EventDraft(kind, entry)
        change(&draft)
        return SecurityEvent(
            draft, time: Instant(second: second), actor: "Ann <ann@example.org>", key: nil,
            nonce: [UInt8](repeating: 7, count: 16), previous: previous)
    }

    @Test func `an event reads as it was written`() throws {
        let first = Self.event(.added)
        let event = Self.event(after: [first.name]) {
            $0.oldLastFour = "1a2b"
            $0.newLastFour = "3c4d"
            $0.locations = ["pypirc:~/.pypirc#pypi", "env:A"]
            $0.reason = "two\nlines \\ and more"
        }
        let text = """
            passel event 1
            time: 2027-01-15T08:00:00Z
            actor: Ann <ann@example.org>
            entry: web/pypi
            event: replaced
            old: 1a2b
            new: 3c4d
            location: pypirc:~/.pypirc#pypi
            location: env:A
            reason: two\\x0Alines \\x5C and more
            nonce: 07070707070707070707070707070707
            previous: \(first.name.text)

            """
        #expect(String(decoding: event.content, as: UTF8.self) == text)
        let read = try SecurityEvent(event.content)
        #expect(read == event)
        #expect(read.reason == "two\nlines \\ and more")
        #expect(read.previous == [first.name])
        #expect(read.name.text.description.hasPrefix("20270115T080000Z-"))
        #expect(EventName(read.name.text.bytes) == read.name)
    }

    @Test func `any name of an entry comes back as it was`() throws {
        var random = SmallRandom(seed: 5)
        for _ in 0..<300 {
            let name = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                UInt8.random(in: 1...255, using: &random)
            }
            let event = Self.event(.added, Path(name))
            #expect(try SecurityEvent(event.content).entry.bytes == name)
        }
    }

    @Test func `what is no event is refused, and lines of later versions are kept`() throws {
        let good = Self.event().content
        #expect(throws: SecurityEvent.Malformed.self) { try SecurityEvent([]) }
        #expect(throws: SecurityEvent.Malformed.self) { try SecurityEvent(good.dropLast()) }
        for line in ["no colon", ": x", "key:x", "key: \\", "key: \\x61", "key: \\x0a"] {
            #expect(throws: SecurityEvent.Malformed.self, "\(line)") {
                try SecurityEvent(good + Array("\(line)\n".utf8))
            }
        }
        #expect(throws: SecurityEvent.Malformed.self) {
            try SecurityEvent(Array("passel event 1\nevent: added\nentry: x\n".utf8))
        }
        let later = good + Array("weather: fine\n".utf8)
        #expect(try SecurityEvent(later).content == later)
        let unknown = Array(
            "passel event 1\ntime: 2027-01-15T08:00:00Z\nentry: x\nevent: praised\n".utf8)
        #expect(try SecurityEvent(unknown).kind == nil)
    }

    @Test func `only names of events are some`() {
        let digits = String(repeating: "0f", count: 16)
        #expect(EventName("20270115T080000Z-\(digits)".utf8) != nil)
        for name in [
            "20270115T080000Z-\(digits)0", "20270115T080000Z-\(digits.uppercased())",
            "20270115X080000Z-\(digits)", "../0115T080000Z-\(digits)", "",
        ] { #expect(EventName(name.utf8) == nil, "\(name)") }
    }

    @Test func `a change of a token is one of its secret`() throws {
        func draft(_ old: String?, _ new: String) -> EventDraft? {
            EventDraft("x", from: old.map { Secret(plain: $0) }, to: Secret(plain: new))
        }
        #expect(draft(nil, "hunter2\n") == nil)
        #expect(draft(nil, "hunter2\nurl: x\n") == nil)
        #expect(draft("a\nkind: x\n", "a\nkind: y\n") == nil)
        #expect(draft("a\n", "b\n") == nil)
        #expect(draft("a\n", "a\nkind: y\n") == nil)
        #expect(draft(nil, "a\nkind: x\n")?.kind == .added)
        let replaced = try #require(
            draft("a-long-enough-1a2b\nkind: x\n", "a-long-enough-3c4d\nlocation: env:A\n"))
        #expect(replaced.kind == .replaced)
        #expect(replaced.oldLastFour == "1a2b")
        #expect(replaced.newLastFour == "3c4d")
        #expect(replaced.locations == ["env:A"])
        #expect(draft("a\nkind: x\n", "short\n")?.newLastFour == nil)
    }
}
