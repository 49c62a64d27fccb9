import PasselCore
import PasselPosix
import PasselStore

/// Candidates for the shells' completions: names only, nothing is decrypted and no gpg is run.
struct Complete {
    let session: Session

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        var arguments = arguments[...]
        // -0 ends each candidate in NUL, for names with line feeds.
        let end: UInt8 = take("-0", &arguments) ? 0 : .newline
        let kind = arguments.popFirst() ?? []
        let all = take("--all", &arguments)
        let prefix = arguments.first ?? []
        let names = NameCompletion(root: session.store.root)
        var text: [UInt8] = []
        func add(_ candidates: [[UInt8]]) {
            for candidate in candidates {
                text += candidate
                text.append(end)
            }
        }
        switch String(decoding: kind, as: UTF8.self) {
        case "entries" where all: names.appendEntries(prefix, end: end, to: &text)
        case "folders" where all: names.appendFolders(prefix, end: end, to: &text)
        case "entries": add(names.entries(prefix))
        case "folders": add(names.folders(prefix))
        case "keys": add(KeyCompletion(settings: session.settings).keys(prefix))
        case "members": add(KeyCompletion(settings: session.settings).members(prefix))
        case "requests": add(KeyCompletion(settings: session.settings).requests(prefix))
        case "commands": add(commands(prefix))
        case "own":
            let own = OwnCompletion(commands: session.ownCommands) { kind in
                // Without a store, or where it cannot be read, there is none.
                let found: [Text]? =
                    switch kind {
                    case .remotes: try? session.store.remotes().map(\.name)
                    case .backends: try? Backends(session: session).list().entries.map(\.name.text)
                    default: try? session.store.profileNames()
                    }
                return (found ?? []).map(\.bytes)
            }
            add(own.candidates(Array(arguments)))
        default: break
        }
        session.output.write(text)
        return 0
    }

    private func take(_ word: String, _ arguments: inout ArraySlice<[UInt8]>) -> Bool {
        guard arguments.first == word.bytes else { return false }
        arguments.removeFirst()
        return true
    }

    private func commands(_ prefix: [UInt8]) -> [[UInt8]] {
        let passes = Dispatch.words.flatMap { [$0.word] + $0.aliases }.filter { !$0.hasPrefix("-") }
        let own = session.ownCommands.items.map(\.word)
        return ((passes + own).map(\.bytes) + Extension.words(session.settings)).filter {
            $0.starts(with: prefix)
        }
    }
}

/// Entries and folders of the store whose names start with what was typed.
struct NameCompletion {
    let root: Path

    /// The next step from `prefix`: entries, and folders with a slash.
    ///
    /// A folder that holds only one thing is gone into, as pass's completion does.
    func entries(_ prefix: [UInt8]) -> [[UInt8]] {
        var found = step(prefix)
        while found.count == 1, let only = found.first, only.last == .slash {
            let inner = step(only)
            guard inner.count == 1 else { break }
            found = inner
        }
        return found
    }

    private func step(_ prefix: [UInt8]) -> [[UInt8]] {
        let (folder, start) = split(prefix)
        return names(in: folder).filter { $0.name.starts(with: start) }.map { folder + $0.name }
    }

    /// Every folder whose path starts with `prefix`, one level at a time, with a slash.
    func folders(_ prefix: [UInt8]) -> [[UInt8]] {
        step(prefix).filter { $0.last == .slash }
    }

    /// Appends every entry of the store whose full name starts with `prefix`, each ended by `end`.
    func appendEntries(_ prefix: [UInt8], end: UInt8, to text: inout [UInt8]) {
        append(prefix, end: end, to: &text, entries: true)
    }

    /// Appends every folder of the store whose path, with a slash, starts with `prefix`.
    func appendFolders(_ prefix: [UInt8], end: UInt8, to text: inout [UInt8]) {
        append(prefix, end: end, to: &text, entries: false)
    }

    /// Tens of thousands of names: each goes straight into the text, without an array of its own.
    private func append(
        _ prefix: [UInt8], end: UInt8, to text: inout [UInt8], entries: Bool
    ) {
        var (full, _) = split(prefix)
        guard !full.split(separator: .slash).contains("..".bytes[...]) else { return }
        func add(_ nodes: [StoreTree.Node]) {
            let length = full.count
            nodes.withUnsafeBufferPointer { nodes in
                for index in nodes.indices {
                    let link = nodes[index].link
                    let status = link == nil ? nodes[index].status : link?.status
                    let isFolder = status?.kind == .folder
                    guard isFolder || nodes[index].name.ends(with: Self.suffix) else { continue }
                    full.removeSubrange(length...)
                    full += nodes[index].name
                    if isFolder { full.append(.slash) } else { full.removeLast(Self.suffix.count) }
                    let matches = full.starts(with: prefix)
                    if matches, isFolder != entries {
                        text += full
                        text.append(end)
                    }
                    if isFolder, matches || prefix.starts(with: full) {
                        add(nodes[index].children)
                    }
                }
            }
        }
        let nodes = StoreTree.read(full.isEmpty ? root : root / Path(full))
        add(nodes)
        StoreTree.keep(nodes)
    }

    private static let suffix = EntryName.suffix.bytes

    private func split(_ prefix: [UInt8]) -> (folder: [UInt8], start: [UInt8]) {
        guard let slash = prefix.lastIndex(of: .slash) else { return ([], prefix) }
        return (Array(prefix[...slash]), Array(prefix[(slash + 1)...]))
    }

    private func names(in folder: [UInt8]) -> [(name: [UInt8], isFolder: Bool)] {
        // What lies outside the store is not for us to tell.
        guard !Path(folder).components.contains("..".bytes) else { return [] }
        let path = folder.isEmpty ? root : root / Path(folder)
        // Nothing can be completed in a folder that cannot be listed.
        guard let names = try? Files.names(in: path) else { return [] }
        var found: [(name: [UInt8], isFolder: Bool)] = []
        found.reserveCapacity(names.count)
        for name in names.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) })
        where name.bytes.first != UInt8(ascii: ".") {
            let kind =
                name.kind == .link || name.kind == nil
                ? (try? FileStatus(of: path / name.bytes))?.kind : name.kind
            if kind == .folder {
                found.append((name.bytes + [.slash], true))
            } else if kind == .file, name.bytes.ends(with: ".gpg") {
                found.append((Array(name.bytes.dropLast(4)), false))
            }
        }
        return found
    }
}
