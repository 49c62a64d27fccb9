public import PasselCore
import PasselPosix

/// What has become of an exported file.
public enum ExportState: String, Sendable, CaseIterable {
    /// It has what the store has.
    case current
    /// The store has other values by now.
    case stale
    /// Somebody else changed what is ours in it.
    case edited
    /// It is not there any more, or nothing of ours is in it.
    case gone
    /// The tokens in it have ended that were made for it.
    case expired
    /// It is as it was written; what the store has now cannot be told at the moment.
    case unknown
}

/// An exported file and what has become of it.
public struct ExportStatus: Sendable {
    /// What is remembered of it.
    public let record: ExportRecord
    /// What has become of it.
    public let state: ExportState
    /// The values that the store does not have, or not for the user.
    public let missing: [Text]
}

/// What has become of all files that were exported.
public struct ExportListing: Sendable {
    /// Of each.
    public let statuses: [ExportStatus]
    /// Why that of some is unknown, if it is.
    public let problem: Problem?
}

extension Store {
    /// What has become of every file with secrets that was exported from this store.
    ///
    /// Entries are read only for files that may be stale: one operation with the user's secret key
    /// where the index knows them. Where that key cannot be used, these are unknown.
    ///
    /// What a killed export left beside a file is removed.
    public func exportListing() throws -> ExportListing {
        var register = try exportRegister()
        if Set(register.records.map(\.path.parent)).contains(where: Scratch.isLeft) {
            // Whoever has the lock has removed it.
            try exportingAlone { register = $0 }
        }
        let looks = register.records.map { ($0, look(at: $0, register)) }
        let wanted = looks.filter { $0.1 == nil }.flatMap(\.0.items).compactMap {
            Reference($0.reference.bytes)
        }
        var texts: [Path: Result<EntryText, Problem>] = [:]
        var problem: Problem?
        do {
            texts = try self.texts(of: wanted.map(\.name))
        } catch let error as Problem {
            problem = error
        }
        let statuses = looks.map { record, state in
            if let state = state ?? (problem == nil ? nil : .unknown) {
                return ExportStatus(record: record, state: state, missing: [])
            }
            let values = record.items.map { value(of: $0, texts) }
            let missing = zip(record.items, values).filter { $0.1 == nil }.map(\.0.reference)
            let isSame = zip(record.items, values).allSatisfy { item, value in
                value.map { register.digest($0) == item.value } ?? false
            }
            return ExportStatus(
                record: record, state: isSame ? .current : .stale, missing: missing)
        }
        return ExportListing(statuses: statuses, problem: problem)
    }

    private func value(
        of item: ExportRecord.Item, _ texts: [Path: Result<EntryText, Problem>]
    ) -> Secret? {
        guard let reference = Reference(item.reference.bytes),
            case .success(let text)? = texts[reference.name]
        else { return nil }
        // A field that is gone is told as a value that is missing.
        return try? text.value(of: reference, at: settings.now())
    }

    /// What the file alone tells; nothing when it is as it was written.
    private func look(at record: ExportRecord, _ register: ExportRegister) -> ExportState? {
        // A link or another user's file in its place: somebody put that there.
        guard let file = try? PlaintextFile(record.path), let maker = try? record.form.maker()
        else { return .edited }
        guard let content = file.content else { return .gone }
        guard let now = try? Self.parts(Array(record.parts.keys), maker, content, register) else {
            return .edited
        }
        if now.isEmpty { return .gone }
        if now != record.parts {
            let isUnwritten = record.parts.allSatisfy { mark, digest in
                now[mark] == digest || now[mark] == record.before[mark]
            }
            return isUnwritten ? .stale : .edited
        }
        if let ends = record.ends, ends <= settings.now() { return .expired }
        return nil
    }

    /// Removes what is ours from a file, and forgets it; a file in which nothing else is goes, its
    /// bytes overwritten before.
    ///
    /// - Returns: whether the file is gone by that.
    /// - Throws: a `Problem` for parts that somebody else changed, unless that is allowed.
    public func shredExport(_ path: Path, _ consent: ExportConsent) throws -> Bool {
        try exportingAlone { register in
            guard let record = register[path] else {
                throw Problem(
                    "\(path) is not known as an exported file", hints: ["passel exports"])
            }
            let maker = try record.form.maker()
            let file = try PlaintextFile(path)
            var isGone = false
            if let content = file.content {
                let now = try Self.parts(Array(record.parts.keys), maker, content, register)
                for (mark, digest) in now where !consent.replacesForeign {
                    guard digest != record.parts[mark], digest != record.before[mark] else {
                        continue
                    }
                    throw Problem(
                        "\(path) was changed by somebody else since it was written",
                        hints: ["passel exports shred --replace \(ShellWord.text(path.bytes))"])
                }
                var rest = content
                for mark in now.keys.sorted(by: { $0.bytes.precedes($1.bytes) }) {
                    rest = try maker.removing(mark, from: rest)
                }
                isGone = rest.isEmpty && !now.isEmpty
                if !now.isEmpty { try file.shred(keeping: rest.isEmpty ? nil : rest) }
            }
            register.forget(path)
            try register.save()
            return isGone
        }
    }
}
