/// Everything that a user or a script could observe of a store, by value.
public struct StoreSnapshot: Sendable, Equatable {
    /// What lies at one path of the store.
    public struct Node: Sendable, Equatable {
        /// Kind, permission bits and link target; the size is left out, ciphertext varies.
        public var facts: FileFacts
        /// The bytes of a file: decrypted for an entry, as they are otherwise.
        public var content: Bytes?
        /// Whether `content` is the plaintext of an entry.
        public var isDecrypted = false
        /// The long key ids that an entry is encrypted to, sorted.
        public var readers: [String] = []
    }

    /// By path relative to the store; the content of `.git` folders is left out.
    public private(set) var nodes: [Bytes: Node] = [:]
    /// The repositories in the store, by the path of their folder; the store itself is empty.
    public private(set) var repositories: [Bytes: GitState] = [:]

    /// Reads the store at `store`; entries are decrypted with the forge's keys or those of `homes`.
    ///
    /// A store that does not exist has no nodes at all, an empty one has itself.
    public init(of store: String, homes: [String] = []) {
        let root = Bytes(store.utf8)
        guard Disk.facts(root) != nil else { return }
        // A store that is a link is read through it.
        let paths = [Bytes()] + Disk.walk(root + [0x2F], enter: { !Invariants.isGit($0) })
        for path in paths {
            guard var facts = Disk.facts(root + [0x2F] + path) else { continue }
            facts.byteCount = 0
            var node = Node(facts: facts)
            if facts.kind == .file, let bytes = Disk.read(root + [0x2F] + path) {
                node.content = bytes
                if path.suffix(4).map(lowercased).elementsEqual(".gpg".utf8) {
                    node.readers = PacketReader(bytes).readers
                    if let plaintext = Plaintext.of(bytes, homes: homes) {
                        node.content = plaintext
                        node.isDecrypted = true
                    }
                }
            }
            nodes[path] = node
            if Invariants.isGit(path) {
                let folder = path.count > 5 ? Bytes(path.dropLast(5)) : []
                repositories[folder] = GitState(of: (root + [0x2F] + folder).text)
            }
        }
    }

    /// The plaintext of the entry `name`, if it could be decrypted.
    public func plaintext(_ name: String) -> Bytes? {
        guard let node = nodes[Bytes((name + ".gpg").utf8)], node.isDecrypted else { return nil }
        return node.content
    }

    private func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}

extension StoreSnapshot {
    /// The snapshot as text, one fact per line, for messages and for the patterns of deviations.
    public var listing: String {
        var lines: [String] = []
        for (path, node) in nodes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let arrow = node.facts.target.map { " -> \($0.text)" } ?? ""
            let readers = node.readers.isEmpty ? "" : " for \(node.readers.joined(separator: ","))"
            let mode = String(node.facts.mode, radix: 8)
            lines.append("path \(path.text) \(node.facts.kind) \(mode)\(arrow)\(readers)")
            guard let content = node.content else { continue }
            lines.append("content \(path.text) \(content.text.debugDescription)")
        }
        for (folder, state) in repositories.sorted(by: { $0.key.text < $1.key.text }) {
            let prefix = folder.isEmpty ? "" : folder.text + ": "
            lines += state.commits.map { "commit \(prefix)\($0.subject) \($0.files)" }
            lines += state.status.map { "status \(prefix)\($0)" }
        }
        return lines.joined(separator: "\n")
    }
}
