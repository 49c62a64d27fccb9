import PasselTesting

/// What a store holds: the objects of its repository, reachable or not, and the files of its work
/// tree.
struct Ciphertexts {
    private(set) var objects: Set<String> = []
    private(set) var tree = WorkTree()

    /// Nothing at all.
    init() {}

    init(of desk: Desk) throws {
        let listing = try Invocation.tool(
            "git",
            ["-C", desk.store, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)"])
        objects = Set(listing.stdout.lines.map(\.text))
        tree = WorkTree(desk.store)
    }

    /// A message that was not there before, and where it lies; nothing for an object that no commit
    /// has.
    struct Message {
        let name: String?
        let content: Bytes
    }

    /// The encrypted messages that are here and were not in `earlier`, from the objects and from the
    /// work tree; each place counts.
    func messages(besides earlier: Ciphertexts, at store: String) throws -> [Message] {
        var found: [Message] = []
        let fresh = objects.subtracting(earlier.objects)
        if !fresh.isEmpty {
            let listing = try Invocation.tool(
                "git", ["-C", store, "rev-list", "--objects", "--all"])
            var names: [String: String] = [:]
            for line in listing.stdout.lines.map(\.text) where line.count > 41 {
                names[String(line.prefix(40))] = String(line.dropFirst(41))
            }
            for (id, content) in try blobs(fresh, store) where Self.isBinary(content) {
                found.append(Message(name: names[id], content: content))
            }
        }
        for (name, content) in tree.files
        where earlier.tree.files[name] != content && Self.isBinary(content) {
            found.append(Message(name: name, content: content))
        }
        return found
    }

    /// Whether it can be OpenPGP: binary packets, or the dashes before armoured ones.
    private static func isBinary(_ content: Bytes) -> Bool {
        content.first.map { $0 & 0x80 != 0 } ?? false || content.text.hasPrefix("-----BEGIN PGP")
    }

    private func blobs(_ ids: Set<String>, _ store: String) throws -> [(String, Bytes)] {
        let wanted = Bytes(ids.sorted().map { $0 + "\n" }.joined().utf8)
        let outcome = try Invocation.tool(
            "git", ["-C", store, "cat-file", "--batch"], input: wanted)
        var rest = outcome.stdout[...]
        var found: [(String, Bytes)] = []
        while let end = rest.firstIndex(of: 0x0A) {
            let head = Bytes(rest[..<end]).text.split(separator: " ")
            guard head.count == 3, let size = Int(head[2]) else { break }
            let content = Bytes(rest[(end + 1)...].prefix(size))
            if head[1] == "blob" { found.append((String(head[0]), content)) }
            rest = rest[(end + 1)...].dropFirst(size + 1)
        }
        return found
    }

    /// The ids that gpg lists for a message; none for what is no message.
    static func readers(of message: Bytes, _ workshop: KeyWorkshop) throws -> [String] {
        let listing = try Invocation.tool(
            "gpg",
            [
                "--homedir", workshop.home, "--batch", "--no-tty", "--no-autostart", "--list-only",
                "--list-packets",
            ], input: message)
        return listing.stdout.lines.map(\.text).filter { $0.hasPrefix(":pubkey enc packet:") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
    }
}

/// The files of a work tree, and the commit that it stands on.
struct WorkTree: Equatable {
    private(set) var files: [String: Bytes] = [:]
    private(set) var head = Bytes()

    /// Nothing at all.
    init() {}

    init(_ store: String) {
        for name in Disk.walk(Bytes(store.utf8), enter: { $0.text != ".git" }) {
            let path = Bytes(store.utf8) + [0x2F] + name
            switch Disk.facts(path)?.kind {
            case .file: files[name.text] = Disk.read(path)
            case .link: files[name.text] = Bytes("-> ".utf8) + (Disk.facts(path)?.target ?? [])
            default: break
            }
        }
        head = Disk.read(store + "/.git/refs/heads/master") ?? []
    }

    /// Without these files.
    func without(_ names: [String]) -> WorkTree {
        var rest = self
        for name in names { rest.files[name] = nil }
        return rest
    }

    /// What differs, in words.
    func differences(to other: WorkTree) -> String {
        let names = Set(files.keys).union(other.files.keys).filter {
            files[$0] != other.files[$0]
        }.sorted()
        return (head == other.head ? [] : ["a commit"]).joined() + names.joined(separator: ", ")
    }
}
