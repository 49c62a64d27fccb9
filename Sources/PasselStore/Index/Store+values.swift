public import PasselCore
import PasselPosix

extension Store {
    /// What references stand for, in their order.
    ///
    /// Each entry is read once. Several are read through the index, so that together they cost one
    /// operation with the user's secret key where it knows them; a single one is quicker without.
    ///
    /// - Throws: a `Problem` when an entry is not there or cannot be read, or has no such field:
    ///   all or nothing. `NotInitialised` without a store.
    public func values(of references: [Reference]) throws -> [Secret] {
        let texts = try entryTexts(references.map(\.name))
        let now = settings.now()
        return try references.map { reference in
            guard let text = texts[reference.name] else { throw missing(reference.name) }
            return try text.value(of: reference, at: now)
        }
    }

    /// What every one of these entries holds.
    private func entryTexts(_ names: [Path]) throws -> [Path: EntryText] {
        guard FileStatus.isFolder(root) else { throw NotInitialised() }
        let wanted = Set(names).sorted { $0.bytes.precedes($1.bytes) }
        // What is not there is told before anybody is asked for a passphrase.
        for name in wanted where !FileStatus.isFile(file(name)) { throw missing(name) }
        guard wanted.count > 1 else {
            return try wanted.reduce(into: [:]) { texts, name in
                texts[name] = EntryText(try read(file(name), name: Text(name.bytes)))
            }
        }
        let found = try texts(of: wanted)
        return try wanted.reduce(into: [:]) { texts, name in texts[name] = try found[name]?.get() }
    }

    /// What entries hold, each apart: one that is missing or cannot be read has its problem.
    ///
    /// - Throws: a `Problem` when the user's key cannot be used at the moment; `NotInitialised`
    ///   without a store.
    public func texts(of names: [Path]) throws -> [Path: Result<EntryText, Problem>] {
        guard FileStatus.isFolder(root) else { throw NotInitialised() }
        var texts: [Path: Result<EntryText, Problem>] = [:]
        var items: [EntryReader.Item] = []
        guard !names.isEmpty else { return texts }
        let reader = try EntryReader(self)
        for name in Set(names).sorted(by: { $0.bytes.precedes($1.bytes) }) {
            guard FileStatus.isFile(file(name)) else {
                texts[name] = .failure(missing(name))
                continue
            }
            switch reader.item(file(name)) {
            case .success(let item): items.append(item)
            case .failure(let unread):
                texts[name] = .failure(unread.problem.about(Text(name.bytes)))
            }
        }
        try reader.read(items, { EntryText($1) }) { item, result in
            let name = Path(item.name.bytes)
            texts[name] = result.mapError { $0.problem.about(Text(name.bytes)) }
        }
        settle(reader.index, present: nil)
        return texts
    }

    func missing(_ name: Path) -> Problem {
        Problem(
            "\(name) is not in the store",
            hints: [
                FileStatus.isFolder(path(name))
                    ? "passel ls \(ShellWord.text(name.bytes))"
                    : "passel find \(ShellWord.text(name.name))"
            ])
    }
}

extension Store {
    /// The names of the entry `name` and of all entries below the folder `name`, sorted by path.
    ///
    /// - Throws: a `Problem` when there is neither; `NotInitialised` without a store.
    public func entryNames(below name: Path) throws -> [Path] {
        try entryFiles(below: name).map { Path(entryName($0).bytes) }
    }
}
