public import Glibc

/// A thread of its own.
public enum BackgroundThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// A thread that runs `run`, to be joined or detached; nothing when none can be had.
    public static func start(_ run: @escaping @Sendable () -> Void) -> pthread_t? {
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { raw in
                guard let raw else { return nil }
                Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            return nil
        }
        return thread
    }

    /// Lets other threads and processes go first where there are more than processors, for the rest
    /// of this thread and of those that it starts.
    ///
    /// Calls `setpriority`, which on Linux is for one thread.
    public static func stepBack() {
        // Where it is refused, the thread takes its share.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    }
}
