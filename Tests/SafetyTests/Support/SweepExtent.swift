import Foundation

/// How much of a sweep is run: all of it where `PASSEL_SWEEP` is `full`, else what shows it.
enum SweepExtent {
    static let isFull = ProcessInfo.processInfo.environment["PASSEL_SWEEP"] == "full"

    /// From which call to the next, so that at least so many of them are met where there are.
    static func stride(over calls: Int, points: Int) -> Int {
        isFull ? 1 : max(1, calls / points)
    }
}
