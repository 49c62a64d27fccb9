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
        // This thread is one of them.
        for _ in 1..<threads {
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
        job.work()
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
        private let next = Atomic(0)
        private let done: Mutex<[Result?]>

        init(_ items: [Item], _ transform: @escaping @Sendable (Item) -> Result) {
            self.items = items
            self.transform = transform
            done = Mutex(Array(repeating: nil, count: items.count))
        }

        /// Takes items until none is left, and hands over its results at the end, once.
        @Sendable func work() {
            var own: [(index: Int, result: Result)] = []
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < items.count else { break }
                own.append((index, transform(items[index])))
            }
            done.withLock { done in
                for (index, result) in own { done[index] = result }
            }
        }

        func results() -> [Result] { done.withLock { $0.compactMap(\.self) } }
    }
}
