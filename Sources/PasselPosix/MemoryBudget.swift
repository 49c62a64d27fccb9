import Glibc
import Synchronization

/// Bounds what objects from elsewhere can make libgit2 ask for.
///
/// An object says how large it is, but not how large those are that it is told apart from: a few
/// bytes can stand for gigabytes of them. libgit2 takes memory that it does not get for a failure.
public enum MemoryBudget {
    private static let data = __rlimit_resource_t(RLIMIT_DATA.rawValue)

    private struct State {
        var isOurs = false
        var depth = 0
        /// The limit before it was lowered; nothing while it is as it was.
        var before: rlimit?
    }
    private static let state = Mutex(State())

    /// Says that the whole process is one command, whose limits may be changed; without it, nothing
    /// is bounded.
    ///
    /// Limits hold for every thread, and for whatever these start: a program that does other things
    /// meanwhile would be out of memory for them.
    public static func ownsProcess() { state.withLock { $0.isOurs = true } }

    /// Does `body` with no more private memory than so many bytes above what is in use; what the
    /// limit was before holds again then.
    public static func bounded<R>(to bytes: Int, _ body: () throws -> R) rethrows -> R {
        state.withLock { state in
            state.depth += 1
            var now = rlimit()
            guard state.isOurs, state.depth == 1, let used = ProcessStatus.bytesInUse(),
                getrlimit(data, &now) == 0
            else { return }
            state.before = now
            now.rlim_cur = min(now.rlim_cur, rlim_t(used) + rlim_t(bytes))
            setrlimit(data, &now)
        }
        defer {
            state.withLock { state in
                state.depth -= 1
                if state.depth == 0, var before = state.before {
                    setrlimit(data, &before)
                    state.before = nil
                }
            }
        }
        return try body()
    }
}
