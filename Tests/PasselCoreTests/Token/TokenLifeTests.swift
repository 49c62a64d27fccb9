import Testing

@testable import PasselCore

@Suite struct TokenLifeTests {
    private func lived(_ fields: String) -> TokenLife? {
        TokenLife(TokenMetadata(EntryText(Secret(plain: "x\n" + fields))))
    }

    @Test func `of two ends the sooner one counts`() throws {
        let rotation = try #require(
            lived("created: 2026-01-01\nrotate-every: 30d\nexpires: 2027-01-01\n"))
        #expect(rotation.kind == .rotate)
        #expect(rotation.end.spelling == "2026-01-31")
        let expiry = try #require(
            lived("created: 2026-01-01\nrotate-every: 30d\nexpires: 2026-01-31\n"))
        #expect(expiry.kind == .expires)
        #expect(lived("rotate-every: 30d\n") == nil)
        #expect(lived("created: 2026-01-01\n") == nil)
        #expect(lived("expires: soon\n") == nil)
        let exact = try #require(lived("created: 2026-01-01T10:00:00Z\nrotate-every: 1d\n"))
        #expect(exact.end.spelling == "2026-01-02T10:00:00Z")
        #expect(
            lived("created: 2026-01-01\nrotate-every: 12h\n")?.end.spelling
                == "2026-01-01T12:00:00Z")
    }

    @Test func `days are counted down to none and below`() throws {
        let life = try #require(lived("expires: 2026-01-03\n"))
        let end = life.end.second
        let counts: [(Int64, Int64)] = [
            (end - 2 * 86_400, 2), (end - 2 * 86_400 + 1, 1), (end - 1, 0), (end, 0),
            (end + 1, -1), (end + 86_400, -1), (end + 86_401, -2),
        ]
        for (now, days) in counts { #expect(life.daysLeft(at: now) == days, "\(now - end)") }
        #expect(!life.isOver(at: end - 1))
        #expect(life.isOver(at: end))
        #expect(life.partsLeft(of: 10, at: 0) == nil)
    }

    @Test func `what is left is a part of the whole, and nothing only when it is over`() throws {
        let life = try #require(lived("created: 2026-01-01\nexpires: 2026-01-11\n"))
        let day: Int64 = 86_400
        let end = life.end.second
        let parts: [(Int64, Int64)] = [
            (end - 10 * day, 10), (end - 9 * day, 9), (end - 1, 1), (end, 0), (end + day, 0),
            (end - 20 * day, 10),
        ]
        for (now, count) in parts { #expect(life.partsLeft(of: 10, at: now) == count) }
        let odd = lived("created: 2027-01-01\nexpires: 2026-01-11\n")
        #expect(odd != nil && odd?.start == nil)
    }

    @Test func `an entry is a token by the fields that passwords have not`() {
        func isToken(_ fields: String) -> Bool {
            TokenMetadata(EntryText(Secret(plain: "x\n" + fields))).isToken
        }
        for field in ["kind: x", "scope: x", "expires: soon", "location: x", "Rotate-Every: 1d"] {
            #expect(isToken(field), "\(field)")
        }
        for field in ["url: x", "username: x\nnote: x\nowner: x", "kind:", "prose", ""] {
            #expect(!isToken(field), "\(field)")
        }
    }
}
