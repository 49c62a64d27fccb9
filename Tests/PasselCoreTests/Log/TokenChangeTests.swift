import PasselCore
import Testing

@Suite struct TokenChangeTests {
    private static func token(_ secret: String, _ field: String = "kind: own")
        -> TokenChange.Content
    {
        .text(Secret(plain: "\(secret)\n\(field)\n"))
    }

    private let one = token("first-of-all-1a2b")
    private let two = token("second-of-all-3c4d")
    private let password = TokenChange.Content.text(Secret(plain: "hunter2\nurl: x.example\n"))

    private func told(_ changes: TokenChange..., restoring: Bool = false) -> [String] {
        EventDraft.drafts(of: changes, restoring: restoring).map { draft in
            let source = draft.source.map { " from \($0)" as Text } ?? ""
            let (old, new) = (draft.oldLastFour ?? "-", draft.newLastFour ?? "-")
            return "\(draft.kind.rawValue) \(draft.entry)\(source) \(old) \(new)"
        }
    }

    @Test func `a token comes, is replaced and goes`() {
        #expect(told(TokenChange("a", from: .nothing, to: one)) == ["added a - 1a2b"])
        #expect(told(TokenChange("a", from: one, to: two)) == ["replaced a 1a2b 3c4d"])
        #expect(told(TokenChange("a", from: .unseen, to: two)) == ["replaced a - 3c4d"])
        #expect(told(TokenChange("a", from: one, to: password)) == ["replaced a 1a2b -"])
        #expect(told(TokenChange("a", from: one, to: .nothing)) == ["removed a 1a2b -"])
        #expect(told(TokenChange("a", from: one, to: one)) == [])
        let field = Self.token("first-of-all-1a2b", "kind: other")
        #expect(told(TokenChange("a", from: one, to: field)) == [])
    }

    @Test func `what is no token, or was not seen, is none for the log`() {
        for content in [password, .unseen, .nothing] {
            #expect(told(TokenChange("a", from: content, to: .nothing)) == [])
            #expect(told(TokenChange("a", from: .nothing, to: content)) == [])
        }
        #expect(told(TokenChange("a", from: one, to: .unseen)) == [])
    }

    @Test func `one that is gone here and there in another entry has moved`() {
        let gone = TokenChange("a", from: one, to: .nothing)
        #expect(told(gone, TokenChange("b", from: .nothing, to: one)) == ["moved b from a - 1a2b"])
        #expect(
            told(gone, TokenChange("b", from: two, to: one)) == ["replaced b from a 3c4d 1a2b"])
        #expect(
            told(gone, TokenChange("b", from: .nothing, to: two)) == [
                "added b - 3c4d", "removed a 1a2b -",
            ])
        // Two entries with the same token move as two.
        #expect(
            told(
                gone, TokenChange("x", from: .nothing, to: one),
                TokenChange("b", from: one, to: .nothing),
                TokenChange("y", from: .nothing, to: one))
                == ["moved x from a - 1a2b", "moved y from b - 1a2b"])
    }

    @Test func `one that another entry keeps is not gone`() {
        #expect(
            told(TokenChange("a", from: one, to: one), TokenChange("b", from: one, to: .nothing))
                == [])
        #expect(
            told(TokenChange("a", from: one, to: one), TokenChange("b", from: two, to: .nothing))
                == ["removed b 3c4d -"])
    }

    @Test func `copies and what is restored are called so`() {
        #expect(
            told(TokenChange("b", from: .nothing, to: one, copyOf: "a")) == [
                "copied b from a - 1a2b"
            ])
        #expect(
            told(TokenChange("b", from: two, to: one, copyOf: "a")) == [
                "replaced b from a 3c4d 1a2b"
            ])
        #expect(
            told(TokenChange("a", from: two, to: one), restoring: true) == ["restored a 3c4d 1a2b"])
        #expect(
            told(TokenChange("a", from: .nothing, to: one), restoring: true) == [
                "restored a - 1a2b"
            ])
        #expect(
            told(
                TokenChange("b", from: one, to: .nothing),
                TokenChange("a", from: .nothing, to: one), restoring: true)
                == ["moved a from b - 1a2b"])
    }
}
