public import PasselCore
import PasselPosix

extension Store {
    /// What is known of every entry at and below `name`, without its secret.
    ///
    /// One operation with the user's secret key where the index knows them all; it learns of the
    /// others. Entries that cannot be read are told apart.
    ///
    /// - Parameter complete: whether session keys that the index lacks are found, too.
    /// - Throws: a `Problem` when there is neither an entry nor a folder of that name, or the
    ///   user's key cannot be used at the moment; `NotInitialised` without a store.
    public func catalogue(below name: Path = "", complete: Bool = false) throws -> Catalogue {
        let files = try entryFiles(below: name)
        var catalogue = Catalogue()
        guard !files.isEmpty else { return catalogue }
        let reader = try EntryReader(self)
        let index = reader.index
        let wantsKeys = complete && index?.anchor.keepsSessionKeys == true
        var missing: [EntryReader.Item] = []
        var present: Set<MessageID> = []
        for file in files {
            let entry = Path(entryName(file).bytes)
            switch reader.item(file) {
            case .failure(let unread): catalogue.add(unread, entry)
            case .success(let item):
                present.insert(item.id)
                if index?.rows.has(item.id, sessionKey: wantsKeys) == true,
                    let known = index?.rows.row(item.id, { IndexedEntry(entry, $0) })
                {
                    catalogue.entries.append(known)
                } else {
                    missing.append(item)
                }
            }
        }
        let counter = missing.isEmpty ? nil : observer.reading?(missing.count)
        defer { counter?.end() }
        try reader.read(missing, { IndexedEntry(Path($0.bytes), EntryText($1)) }) { item, result in
            counter?.advance(by: 1)
            switch result {
            case .success(let entry):
                catalogue.entries.append(entry)
                catalogue.read += 1
            case .failure(let unread): catalogue.add(unread, Path(item.name.bytes))
            }
        }
        catalogue.entries.sort { $0.name.bytes.precedes($1.name.bytes) }
        catalogue.unreadable.sort { $0.name.bytes.precedes($1.name.bytes) }
        if name.isEmpty { present.formUnion(try SecurityLog(store: self).messageIDs()) }
        settle(index, present: name.isEmpty ? present : nil)
        return catalogue
    }

    /// Puts what the index learned in its place; what is not is learned again.
    func settle(_ index: StoreIndex?, present: Set<MessageID>?) {
        do {
            try index?.settle(present: present)
        } catch let error as SystemError {
            observer.warned(
                Problem("the index could not be written: \(error.problem.message)"))
        } catch {
            // Nothing else is thrown.
        }
    }

    /// The files of the entry `name` and of those below the folder `name`, sorted by path.
    func entryFiles(below name: Path) throws -> [Path] {
        guard FileStatus.isFolder(root) else { throw NotInitialised() }
        let files = try entryFiles()
        guard !name.isEmpty else { return files }
        let (entry, folder) = (file(name), path(name))
        let found = files.filter { $0 == entry || $0.isWithin(folder) }
        guard !found.isEmpty || FileStatus.isFolder(folder) else {
            throw Problem(
                "\(name) is not in the store",
                hints: ["passel find \(ShellWord.text(name.name))"])
        }
        return found
    }
}

extension Store {
    /// Gives what `body` makes of the plaintext of every entry to `told`, in the order of their
    /// paths; in place of that, why an entry cannot be read.
    ///
    /// Through the index, as `catalogue` does it. `body` is called on two threads.
    ///
    /// - Throws: as `catalogue`.
    public func searchEntries<R: Sendable>(
        _ body: @escaping @Sendable (_ name: Text, Secret) -> R,
        told: (_ name: Text, Result<R, Unread>) throws -> Void
    ) throws {
        let files = try entryFiles()
        guard !files.isEmpty else { return }
        let reader = try EntryReader(self)
        // A bounded number at a time, so that no more is in memory than is being searched.
        for start in stride(from: 0, to: files.count, by: 64) {
            let batch = files[start..<min(files.count, start + 64)].map { ($0, reader.item($0)) }
            let items = batch.compactMap { try? $0.1.get() }
            for case (let file, .failure(let unread)) in batch {
                try told(entryName(file), .failure(unread))
            }
            try reader.read(items, body) { try told($0.name, $1) }
        }
        settle(reader.index, present: nil)
    }
}

extension Catalogue {
    fileprivate mutating func add(_ unread: Unread, _ entry: Path) {
        switch unread {
        case .forOthers: forOthers += 1
        case .failed(let problem): unreadable.append((entry, problem))
        }
    }
}

extension IndexedEntry {
    /// What is known of the entry `name` that holds `text`.
    init(_ name: Path, _ text: EntryText) {
        let finding = text.isOpaque ? nil : text.secret.tokenFinding
        self.init(
            name: name, fields: text.fields, metadata: TokenMetadata(text),
            recognisedKind: finding?.kind, claimedEnd: finding?.expires,
            lastFour: text.secret.lastFour)
    }

    /// What the index knows of the entry `name`.
    fileprivate init(_ name: Path, _ row: IndexRow) {
        let fields = row.fields
        self.init(
            name: name, fields: fields, metadata: TokenMetadata(fields),
            recognisedKind: row.kind, claimedEnd: row.end.map { Instant(second: $0) },
            lastFour: row.lastFour)
    }
}
