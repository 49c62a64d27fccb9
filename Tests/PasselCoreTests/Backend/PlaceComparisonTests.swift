import PasselCore
import Testing

@Suite struct PlaceComparisonTests {
    private let value = Secret(plain: "0123456789abcdef")

    private func compare(_ holding: PlaceContent.Holding, pushed: Int64? = nil) -> PlaceComparison {
        PlaceComparison(value, with: PlaceContent(holding, version: .unknown), pushed: pushed)
    }

    @Test func `values that can be read are compared whole`() {
        #expect(compare(.nothing) == .init(.missing, .exact))
        #expect(compare(.value(Secret(plain: "0123456789abcdef"))) == .init(.equal, .exact))
        for other in ["", "0123456789abcdef\n", "0123456789abcdeF", "0123456789abcde"] {
            #expect(compare(.value(Secret(plain: other))) == .init(.differs, .exact))
        }
    }

    @Test func `four characters say less, and of a short value nothing`() {
        #expect(compare(.unreadable(lastFour: "cdef", updated: nil)) == .init(.equal, .fingerprint))
        #expect(compare(.unreadable(lastFour: "cdeg", updated: 5)) == .init(.differs, .fingerprint))
        let short = PlaceComparison(
            Secret(plain: "abcdef"),
            with: PlaceContent(.unreadable(lastFour: "cdef", updated: nil), version: .unknown))
        #expect(short == .init(.unknown, nil))
    }

    @Test(
        arguments: [
            (1000, 1000, .equal), (1060, 1000, .equal), (940, 1000, .equal), (1061, 1000, .differs),
            (939, 1000, .differs), (Int64.min, Int64.max, .differs),
            (Int64.max, Int64.min, .differs),
            (1000, nil, .unknown),
        ] as [(Int64, Int64?, PlaceComparison.State)])
    func `a time is compared with the last push`(
        updated: Int64, pushed: Int64?, state: PlaceComparison.State
    ) {
        let found = compare(.unreadable(lastFour: nil, updated: updated), pushed: pushed)
        #expect(found == .init(state, state == .unknown ? nil : .timestamp))
    }

    @Test func `without any sign nothing is claimed`() {
        #expect(
            compare(.unreadable(lastFour: nil, updated: nil), pushed: 1) == .init(.unknown, nil))
    }

    @Test func `what did not come from here is never overwritten unasked`() {
        for state in PlaceComparison.State.allCases {
            for isOwn in [false, true] {
                for replaces in [false, true] {
                    let step = PushStep(.init(state, .exact), isOwn: isOwn, replaces: replaces)
                    let wanted: PushStep =
                        switch state {
                        case .equal: .none
                        case .missing: .create
                        case .differs, .unknown: isOwn || replaces ? .update : .foreign
                        }
                    #expect(step == wanted)
                }
            }
        }
    }
}
