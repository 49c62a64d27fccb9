import Foundation
import Synchronization

/// One fault at one call, and what it did to the store.
struct Point: Sendable {
    let number: Int
    /// The killer's report, such as `killed 12 passel renameat2 /…`.
    let call: String
    let violations: [String]
    /// Whether a failure was reported although the new state was complete.
    var failedButDone = false
}

/// What a sweep over the calls of one command found.
struct SweepResult: Sendable {
    let name: String
    let calls: Int
    let stride: Int
    let points: [Point]

    /// Disturbs the command at so many of its calls at least, spread over all of them.
    init(
        _ name: String, calls: Int, points: Int, width: Int,
        _ disturb: @escaping @Sendable (Int, Int) throws -> Point
    ) async throws {
        let stride = SweepExtent.stride(over: calls, points: points)
        try await self.init(
            name, calls: calls, stride: stride,
            at: Array(Swift.stride(from: 1, through: calls, by: stride)), width: width, disturb)
    }

    /// Disturbs the command at each of these calls, on so many threads; `disturb` gets the number of
    /// its thread first.
    init(
        _ name: String, calls: Int, stride: Int, at numbers: [Int], width: Int,
        _ disturb: @escaping @Sendable (Int, Int) throws -> Point
    ) async throws {
        let next = Mutex(0)
        let points = Mutex<[Point]>([])
        try await inParallel(width) { worker in
            while let number = next.withLock({ index -> Int? in
                defer { index += 1 }
                return index < numbers.count ? numbers[index] : nil
            }) {
                let point = try disturb(worker, number)
                points.withLock { $0.append(point) }
            }
        }
        self.name = name
        self.calls = calls
        self.stride = stride
        self.points = points.withLock { $0 }.sorted { $0.number < $1.number }
    }

    var failed: [Point] { points.filter { !$0.violations.isEmpty } }

    var summary: String {
        let late = points.count(where: \.failedButDone)
        return "\(name): K=\(calls)\(stride == 1 ? "" : " stride=\(stride)"): "
            + "\(points.count - failed.count) passed, \(failed.count) failed"
            + (late > 0 ? " (\(late) reported a failure after the commit)" : "")
    }

    /// Prints the summary and the first failures.
    func show(_ count: Int = 40) {
        var lines = [summary]
        for point in failed.prefix(count) {
            lines.append("    \(point.call): \(point.violations.joined(separator: "; "))")
        }
        print(lines.joined(separator: "\n"))
        fflush(nil)  // a sweep takes a while, and its figures are wanted even if a later one hangs
    }
}
