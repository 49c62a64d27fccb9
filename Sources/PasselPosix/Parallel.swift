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
        // This thread is one of them.
        let handles = (1..<threads).compactMap { _ in BackgroundThread.start(job.work) }
        job.work()
        for handle in handles { pthread_join(handle, nil) }
        return job.results()
    }

    /// Begins `work` on a thread of its own; its result can be waited for.
    ///
    /// Where there is no thread to be had, it is done at once.
    public static func begin<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result
    ) -> Pending<Result> {
        let kept = Pending<Result>.Kept()
        let handle = BackgroundThread.start { kept.set(work()) }
        if handle == nil { kept.set(work()) }
        return Pending(handle, kept)
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
