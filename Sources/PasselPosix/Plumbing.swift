import CPosix
import Glibc
import PasselCore

/// The pipes between this program and a child: opened, served until all are closed, never leaked.
struct Plumbing: ~Copyable {
    private var childEnds: [Int32] = []
    private var feed: (descriptor: Int32, content: Secret, sent: Int)?
    private var taps: [(childEnd: Int32, descriptor: Int32, reader: SecretReader, open: Bool)] = []

    deinit {
        for end in childEnds { close(end) }
        if let feed { close(feed.descriptor) }
        for tap in taps where tap.open { close(tap.descriptor) }
    }

    /// The descriptor that the child gets as standard input; -1 to inherit.
    mutating func input(_ input: ChildProcess.Input) throws -> Int32 {
        switch input {
        case .inherited: return -1
        case .nothing: return try null(O_RDONLY)
        case .bytes(let bytes):
            return try pipe(feeding: bytes.withUnsafeBytes { Secret(copying: $0) })
        case .secret(let secret): return try pipe(feeding: secret)
        }
    }

    /// The descriptor that the child gets to write to; -1 to inherit.
    mutating func output(_ output: ChildProcess.Output) throws -> Int32 {
        switch output {
        case .inherited: return -1
        case .standardError: return 2
        case .discarded: return try null(O_WRONLY)
        case .captured:
            let (reading, writing) = try openPipe()
            childEnds.append(writing)
            taps.append((writing, reading, SecretReader(limit: 256 << 20), true))
            return writing
        }
    }

    /// What came through the pipe whose child end this was.
    borrowing func captured(_ childEnd: Int32) -> Secret {
        taps.first { $0.childEnd == childEnd }?.reader.secret ?? Secret(plain: "")
    }

    /// To be called once the child has its own copies.
    mutating func closeChildEnds() {
        for end in childEnds { close(end) }
        childEnds = []
    }

    /// Feeds and drains until the child closed everything.
    ///
    /// - Throws: `ChildProcess.OutputTooLarge` when a pipe gives more than `limit` bytes.
    mutating func exchange(limit: Int) throws {
        while feed != nil || taps.contains(where: \.open) {
            var polled: [pollfd] = []
            if let feed {
                polled.append(pollfd(fd: feed.descriptor, events: Int16(POLLOUT), revents: 0))
            }
            for tap in taps where tap.open {
                polled.append(pollfd(fd: tap.descriptor, events: Int16(POLLIN), revents: 0))
            }
            guard poll(&polled, nfds_t(polled.count), -1) > 0 else { continue }
            for ready in polled where ready.revents != 0 {
                if ready.fd == feed?.descriptor { give() } else { try take(ready.fd, limit) }
            }
        }
    }

    private mutating func give() {
        guard let (descriptor, content, sent) = feed else { return }
        let count = content.withBytes { bytes in
            uninterrupted {
                write(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
            }
        }
        // A child that reads no further has its reasons; its exit status tells them.
        let done = count < 0 ? passel_errno() != EAGAIN : sent + count == content.count
        if done {
            close(descriptor)
            feed = nil
        } else {
            feed?.sent += max(0, count)
        }
    }

    private mutating func take(_ descriptor: Int32, _ limit: Int) throws {
        guard let index = taps.firstIndex(where: { $0.descriptor == descriptor }) else { return }
        let count: Int
        do {
            count = try taps[index].reader.fillOnce { memory in
                uninterrupted { read(descriptor, memory.baseAddress, memory.count) }
            }
        } catch is SecretReader.TooLarge {
            throw ChildProcess.OutputTooLarge()
        }
        if taps[index].reader.count > limit { throw ChildProcess.OutputTooLarge() }
        guard count <= 0 else { return }
        close(descriptor)
        taps[index].open = false
    }

    private mutating func pipe(feeding content: Secret) throws -> Int32 {
        let (reading, writing) = try openPipe()
        childEnds.append(reading)
        guard !content.isEmpty else {
            close(writing)
            return reading
        }
        // A pipe that is full must not stop us from draining the others.
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
        feed = (writing, content, 0)
        return reading
    }

    private mutating func null(_ flags: Int32) throws -> Int32 {
        let descriptor = try check(
            "open", "/dev/null", passel_open("/dev/null", flags | O_CLOEXEC, 0))
        childEnds.append(descriptor)
        return descriptor
    }

    private func openPipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try check("open", "a pipe", passel_pipe(&ends))
        return (ends[0], ends[1])
    }
}
