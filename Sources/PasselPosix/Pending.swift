import Glibc
import Synchronization

/// Work that was begun on a thread of its own, by `Parallel.begin`.
///
/// Belongs to one thread. Work of which nobody wants the result goes on to its end, or to that of
/// the process.
public final class Pending<Result: Sendable> {
    private var handle: pthread_t?
    private let result: Kept

    /// Where the thread leaves what came of it.
    final class Kept: Sendable {
        private let value = Mutex<Result?>(nil)

        func set(_ new: Result) { value.withLock { $0 = new } }
        func get() -> Result? { value.withLock { $0 } }
    }

    init(_ handle: pthread_t?, _ result: Kept) {
        (self.handle, self.result) = (handle, result)
    }

    deinit {
        if let handle { pthread_detach(handle) }
    }

    /// What came of it; waits for it.
    public func value() -> Result {
        if let handle { pthread_join(handle, nil) }
        handle = nil
        guard let value = result.get() else { preconditionFailure("the thread has ended") }
        return value
    }
}
