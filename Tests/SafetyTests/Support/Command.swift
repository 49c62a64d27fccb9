import Foundation

/// A finished command: how it ended and what it wrote.
struct Outcome: Sendable {
    /// The exit code, or 128 plus the signal, as a shell reports it.
    let status: Int32
    /// What `waitpid` said, for those who ask about core dumps.
    let waitStatus: Int32
    let output: [UInt8]
    let errors: [UInt8]
    let seconds: Double

    var text: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errors, as: UTF8.self) }
}

struct SafetyProblem: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A program to run with exactly these arguments and this environment.
struct Command: Sendable {
    var words: [String]
    var environment: [String: String]
    var input: [UInt8] = []
    /// Seconds after which it is killed; its status is then 137.
    var limit = 180.0

    /// Runs it to its end.
    ///
    /// Its streams are unnamed files, so that it can neither block on a full
    /// pipe nor leave plaintext where a scan for plaintext looks.
    func run() throws -> Outcome {
        let streams = [try UnnamedFile(input), try UnnamedFile(), try UnnamedFile()]
        let began = ContinuousClock.now
        let child = try start(streams.map(\.descriptor))
        var status: Int32 = 0
        var pause: UInt32 = 200
        var expired = false
        while waitpid(child, &status, WNOHANG) == 0 {
            if !expired, (ContinuousClock.now - began).inSeconds > limit {
                expired = true
                kill(child, SIGKILL)
            }
            usleep(pause)
            pause = min(pause + 100, 2_000)
        }
        let ending = expired ? Array("\(words): killed after \(limit) s\n".utf8) : []
        return Outcome(
            status: shellStatus(status), waitStatus: status, output: streams[1].content(),
            errors: streams[2].content() + ending, seconds: (ContinuousClock.now - began).inSeconds)
    }

    /// Starts it with these descriptors as its first three, and returns its process id.
    func start(_ descriptors: [Int32]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }
        // The test process may ignore or block signals; its children must not inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var every = sigset_t()
        var none = sigset_t()
        sigfillset(&every)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))

        let variables = environment.map { "\($0.key)=\($0.value)" }
        var child: pid_t = 0
        let error = withCStrings(words) { arguments in
            withCStrings(variables) { environment in
                posix_spawnp(&child, words[0], &actions, &attributes, arguments, environment)
            }
        }
        guard error == 0 else {
            throw SafetyProblem("\(words[0]): \(String(cString: strerror(error)))")
        }
        return child
    }
}

func shellStatus(_ waitStatus: Int32) -> Int32 {
    let signal = waitStatus & 0x7f
    return signal == 0 ? (waitStatus >> 8) & 0xff : 128 + signal
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

private func withCStrings<R>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> R
) rethrows -> R {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return try body(copies + [nil])
}

/// A file without a name, gone with its last descriptor.
final class UnnamedFile: Sendable {
    let descriptor: Int32

    init(_ content: [UInt8] = []) throws {
        let path = "/tmp/.psf-\(getpid())-\(UUID().uuidString)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SafetyProblem("\(path): cannot be created") }
        unlink(path)
        guard write(descriptor, content, content.count) == content.count else {
            throw SafetyProblem("\(path): cannot be written")
        }
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { close(descriptor) }

    func content() -> [UInt8] {
        var status = stat()
        fstat(descriptor, &status)
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(count, 0)))
    }
}
