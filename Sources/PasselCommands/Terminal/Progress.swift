import Glibc
import PasselCore
import PasselPosix
import PasselStore
import Synchronization

/// How far long work is: one line on the terminal, with a rate and how long it will take.
///
/// It appears after a moment, so that short work shows nothing, and is erased afterwards. Steps may
/// be counted from several threads.
final class Progress: StepCounter {
    private struct State {
        var done = 0
        var shownAt: Duration?
        var ended = false
    }

    private let doing: String
    private let count: Int
    /// The terminal; nothing when nobody looks.
    private let terminal: Int32?
    private let clock: @Sendable () -> Duration
    private let state = Mutex(State())

    /// `clock` tells how long the work has gone on.
    init(
        _ doing: String, of count: Int, on terminal: Int32?,
        clock: @escaping @Sendable () -> Duration = Progress.stopwatch()
    ) {
        self.doing = doing
        self.count = count
        self.terminal = terminal
        self.clock = clock
    }

    /// Time since now.
    static func stopwatch() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }

    /// Counts steps that are done.
    func advance(by steps: Int = 1) {
        guard let terminal else { return }
        state.withLock { state in
            state.done += steps
            let now = clock()
            guard !state.ended, now >= (state.shownAt.map { $0 + Self.pause } ?? Self.delay) else {
                return
            }
            state.shownAt = now
            // Cut rather than wrapped: only one line can be erased.
            let line = Self.line(doing, state.done, of: count, after: now).prefix(79)
            write(Self.erasing + line.utf8, to: terminal)
        }
    }

    /// Removes the line; it comes back with the next step.
    func erase() {
        guard let terminal else { return }
        state.withLock { state in
            guard state.shownAt != nil, !state.ended else { return }
            write(Self.erasing, to: terminal)
        }
    }

    /// Removes the line for good.
    func end() {
        erase()
        state.withLock { $0.ended = true }
    }

    /// How long work goes on before anything is shown, and how long one state stays.
    private static let delay = Duration.milliseconds(300)
    private static let pause = Duration.milliseconds(100)
    private static let erasing = "\r\u{1b}[K".bytes

    private func write(_ bytes: [UInt8], to terminal: Int32) {
        // A terminal that went away needs no progress.
        try? bytes.withUnsafeBytes { try Files.write($0, to: terminal, name: "standard error") }
    }

    /// `encrypting: 120 of 600, 35/s, 14 s left`.
    static func line(_ doing: String, _ done: Int, of count: Int, after time: Duration) -> String {
        let start = "\(doing): \(done) of \(count)"
        let milliseconds = Int(time / .milliseconds(1))
        guard done > 0, milliseconds > 0 else { return start }
        let tenths = done * 10_000 / milliseconds
        let rate = tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10)"
        let left = (max(0, count - done) * milliseconds / done + 999) / 1000
        return "\(start), \(rate)/s, \(span(left)) left"
    }

    private static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<100: "\(seconds) s"
        case ..<6000: "\((seconds + 59) / 60) min"
        default: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        }
    }
}
