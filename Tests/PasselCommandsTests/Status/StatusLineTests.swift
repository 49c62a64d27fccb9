import PasselCore
import PasselGit
import PasselPosix
import Testing

@testable import PasselCommands
@testable import PasselStore

@Suite struct StatusLineTests {
    private func remote(ahead: Int?, behind: Int?) -> StoreStatus.Remote {
        StoreStatus.Remote(
            name: "origin", policy: .sync, ahead: ahead, behind: behind, last: .init())
    }

    private func line(_ status: StoreStatus, utf8: Bool = true) -> String {
        let looks = Looks(isOn: false, environment: .current)
        return String(
            decoding: StatusLine(status, utf8: utf8).bytes(looks).dropLast(), as: UTF8.self)
    }

    @Test func `what is nothing is left out`() {
        var status = StoreStatus()
        #expect(line(status) == "")
        status.isRepository = true
        #expect(line(status) == "detached")
        status.branch = "main"
        #expect(line(status) == "main")
        status.remotes = [remote(ahead: nil, behind: nil)]
        #expect(line(status) == "main")
    }

    @Test func `each thing has a sign of its own`() {
        var status = StoreStatus()
        status.isRepository = true
        status.branch = "main"
        status.remotes = [remote(ahead: 2, behind: 0), remote(ahead: 1, behind: 1)]
        status.uncommitted = ["a", "b", "c"].map {
            StoreStatus.Uncommitted(name: $0, kind: .untracked)
        }
        status.check = LastCheck(time: 0, checked: 9, drifted: 1)
        status.conflicts = ["web/shop.conflict-0a1b2c3d"]
        #expect(line(status) == "main ↑2 ↓1 *3 ~1 !1")
        #expect(line(status, utf8: false) == "main +2 -1 *3 ~1 !1")
    }

    @Test func `a name of a branch cannot drive the terminal`() {
        var status = StoreStatus()
        status.isRepository = true
        status.branch = "a\u{1b}[2J"
        #expect(!line(status).contains("\u{1b}"))
    }

    private static let times: [(seconds: Int64, text: String)] = [
        (0, "just now"), (59, "just now"), (60, "1 minute ago"), (7199, "1 hour ago"),
        (7200, "2 hours ago"), (86_400 * 3, "3 days ago"), (-5, "just now"),
    ]

    @Test(arguments: times)
    func `times are told in the largest unit that fits`(seconds: Int64, text: String) {
        #expect("\(Ago.text(1_000_000 - seconds, now: 1_000_000))" == text)
    }
}
