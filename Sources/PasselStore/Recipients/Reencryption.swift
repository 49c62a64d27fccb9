import PasselCore
import PasselPosix

/// Finds the entries that are not encrypted to whom they should be, and encrypts them anew.
///
/// An entry is right when its packets name exactly the keys that gpg would choose now for the
/// recipients of its folder. Unnamed recipients cannot be compared: such an entry is encrypted anew
/// only when its folder's list changed.
struct Reencryption {
    let store: Store
    /// Audiences of folders that are about to change, or to lose their own.
    var pending: [Path: Audience?] = [:]
    /// What will be acknowledged once the change is done; nothing for what is now.
    var pins: Pins?

    /// What came of it: new ciphertexts, lines to tell, and what failed.
    struct Result {
        var changes: [FileChange] = []
        var lines: [Text] = []
        var failed: [(name: Text, problem: Problem)] = []
        /// Whom gpg found for bare lists, where that is new.
        var found: [Audience: [Fingerprint: Pins.Reader]] = [:]
    }

    /// An entry to look at: where its ciphertext is now, where it will be, and under which name it
    /// is told.
    struct Candidate: Sendable {
        let source: Path
        let destination: Path
        let listChanged: Bool
        /// Whether it is encrypted anew though it names the right keys.
        var anew = false
    }

    /// The entries below `folder` (or the one file), links and reserved folders left out.
    static func files(below path: Path) throws -> [Path] {
        guard let status = try FileStatus(of: path, following: false) else { return [] }
        if status.kind == .file {
            return path.hasSuffixIgnoringCase(EntryName.suffix) ? [path] : []
        }
        guard status.kind == .folder else { return [] }
        return try Files.names(in: path).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
            .filter { !EntryName.isReserved($0.bytes) }
            .flatMap { try files(below: path / $0.bytes) }
    }

    /// Encrypts anew what needs it.
    ///
    /// What an interrupted run of many entries made already is taken over.
    func run(_ candidates: [Candidate]) throws -> Result {
        var work: [Work] = []
        var result = Result()
        var audiences: [Path: Audience] = [:]
        var readers: [Audience: [KeyID]] = [:]
        for candidate in candidates {
            let folder = candidate.destination.parent
            let audience = try audiences[folder] ?? store.audience(of: folder, pending: pending)
            audiences[folder] = audience
            let wanted = try readers[audience] ?? audience.readers(with: store.cipher)
            readers[audience] = wanted
            let name = store.entryName(candidate.destination)
            let ciphertext = try Files.read(candidate.source)
            guard let message = try? EncryptedMessage(ciphertext) else {
                // The flaw is told by decrypting it.
                work.append(Work(candidate, name, ciphertext, audience, wanted))
                continue
            }
            let hidden = message.recipients.contains(.hidden) || wanted.contains(.hidden)
            let same = message.recipients.sorted() == wanted
            guard candidate.anew || !same || (hidden && candidate.listChanged) else { continue }
            if hidden, !candidate.listChanged, message.recipients.count == wanted.count { continue }
            work.append(Work(candidate, name, ciphertext, audience, wanted))
        }
        // What nobody vouches for must not get our signature.
        if let verification = try store.verification() {
            for item in work {
                try verification.require(item.candidate.source, item.ciphertext)
            }
        }
        var acknowledged = try pins ?? store.pins()
        for (item, outcome) in zip(work, encrypted(work)) {
            let ids = Text(item.wanted.map(\.hex).joined(separator: " ").utf8)
            result.lines.append("\(item.name): reencrypting to \(ids)")
            switch outcome {
            case .success(let ciphertext):
                if let pins = acknowledged,
                    let found = try store.check(
                        ciphertext, for: item.audience, pins: pins)
                {
                    result.found[item.audience] = found
                    // The next entries need not ask gpg again.
                    if case .listed(_, let folder) = item.audience {
                        acknowledged?.readers[folder] = found
                    }
                }
                result.changes.append(
                    .write(item.candidate.destination, ciphertext, mode: .fresh))
            case .failure(let error):
                let problem = error as? Problem ?? Problem("cannot be encrypted anew")
                result.failed.append((item.name, problem))
            }
        }
        if pins == nil { try acknowledge(result.found) }
        return result
    }

    /// The new ciphertext of each entry, or why there is none.
    ///
    /// Decrypts on two threads: gpg's start-up, not the agent, is the limit.
    private func encrypted(_ work: [Work]) -> [Swift.Result<[UInt8], any Error>] {
        let jobs = work.map { ResumableWork.Job($0.ciphertext, for: $0.audience, $0.wanted) }
        let kept = resumable(jobs)
        let before = jobs.map { job in job.flatMap { kept?.result(of: $0) } }
        let rest = work.indices.filter { before[$0] == nil }
        let cipher = store.cipher
        let reader = store.messageReader(for: rest.map { work[$0].ciphertext })
        let notes = rest.isEmpty ? nil : store.indexNotes()
        let counter = rest.isEmpty ? nil : store.observer.progress?(rest.count)
        defer { counter?.end() }
        let made = Parallel.map(rest, width: 2) { index in
            defer { counter?.advance(by: 1) }
            return Swift.Result<(ciphertext: [UInt8], row: Secret?), any Error> {
                let plaintext = try reader.decrypt(work[index].ciphertext, name: work[index].name)
                let ciphertext = try work[index].audience.encrypt(plaintext, with: cipher)
                if let job = jobs[index] { kept?.keep(ciphertext, of: job) }
                return (ciphertext, notes?.row(MessageID(of: ciphertext), plaintext, nil))
            }
        }
        notes?.add(made.compactMap { try? $0.get().row })
        var next = made.makeIterator()
        return before.compactMap { known in
            known.map { .success($0) } ?? next.next()?.map(\.ciphertext)
        }
    }

    /// What is kept of long work; nothing where there is little of it or no place for it.
    private func resumable(_ jobs: [ResumableWork.Job?]) -> ResumableWork? {
        guard jobs.count >= ResumableWork.least, let stored = store.storedPins else { return nil }
        // Without it an interruption costs more, and nothing else.
        return try? ResumableWork(of: jobs.compactMap(\.self), in: stored.folder)
    }

    /// What was found for lists that stay as they are holds from now on.
    private func acknowledge(_ found: [Audience: [Fingerprint: Pins.Reader]]) throws {
        let coming = Set(pending.keys.map { store.teamFolder($0) })
        for (audience, readers) in found {
            guard case .listed(_, let folder) = audience, !coming.contains(folder) else { continue }
            try store.acknowledge(readers, of: audience)
        }
    }

    private struct Work: Sendable {
        let candidate: Candidate
        let name: Text
        let ciphertext: [UInt8]
        let audience: Audience
        let wanted: [KeyID]

        init(
            _ candidate: Candidate, _ name: Text, _ ciphertext: [UInt8], _ audience: Audience,
            _ wanted: [KeyID]
        ) {
            self.candidate = candidate
            self.name = name
            self.ciphertext = ciphertext
            self.audience = audience
            self.wanted = wanted
        }
    }
}
