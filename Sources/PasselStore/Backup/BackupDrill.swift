public import PasselCore
import PasselGit
import PasselPosix

/// A backup that was made, restored into a private place, compared with the store, and removed.
public struct BackupDrill: Sendable {
    /// What was found in it.
    public let check: BackupCheck
    /// The files that are not the same in the store and in what was restored of it.
    public let different: [Path]
    /// How many files were compared.
    public let compared: Int

    /// Whether everything came back, and everything that is for the keys here could be opened.
    public var isGood: Bool { different.isEmpty && check.failed.isEmpty }
}

extension Store {
    /// Tries a recovery out: backs the store up, restores it, opens every entry and compares every
    /// file; and records that it was done.
    ///
    /// - Throws: a `Problem` when any of it cannot be done.
    public func drillBackup(
        _ order: BackupOrder, with cipher: any StreamCipher
    ) throws -> BackupDrill {
        let drill = try inWorkshop { folder in
            let path = folder / "drill.backup.tar"
            _ = try writeBackup(to: path, order, with: cipher)
            let opened = folder / "opened"
            _ = try DurableFile.makeFolder(opened)
            let backup = try OpenedBackup(
                BackupFile(checking: path), in: opened, for: self, passphrase: order.passphrase,
                with: cipher)
            let place = try backup.makeStore(settings.environment)
            try backup.checkObjects(place, settings.environment, full: true)
            let check = try check(backup, place, .all)
            var (compared, different): (Int, [Path]) = (0, [])
            try compare(place, with: root, below: "", &compared, &different)
            if try !hasSameReferences(place, backup) { different.append(".git/refs") }
            return BackupDrill(check: check, different: different, compared: compared)
        }
        try remember(drill)
        return drill
    }

    /// Compares every file that was restored with that of the store, and looks for entries that were
    /// not restored.
    private func compare(
        _ restored: Path, with live: Path, below name: Path, _ compared: inout Int,
        _ different: inout [Path]
    ) throws {
        let there = Set(try Files.names(in: restored).map(\.bytes))
        let here = Set(try Files.names(in: live).map(\.bytes))
        for child in there.union(here).sorted(by: { $0.precedes($1) })
        where !child.elementsEqual(".git".utf8) {
            let (left, right) = (restored / child, live / child)
            let path = name.isEmpty ? Path(child) : name / child
            let kinds = (
                try FileStatus(of: left, following: false)?.kind,
                try FileStatus(of: right, following: false)?.kind
            )
            switch kinds {
            case (.folder, .folder):
                try compare(left, with: right, below: path, &compared, &different)
            case (.file, .file):
                compared += 1
                if try Files.read(left) != Files.read(right) { different.append(path) }
            case (.link, .link):
                compared += 1
                if try Files.target(of: left) != Files.target(of: right) { different.append(path) }
            // What git ignores is nobody's to keep, but an entry is.
            case (nil, .file) where !path.hasSuffixIgnoringCase(EntryName.suffix): break
            case (nil, .folder), (nil, .link), (nil, .fifo), (nil, .socket): break
            default: different.append(path)
            }
        }
    }

    private func hasSameReferences(_ place: Path, _ backup: OpenedBackup) throws -> Bool {
        guard backup.info.head != nil else { return true }
        let git = try GitTool(environment: settings.environment)
        let words = ["for-each-ref", "--format=%(objectname) %(refname)"]
        let failure: Text = "git cannot list the references of the store"
        return try git.output(words, in: root, failure: failure)
            == git.output(words, in: place, failure: failure)
    }

    private func remember(_ drill: BackupDrill) throws {
        guard drill.isGood else { return }
        var draft = EventDraft(.drilled, Roster.top)
        draft.result =
            "\(drill.check.opened) of \(drill.check.entries) entries opened, \(drill.compared) files compared"
        try record(draft)
        guard let folder = storedPins?.folder else { return }
        var last = LastBackup(in: folder) ?? LastBackup()
        last.drill = settings.now()
        // The log has it, too.
        try? last.save(in: folder)
    }
}
