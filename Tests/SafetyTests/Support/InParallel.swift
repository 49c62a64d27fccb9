import Foundation
import Synchronization

/// Runs the body on so many threads of its own: it blocks, which Swift's own threads must not.
///
/// These threads belong to no test: an expectation that fails on one is reported for every test that
/// runs at the moment. So the body collects what is to be expected afterwards.
///
/// Throws what the first failing one threw.
func inParallel(_ width: Int, _ body: @escaping @Sendable (Int) throws -> Void) async throws {
    let outcome: Result<Void, any Error> = await withCheckedContinuation { continuation in
        let first = Mutex<Result<Void, any Error>>(.success(()))
        let group = DispatchGroup()
        for index in 0..<width {
            group.enter()
            Thread.detachNewThread {
                do { try body(index) } catch { first.withLock { $0 = .failure(error) } }
                group.leave()
            }
        }
        group.notify(queue: .global()) { continuation.resume(returning: first.withLock { $0 }) }
    }
    try outcome.get()
}
