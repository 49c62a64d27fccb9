import Foundation
import PasselTesting
import Synchronization
import Testing

/// What nobody of the team vouches for is refused where that is asked for, and told where it is not.
struct AuthenticityTests {
    private static let shards = 3

    @Test func `there are as many as were promised`() {
        #expect(Forgery.all.count == 40)
        #expect(Set(Forgery.all.map(\.group)) == Set(1...11))
    }

    /// `PASSEL_FORGERIES=3,8` picks groups.
    private static let chosen: [Forgery] = {
        let picked = ProcessInfo.processInfo.environment["PASSEL_FORGERIES"].map { names in
            Set(names.split(separator: ",").compactMap { Int($0) })
        }
        return Forgery.all.filter { picked?.contains($0.group) ?? true }
    }()

    @Test(arguments: 0..<shards) func `a forgery is refused or told`(_ shard: Int) async throws {
        let forgeries = Self.chosen.enumerated().filter { $0.offset % Self.shards == shard }
            .map(\.element)
        guard !forgeries.isEmpty else { return }
        let failures = try await Workbench.run {
            let court = try Court()
            return try forgeries.map { forgery in
                try [true, false].flatMap { isStrict in
                    try court.hear(forgery, isStrict: isStrict).map {
                        "\(forgery): \(isStrict ? "strict" : "default"): \($0)"
                    }
                }
            }
        }
        for failure in failures.joined() { Issue.record("\(failure)") }
        Self.count(failures.count(where: \.isEmpty), of: forgeries.count)
    }

    private static let counted = Mutex((good: 0, all: 0))

    private static func count(_ good: Int, of all: Int) {
        let sum = counted.withLock { sum in
            sum = (sum.good + good, sum.all + all)
            return sum
        }
        guard sum.all == Forgery.all.count else { return }
        print("authenticity: \(sum.good) of \(sum.all)")
    }
}
