import CPosix
import Glibc
import PasselCore
import PasselPosix

/// Ciphertexts that a change of many entries has made already: whoever is killed in the middle of
/// it does not begin from nothing again.
///
/// Each is a file `reencrypted/JOB-RESULT` in the state folder, where JOB is the digest of the old
/// ciphertext and its new readers and RESULT that of the new ciphertext, so that a file which a
/// kill or a power cut left half written is told from a whole one. They go when a change has put
/// them into the store, or when one of many entries needs others.
struct ResumableWork: Sendable {
    /// One entry to encrypt anew.
    struct Job: Hashable, Sendable {
        fileprivate let digest: Digest
        fileprivate let readers: [KeyID]

        /// An old ciphertext, and who is to read what comes in its place; nothing where a message
        /// does not say who reads it.
        init?(_ ciphertext: [UInt8], for audience: Audience, _ readers: [KeyID]) {
            guard !readers.contains(.hidden) else { return nil }
            let names: [[UInt8]] =
                switch audience {
                case .given(let names): names.map { Array("given ".utf8) + $0.bytes }
                case .listed(let names, _): names.map { Array("listed ".utf8) + $0.bytes }
                case .pinned(let keys, _, _): keys.map { Array("key \($0.hex)".utf8) }
                }
            let ids = readers.map { Array("reader \($0.hex)".utf8) }
            // No line holds a line feed, and the digest before them is of one length.
            digest = Digest(
                of: Digest(of: ciphertext).bytes + (names + ids).flatMap { $0 + [.newline] })
            self.readers = readers
        }
    }

    /// For so many entries and more, work is kept.
    static let least = 64

    private let folder: StateFolder
    private let kept: [Digest: Digest]

    /// What was kept of these jobs; what was kept of others is removed.
    ///
    /// - Throws: `SystemError` when the folder cannot be made or listed.
    init(of jobs: [Job], in state: StateFolder) throws {
        folder = Self.folder(in: state)
        try folder.make()
        let wanted = Set(jobs.map(\.digest))
        var kept: [Digest: Digest] = [:]
        for name in try Files.names(in: folder.path) {
            if let (job, result) = Self.digests(name.bytes), wanted.contains(job) {
                kept[job] = result
            } else {
                try folder.remove(Path(name.bytes))
            }
        }
        self.kept = kept
    }

    /// The new ciphertext of a job, if an earlier run made it: whole, and for exactly its readers.
    func result(of job: Job) -> [UInt8]? {
        guard let digest = kept[job.digest] else { return nil }
        // What cannot be read is made again.
        guard let content = try? Files.read(folder.file(Self.name(job.digest, digest))),
            Digest(of: content) == digest,
            let message = try? EncryptedMessage(content),
            message.recipients.sorted() == job.readers
        else { return nil }
        return content
    }

    /// Keeps the new ciphertext of a job; where there is no room for it, it is not kept.
    ///
    /// Not flushed: what a power cut takes is made again.
    func keep(_ ciphertext: [UInt8], of job: Job) {
        let path = folder.file(Self.name(job.digest, Digest(of: ciphertext)))
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = path.withCString { passel_open($0, flags, 0o600) }
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // A file without its end is recognised by its digest.
        try? ciphertext.withUnsafeBytes { try Files.write($0, to: descriptor, name: path) }
    }

    /// Removes everything once a change has written any of it to one of these files: then it was
    /// kept for that change.
    ///
    /// What cannot be removed waits for the next work of many entries.
    static func forget(in state: StateFolder, after written: [Path]) {
        let folder = folder(in: state)
        guard FileStatus.isFolder(folder.path), let names = try? Files.names(in: folder.path)
        else { return }
        let results = Set(names.compactMap { digests($0.bytes)?.result })
        guard
            results.isEmpty
                || written.contains(where: { path in
                    guard let content = try? Files.readIfPresent(path) else { return false }
                    return results.contains(Digest(of: content))
                })
        else { return }
        for name in names { try? folder.remove(Path(name.bytes)) }
        _ = try? DurableFile.removeFolder(folder.path)
    }

    private static func folder(in state: StateFolder) -> StateFolder {
        StateFolder(at: state.file("reencrypted"))
    }

    private static func name(_ job: Digest, _ result: Digest) -> Path {
        Path("\(job.hex)-\(result.hex)".utf8)
    }

    private static func digests(_ name: [UInt8]) -> (job: Digest, result: Digest)? {
        let parts = name.split(separator: UInt8(ascii: "-"))
        guard parts.count == 2, let job = Digest(parts[0]), let result = Digest(parts[1]) else {
            return nil
        }
        return (job, result)
    }
}

extension Store {
    /// Removes the results of long work that was kept for a change which has written these files.
    func forgetWork(after written: [Path]) {
        guard let stored = storedPins else { return }
        ResumableWork.forget(in: stored.folder, after: written)
    }
}
