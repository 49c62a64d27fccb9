import Glibc
import Synchronization

/// Runs blocking work, such as child processes, on a few threads.
public enum Parallel {
    /// `transform` of every item, in order, on up to `width` threads at once.
    public static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], width: Int, _ transform: @escaping @Sendable (Item) -> Result
    ) -> [Result] {
        let threads = min(width, items.count)
        guard threads > 1 else { return items.map(transform) }
        let job = Job(items, transform)
        var handles: [pthread_t] = []
        for _ in 0..<threads {
            var handle = pthread_t()
            let box = Unmanaged.passRetained(Body(run: job.work))
            let code = pthread_create(
                &handle, nil,
                { raw in
                    guard let raw else { return nil }
                    Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run()
                    return nil
                }, box.toOpaque())
            if code == 0 { handles.append(handle) } else { box.release() }
        }
        // Without a single thread the work is done here.
        if handles.isEmpty { job.work() }
        for handle in handles { pthread_join(handle, nil) }
        return job.results()
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private final class Job<Item: Sendable, Result: Sendable>: Sendable {
        private let items: [Item]
        private let transform: @Sendable (Item) -> Result
        private let state: Mutex<(next: Int, done: [Int: Result])>

        init(_ items: [Item], _ transform: @escaping @Sendable (Item) -> Result) {
            self.items = items
            self.transform = transform
            state = Mutex((0, [:]))
        }

        @Sendable func work() {
            while true {
                let index = state.withLock { state in
                    defer { state.next += 1 }
                    return state.next
                }
                guard index < items.count else { return }
                let result = transform(items[index])
                state.withLock { $0.done[index] = result }
            }
        }

        func results() -> [Result] {
            state.withLock { state in items.indices.compactMap { state.done[$0] } }
        }
    }
}
