import Foundation
import PasselTesting
import Synchronization
import Testing

/// What hostile remotes do to who syncs with them, or clones them: nothing.
struct HostileRemoteTests {
    /// `PASSEL_REMOTES=paths` picks groups.
    static let groups: [RemoteCase.Group] = {
        let picked = ProcessInfo.processInfo.environment["PASSEL_REMOTES"].map { names in
            names.split(separator: ",").compactMap { RemoteCase.Group(rawValue: String($0)) }
        }
        return picked ?? RemoteCase.Group.allCases
    }()

    @Test func `there are as many as were promised`() {
        let expected: [(RemoteCase.Group, Int)] = [
            (.links, 8), (.submodules, 6), (.paths, 10), (.attributes, 8), (.repositories, 5),
            (.history, 7), (.references, 6), (.objects, 7), (.protocols, 6),
        ]
        for (group, count) in expected {
            #expect(RemoteCase.all.count { $0.group == group } == count, "\(group)")
        }
        #expect(RemoteCase.all.count == 63)
    }

    @Test(arguments: groups) func `a hostile remote is contained`(
        _ group: RemoteCase.Group
    ) async throws {
        let cases = RemoteCase.all.filter { $0.group == group }
        let failures = try await Workbench.run {
            let victim = try Victim()
            return try cases.map { try victim.suffer($0) }
        }
        for failure in failures.joined() { Issue.record("\(failure)") }
        Self.count(failures.count(where: \.isEmpty), of: cases.count)
    }

    private static let counted = Mutex((contained: 0, all: 0))

    private static func count(_ contained: Int, of all: Int) {
        let sum = counted.withLock { sum in
            sum = (sum.contained + contained, sum.all + all)
            return sum
        }
        guard sum.all == RemoteCase.all.count else { return }
        print("hostile remotes: \(sum.contained) of \(sum.all) contained")
    }
}
