public import PasselCore
import PasselGit
import PasselPosix

/// A request to join that lies in the store, and what it is worth.
public struct JoinRequest: Sendable {
    /// The key that asks, as the file's name says.
    public let fingerprint: Fingerprint
    /// What is asked for; nothing when the file cannot be read.
    public internal(set) var file: RequestFile?
    /// Whose key came with it; nothing when the key file is missing or is not the one that was
    /// signed.
    public internal(set) var person: Person?
    /// Whether the request is signed by the key that asks.
    public internal(set) var isSigned = false
    /// Why it cannot be approved, whoever asks; nothing when it is sound.
    public internal(set) var flaw: Problem?
    /// When it was committed, in seconds since the epoch, and by whom, as the commit claims; nothing
    /// outside a repository and before it is committed.
    public internal(set) var committed: (second: Int64, by: Text)?

    init(_ fingerprint: Fingerprint) { self.fingerprint = fingerprint }

    /// The name under which it is shown: the key's, else what the request says, else the
    /// fingerprint.
    public var name: Text {
        person?.name ?? file.map { Text($0.name) } ?? Text(fingerprint.bytes)
    }

    /// Whether a user's word means it: a fingerprint, a key id or a part of the name.
    public func matches(_ word: Recipient) -> Bool {
        if let given = Fingerprint(word.bytes) { return given == fingerprint }
        if let person { return person.key.matches(word) }
        return KeyID(hex: word.bytes) == fingerprint.keyID
            || name.bytes.map(\.asciiLowercased).includes(word.bytes.map(\.asciiLowercased))
    }
}

extension Store {
    /// The open requests to join, sorted by fingerprint.
    public func requests() throws -> [JoinRequest] {
        let folder = root / RequestFile.folder
        guard FileStatus.isFolder(folder) else { return [] }
        return try Files.names(in: folder).compactMap { name in
            // Anything else there is none of ours.
            Fingerprint(name.bytes).flatMap { $0.bytes == name.bytes ? $0 : nil }
        }.sorted().map { try request(of: $0) }
    }

    /// The one open request that a word means: a fingerprint, a key id or a part of the name.
    ///
    /// - Throws: a `Problem` when none or more than one is meant, listing them.
    public func request(_ word: Recipient) throws -> JoinRequest {
        let found = try requests().filter { $0.matches(word) }
        guard let first = found.first else {
            throw Problem(
                "nobody called \(Text(word.bytes)) asks to join",
                hints: [
                    "see who does: passel recipients approve", "fetch requests: passel sync",
                ])
        }
        guard found.count == 1 else {
            let names = found.map { "\($0.fingerprint.hex) \($0.name)" as Text }
            throw Problem(
                "\(Text(word.bytes)) means more than one request: \(names.joined(separator: ", "))",
                hints: ["name one by its whole fingerprint: \(first.fingerprint.hex)"])
        }
        return first
    }

    /// The request of a key, looked at from all sides.
    func request(of fingerprint: Fingerprint) throws -> JoinRequest {
        var request = JoinRequest(fingerprint)
        request.committed = try commit(of: RequestFile.path(fingerprint))
        do {
            try verify(&request)
        } catch let problem as Problem {
            request.flaw = problem
        }
        return request
    }

    /// Fills in what is sound.
    ///
    /// - Throws: a `Problem` for the first thing that is not.
    private func verify(_ request: inout JoinRequest) throws {
        let fingerprint = request.fingerprint
        guard let content = try ordinary(RequestFile.path(fingerprint), RequestFile.limit) else {
            throw unsound("it is no ordinary file", fingerprint)
        }
        do {
            request.file = try RequestFile(content)
        } catch let problem as Problem {
            throw Problem(problem.message, hints: refusing(fingerprint))
        }
        guard let file = request.file, file.key == fingerprint else {
            throw unsound("it speaks for another key", fingerprint)
        }
        guard let keyFile = try ordinary(TeamFiles.keyFile(fingerprint), 1 << 20) else {
            throw unsound("the key did not come with it", fingerprint)
        }
        guard Digest(of: keyFile) == file.digest else {
            throw unsound("the key in the store is not the one that was signed", fingerprint)
        }
        let keys = try cipher.keys(inFile: keyFile)
        guard keys.count == 1, let key = keys.first, key.fingerprint == fingerprint else {
            throw unsound("the key file holds another key", fingerprint)
        }
        request.person = Person(key: key, file: keyFile)
        if let failure = KeyCheck(Person(key: key, file: keyFile), at: settings.now()).failure {
            throw failure
        }
        let signature = try ordinary(RequestFile.signaturePath(fingerprint), RequestFile.limit)
        request.isSigned = try signers(of: content, signature ?? [], keyFile).contains(fingerprint)
        guard request.isSigned else {
            throw unsound("it is not signed by the key that asks", fingerprint)
        }
    }

    /// Whose good signature this is, going by the keys in one file.
    func signers(
        of content: [UInt8], _ signature: [UInt8], _ keyFile: [UInt8]
    ) throws -> Set<Fingerprint> {
        guard !signature.isEmpty else { return [] }
        var folder = try changeFolder()
        if let stored = storedPins {
            try stored.folder.make()
            folder = stored.folder.path
        }
        let keyring = folder / Path(Scratch.prefix + Random.name(length: 16))
        defer { Scratch.remove(keyring) }
        try cipher.makeKeyring([keyFile], at: keyring)
        return try cipher.signers(of: content, signature: signature, in: keyring)
    }

    /// The content of a file below the top that is no link, or nothing.
    func ordinary(_ name: Path, _ limit: Int) throws -> [UInt8]? {
        let path = root / name
        guard let status = try FileStatus(of: path, following: false), status.kind == .file,
            status.size <= limit
        else { return nil }
        return try Files.read(path, limit: limit, followingLinks: false)
    }

    /// When and by whom the last commit was made that changed a file below the top.
    private func commit(of name: Path) throws -> (second: Int64, by: Text)? {
        guard let repository = try repository(around: root),
            let known = repository.name(of: root / name),
            let commit = try repository.revisions(of: known).first?.commit
        else { return nil }
        return (commit.author.time, "\(commit.author.name) <\(commit.author.mail)>")
    }

    private func unsound(_ why: Text, _ key: Fingerprint) -> Problem {
        Problem("the request of \(key.hex) cannot be used: \(why)", hints: refusing(key))
    }

    private func refusing(_ key: Fingerprint) -> [Text] {
        [
            "let them ask again: passel join",
            "see who changed it: passel git log -- \(RequestFile.path(key)) \(TeamFiles.keyFile(key))",
            "take it out of the store: passel recipients approve --refuse \(key.hex)",
        ]
    }
}
