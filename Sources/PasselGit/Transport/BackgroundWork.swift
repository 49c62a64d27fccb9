import CGit2
import Glibc
import PasselCore
import PasselPosix
import Synchronization

/// What goes on between a connection that works on a thread of its own and who waits for it.
final class Conversation: Sendable {
    struct State {
        var heard: [UInt8] = []
        var moved = 0
        var question: Text?
        var answer: Secret?
        var isAnswered = false
        var refusal: TransportFailure?
        var isGivenUp = false
    }

    let state = Mutex(State())

    /// The server said something.
    func hear(_ bytes: [UInt8]) {
        state.withLock { state in
            state.moved += 1
            // Nobody reads more than this before it is shown.
            if state.heard.count < 1 << 20 { state.heard += bytes }
        }
    }

    /// Bytes came or went; false when it was given up meanwhile.
    func move() -> Bool {
        state.withLock { state in
            state.moved += 1
            return !state.isGivenUp
        }
    }

    func refuse(_ failure: TransportFailure) { state.withLock { $0.refusal = failure } }

    var refusal: TransportFailure? { state.withLock { $0.refusal } }

    /// Has the user asked, and waits.
    func ask(_ question: Text) -> Secret? {
        state.withLock { $0.question = question }
        while true {
            let (answered, answer) = state.withLock { state in
                defer { if state.isAnswered { state.answer = nil } }
                return (state.isAnswered || state.isGivenUp, state.answer)
            }
            if answered {
                state.withLock { $0.isAnswered = false }
                return answer
            }
            usleep(20_000)
        }
    }
}

enum BackgroundFailure: Error {
    case timedOut
    case problem(GitProblem)
    case other(Problem)
}

/// What a thread leaves for who waits for it.
final class WorkResult<R: Sendable>: Sendable {
    private let outcome = Mutex<Result<R, BackgroundFailure>?>(nil)

    func set(_ result: Result<R, BackgroundFailure>) { outcome.withLock { $0 = result } }

    var value: Result<R, BackgroundFailure>? { outcome.withLock { $0 } }
}

/// Work on a thread of its own that may be given up: libgit2 has no limit to how long it waits.
struct BackgroundWork<R: Sendable> {
    private let talk: Conversation
    private let result: WorkResult<R>
    private let done: Int32
    private let before: Set<[UInt8]>

    /// Begins the work.
    static func begin(
        _ talk: Conversation, _ work: @escaping @Sendable () throws -> R
    ) -> BackgroundWork {
        let before = sockets()
        let result = WorkResult<R>()
        var ends: [Int32] = [-1, -1]
        _ = passel_git_pipe(&ends)
        let finished = ends[1]
        let thread = BackgroundThread.start {
            do {
                result.set(.success(try work()))
            } catch let problem as GitProblem {
                result.set(.failure(.problem(problem)))
            } catch let problem as Problem {
                result.set(.failure(.other(problem)))
            } catch {
                result.set(.failure(.other(Problem("the connection failed"))))
            }
            close(finished)
        }
        if let thread {
            pthread_detach(thread)
        } else {
            result.set(.failure(.other(Problem("no thread can be started"))))
            close(finished)
        }
        return BackgroundWork(talk: talk, result: result, done: ends[0], before: before)
    }

    /// Waits until it is done, or until nothing moved for `patience` seconds.
    ///
    /// Then its sockets are shut, by which it ends; a thread that does not end even so is left
    /// behind.
    func wait(
        patience: Int, text: inout RemoteText, asking: ((Text) -> Secret?)?
    ) -> Result<R, BackgroundFailure> {
        defer { close(done) }
        let started = WatchedChild.now
        let memory = ProcessStatus.bytesInUse() ?? 0
        var (last, moved) = (started, 0)
        var shut: Double?
        var isFull = false
        while true {
            var polled = pollfd(fd: done, events: Int16(POLLIN), revents: 0)
            let ended = poll(&polled, 1, 50) > 0
            let (heard, now, question) = talk.state.withLock { state in
                defer { (state.heard, state.question) = ([], nil) }
                return (state.heard, state.moved, state.question)
            }
            text.take(heard)
            if let question {
                let answer = asking?(question)
                talk.state.withLock { ($0.answer, $0.isAnswered) = (answer, true) }
                last = WatchedChild.now
            }
            if now != moved { (moved, last) = (now, WatchedChild.now) }
            if ended {
                let outcome = result.value
                if isFull { return .failure(.other(Self.tooMuch)) }
                return shut != nil ? .failure(.timedOut) : outcome ?? .failure(.timedOut)
            }
            let time = WatchedChild.now
            if let shut {
                if time - shut > 2 { return .failure(isFull ? .other(Self.tooMuch) : .timedOut) }
                continue
            }
            isFull = (ProcessStatus.bytesInUse() ?? 0) - memory > Self.memoryLimit
            if isFull || time - last > Double(patience) || time - started > Double(patience * 40) {
                talk.state.withLock { $0.isGivenUp = true }
                shutSockets()
                shut = time
            }
        }
    }

    /// In bytes; some way below what libgit2 would be refused, which not all of its callers survive.
    private static var memoryLimit: Int { 96 << 20 }

    private static var tooMuch: Problem { Problem("the server sends more than fits into memory") }

    private func shutSockets() {
        for name in Self.sockets().subtracting(before) {
            if let descriptor = Int32(String(decoding: name, as: UTF8.self)) {
                shutdown(descriptor, Int32(SHUT_RDWR))
            }
        }
    }

    private static func sockets() -> Set<[UInt8]> {
        let folder: Path = "/proc/self/fd"
        // Without the list nothing is shut, and the thread is left behind.
        let names = (try? Files.names(in: folder)) ?? []
        return Set(
            names.map(\.bytes).filter { name in
                // Closed by now: no socket.
                guard let target = try? Files.target(of: folder / name) else { return false }
                return target.bytes.starts(with: "socket:".utf8)
            })
    }
}
