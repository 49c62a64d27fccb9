import Foundation

/// Runs blocking work beside the tests' own threads, a little more of it than there are processors:
/// programs under test wait for disks, agents and terminals.
public enum Workbench {
    private static let queue: OperationQueue = {
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = ProcessInfo.processInfo.activeProcessorCount + 1
        return queue
    }()

    /// The result of `work`, which may block its thread.
    ///
    /// Its thread belongs to no test: what is to be expected is judged by who gets the result.
    public static func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
