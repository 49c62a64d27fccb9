import Glibc

/// Until when something has to be done.
struct Deadline {
    private let end: Int64

    /// So many seconds from now.
    init(seconds: Int) { end = Self.now + Int64(seconds) * 1000 }

    /// How many milliseconds are left; none when it has passed.
    var milliseconds: Int { Int(max(0, end - Self.now)) }

    /// Milliseconds of a clock that nobody sets.
    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
