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
        let reader = try EntryReader(self)
        let items = try wanted.map { name in
            switch reader.item(file(name)) {
            case .success(let item): item
            case .failure(let unread): throw unreadable(name, unread.problem)
            }
        }
        var texts: [Path: EntryText] = [:]
        try reader.read(items, { EntryText($1) }) { item, result in
            let name = Path(item.name.bytes)
            switch result {
            case .success(let text): texts[name] = text
            case .failure(let unread): throw unreadable(name, unread.problem)
            }
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

    /// The problem with the name of the entry, where it does not say so itself.
    func unreadable(_ name: Path, _ problem: Problem) -> Problem {
        guard problem.form == .own, !problem.message.bytes.includes(name.bytes) else {
            return problem
        }
        var problem = problem
        problem.message = "\(name): \(problem.message)"
        return problem
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
