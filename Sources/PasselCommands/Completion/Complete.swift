import PasselCore
import PasselPosix
import PasselStore

/// Candidates for the shells' completions: names only, nothing is decrypted and no gpg is run.
struct Complete {
    let session: Session

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        var arguments = arguments
        let kind = arguments.isEmpty ? [] : arguments.removeFirst()
        let all = arguments.first == "--all".bytes
        if all { arguments.removeFirst() }
        let prefix = arguments.first ?? []
        let names = NameCompletion(root: session.store.root)
        let candidates: [[UInt8]] =
            switch String(decoding: kind, as: UTF8.self) {
            case "entries": all ? names.allEntries(prefix) : names.entries(prefix)
            case "folders": names.folders(prefix)
            case "keys": KeyCompletion(settings: session.settings).keys(prefix)
            case "commands": commands(prefix)
            default: []
            }
        session.output.write(Array(candidates.joined(separator: [.newline])))
        if !candidates.isEmpty { session.output.write([.newline]) }
        return 0
    }

    private func commands(_ prefix: [UInt8]) -> [[UInt8]] {
        let own = Dispatch.words.map { $0.word.bytes } + ["show".bytes]
        return (own + Extension.words(session.settings)).filter { $0.starts(with: prefix) }
    }
}

/// Entries and folders of the store whose names start with what was typed.
struct NameCompletion {
    let root: Path

    /// The next step from `prefix`: entries, and folders with a slash. A folder that holds only one thing is gone into,
    /// as pass's completion does.
    func entries(_ prefix: [UInt8]) -> [[UInt8]] {
        var found = step(prefix)
        while found.count == 1, let only = found.first, only.last == .slash {
            let inner = step(only)
            guard !inner.isEmpty else { return found }
            guard inner.count == 1 else { return inner }
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

    /// Every entry below the store whose full name starts with `prefix`.
    func allEntries(_ prefix: [UInt8]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        func walk(_ folder: [UInt8], _ depth: Int) {
            for item in names(in: folder) {
                let full = folder + item.name
                guard item.name.last == .slash else {
                    if full.starts(with: prefix) { result.append(full) }
                    continue
                }
                // A loop of links ends where no real store goes.
                let onTheWay = full.starts(with: prefix) || prefix.starts(with: full)
                if onTheWay, depth < 40 { walk(full, depth + 1) }
            }
        }
        walk([], 0)
        return result
    }

    private func split(_ prefix: [UInt8]) -> (folder: [UInt8], start: [UInt8]) {
        guard let slash = prefix.lastIndex(of: .slash) else { return ([], prefix) }
        return (Array(prefix[...slash]), Array(prefix[(slash + 1)...]))
    }

    private func names(in folder: [UInt8]) -> [(name: [UInt8], isFolder: Bool)] {
        let path = folder.isEmpty ? root : root / Path(folder)
        // Nothing can be completed in a folder that cannot be listed.
        guard let names = try? Files.names(in: path) else { return [] }
        return names.filter { $0.bytes.first != UInt8(ascii: ".") }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
            .compactMap { name in
                let kind = name.kind == .link || name.kind == nil
                    ? (try? FileStatus(of: path / name.bytes))?.kind : name.kind
                if kind == .folder { return (name.bytes + [.slash], true) }
                guard kind == .file, name.bytes.ends(with: ".gpg") else { return nil }
                return (Array(name.bytes.dropLast(4)), false)
            }
    }
}
