import Foundation

/// A store with packed and loose objects, a branch aside and everything that git keeps beside them,
/// for damaging one file at a time.
struct CheckedStore: Sendable {
    let box: Sandbox
    /// A copy that nothing happens to.
    private var good: String { box.folder + "/good" }
    /// Every file with a content, below the store, sorted.
    let files: [String]
    /// Which objects the entries of the newest commit are.
    let blobs: [String: String]
    /// What every reference leads to.
    private var known: Set<Substring> = []

    init(_ keyring: Keyring, _ name: String) throws {
        box = try Sandbox(keyring, name)
        try box.reset()
        let variables = box.environment
        func passel(_ words: [String], _ input: String = "") throws {
            let outcome = try Command(
                words: [Binaries.passel] + words, environment: variables, input: Array(input.utf8)
            ).run()
            guard outcome.status == 0 else { throw SafetyProblem("\(words): \(outcome.errorText)") }
        }
        try passel(["insert", "-m", "-f", "web/site"], "\(box.marker)-again\n")
        try passel(["join", "--yes"])
        try box.git.run(["branch", "aside"])
        for words in [["gc", "-q"], ["commit-graph", "write", "--reachable"]] {
            let outcome = try box.git.run(words)
            guard outcome.status == 0 else { throw SafetyProblem("\(words): \(outcome.errorText)") }
        }
        try passel(["insert", "-m", "-f", "web/other"], "\(box.marker)-again\n")
        try passel(["insert", "-m", "new/deep/entry"], "\(box.marker)-new\n")
        try passel(["init", "-p", "team", "ann@example.org", "bob@example.org"])
        let top = box.store
        files = paths(below: top).filter {
            var status = stat()
            return lstat($0, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
                && status.st_size > 0
        }.map { String($0.dropFirst(top.count + 1)) }.filter { !$0.contains("/hooks/") }.sorted()
        var blobs: [String: String] = [:]
        for line in try box.git.run(["ls-tree", "-r", "HEAD"]).text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.count == 4 { blobs[String(words[2])] = String(words[3]) }
        }
        self.blobs = blobs
        let copy = try Command(
            words: ["cp", "-a", top, box.folder + "/good"],
            environment: ["PATH": "/usr/bin:/bin"]
        ).run()
        guard copy.status == 0 else { throw SafetyProblem(copy.errorText) }
        known = try references()
        let clean = try check()
        guard clean.status == 0 else { throw SafetyProblem("not clean: \(clean.text)") }
    }

    /// What `fsck --json` says.
    func check() throws -> Outcome {
        var command = Command(
            words: [Binaries.passel, "fsck", "--json"], environment: box.environment)
        command.limit = 60
        return try command.run()
    }

    func size(_ file: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: "\(good)/\(file)")[.size] as? Int ?? 0
    }

    /// Flips one bit, looks, and puts the file back; whether git still reads of the file what it
    /// was, is asked where nothing is found.
    ///
    /// The last byte of a compressed stream may have bits that mean nothing.
    func flip(_ file: String, byte: Int, bit: Int) throws -> (Outcome, isSame: Bool) {
        let content = try Data(contentsOf: URL(fileURLWithPath: "\(good)/\(file)"))
        var flipped = content
        flipped[byte] ^= 1 << UInt8(bit)
        try write(flipped, to: file)
        defer { try? write(content, to: file) }
        let outcome = try check()
        return (outcome, try outcome.status == 0 && isIntact(file))
    }

    /// What every reference leads to.
    private func references() throws -> Set<Substring> {
        let outcome = try box.git.run(["for-each-ref", "--format=%(objectname) %(refname)"])
        return Set(outcome.text.split(separator: "\n"))
    }

    /// Whether git reads of a file what it was: all references, where it has some of them; or an
    /// object, as its name says.
    ///
    /// A capital letter of an id is the same as a small one, and what is packed of a reference that
    /// has a file of its own does not count.
    private func isIntact(_ file: String) throws -> Bool {
        if file == ".git/packed-refs" || file.hasPrefix(".git/refs/") {
            return try references().isSuperset(of: known)
        }
        let id = file.dropFirst(".git/objects/".count).filter { $0 != "/" }
        guard file.hasPrefix(".git/objects/"), id.count == 40 else { return false }
        let script = """
            kind=$(git cat-file -t \(id)) && git cat-file "$kind" \(id) >"$TMPDIR/object" &&
                git hash-object -t "$kind" "$TMPDIR/object"
            """
        let outcome = try Command(
            words: ["sh", "-c", "cd \"$PASSWORD_STORE_DIR\"; \(script)"],
            environment: box.environment
        ).run()
        return outcome.text == "\(id)\n"
    }

    private func write(_ content: Data, to file: String) throws {
        let path = "\(box.store)/\(file)"
        // git's own objects are for reading only.
        chmod(path, 0o600)
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw SafetyProblem("\(path): cannot be written")
        }
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: content)
        try handle.close()
        if file.hasPrefix(".git/objects/") { chmod(path, 0o400) }
    }

    /// What must be said of a file where a bit of it was flipped; nothing where the bit is no content
    /// of the store.
    ///
    /// No content are git's settings, its logs of what references were, the text of messages that
    /// were written, what is ignored, what is for fetching without git at this end, and the first
    /// line of the packed references, which is a comment.
    func names(_ file: String, byte: Int) throws -> [String]? {
        guard file.hasPrefix(".git/") else { return [file] }
        let inner = String(file.dropFirst(".git/".count))
        let others = ["config", "description", "COMMIT_EDITMSG", "ORIG_HEAD", "info/", "logs/"]
        if others.contains(where: { inner.hasPrefix($0) }) { return nil }
        if inner == "packed-refs" {
            let content = try Data(contentsOf: URL(fileURLWithPath: "\(good)/\(file)"))
            let first = content.firstIndex(of: 0x0A) ?? 0
            return byte > 0 && byte <= first ? nil : []
        }
        if inner == "HEAD" { return ["HEAD"] }
        if inner.hasPrefix("refs/") { return [inner] }
        if inner.hasPrefix("objects/pack/pack-") {
            // What only makes git quicker, it makes again.
            let name = inner.split(separator: "/").last ?? ""
            return [String(name.split(separator: ".")[0])]
        }
        if inner.hasPrefix("objects/"), !inner.hasPrefix("objects/info") {
            let id = inner.dropFirst("objects/".count).filter { $0 != "/" }
            return [id] + (blobs[id].map { [$0] } ?? [])
        }
        return [file]
    }
}
