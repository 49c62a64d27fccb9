import Testing

@testable import PasselCore

@Suite struct RotationRecordTests {
    private let since = Instant(second: 1_800_000_000)

    @Test(arguments: RotationRecord.State.allCases)
    func `what is kept is read again`(state: RotationRecord.State) throws {
        var record = RotationRecord(
            state, secret: Secret(plain: "a: b"), since: since, grace: 3600, isEmergency: true,
            reason: "it: was lost")
        record.until = Instant(second: 1_800_003_600)
        record.created = "2027-01-15"
        record.expires = "2027-04-15"
        let again = try #require(record.content.flatMap { RotationRecord($0) })
        #expect(again.state == state)
        #expect(again.secret == record.secret)
        #expect(again.since == since)
        #expect(again.until == record.until)
        #expect(again.grace == 3600)
        #expect(again.isEmergency)
        #expect(again.reason == "it: was lost")
        #expect(again.created == "2027-01-15")
        #expect(again.expires == "2027-04-15")
    }

    @Test func `what is not said is not kept`() throws {
        let record = RotationRecord(.planned, since: since, grace: 0)
        let content = try #require(record.content)
        #expect(
            content == Secret(plain: "\nrotation: planned\nrotation-since: 2027-01-15T08:00:00Z\n"))
        let again = try #require(RotationRecord(content))
        #expect(again.secret.isEmpty)
        #expect(again.until == nil)
        #expect(!again.isEmergency)
        #expect(again.reason == nil)
    }

    @Test func `a record is no token, whatever the entry's fields say`() throws {
        var record = RotationRecord(
            .grace, secret: Secret(plain: "x"), since: since, grace: 60, reason: "r")
        record.until = since
        record.created = "2027-01-15"
        record.expires = "2027-04-15"
        let content = try #require(record.content)
        #expect(!TokenMetadata(EntryText(content)).isToken)
    }

    @Test func `a block stays whole, and what no fields can stand beside is refused`() throws {
        let block = Secret(plain: "-----BEGIN X-----\nQUJD\n-----END X-----")
        let kept = RotationRecord(.minted, secret: block, since: since, grace: 0)
        let content = try #require(kept.content)
        #expect(RotationRecord(content)?.secret == block)
        for odd in ["two\nlines", "{\n}", "a\0b"] {
            let record = RotationRecord(
                .minted, secret: Secret(plain: odd), since: since, grace: 0)
            #expect(record.content == nil, "\(odd)")
        }
        let reason = RotationRecord(.planned, since: since, grace: 0, reason: "a\nrotation: minted")
        #expect(reason.content == nil)
    }

    @Test(arguments: [
        "", "secret\n", "secret\nrotation: minted\n",
        "secret\nrotation: done\nrotation-since: 2027-01-15T08:00:00Z\n",
        "secret\nrotation: minted\nrotation-since: yesterday\n",
    ]) func `another entry is no record`(text: String) {
        #expect(RotationRecord(Secret(plain: text)) == nil)
    }

    @Test func `a record lies beside its entry`() {
        #expect(RotationRecord.Side.next.name(beside: "ci/a") == "ci/a.next")
        #expect(RotationRecord.Side.prev.entry(of: "ci/a.prev") == "ci/a")
        #expect(RotationRecord.Side.prev.entry(of: "ci/a.next") == nil)
        #expect(RotationRecord.Side.next.entry(of: "ci/.next") == nil)
    }
}
