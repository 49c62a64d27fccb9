import Glibc
public import PasselCore
import PasselPosix

extension Store {
    /// Removes an entry's file or a whole folder from the store, telling every removal as `rm -v`
    /// does, and commits it.
    ///
    /// Of a link to a folder only the link goes: what it leads to is not the store's. Folders that
    /// become empty by the removal of an entry go too.
    public func remove(_ path: Path, subject: Text) throws {
        try exclusively {
            let bare = path.withoutTrailingSlashes
            guard let status = try FileStatus(of: bare, following: false) else {
                throw Problem("\(path) is gone already")
            }
            if status.kind == .folder {
                try removeFolder(bare, spelled: path, subject)
                let parts = bare.components
                try warnOfProfiles { name in
                    let place = self.path(name)
                    return place.isWithin(bare) && place.components != parts
                }
            } else {
                try Change(
                    store: self, steps: [.remove(bare)], events: removals([bare]),
                    lines: ["removed \(quoted(bare))"], subject: { _ in subject }
                ).perform()
                try prune(bare.parent)
                try warnOfProfiles { file($0).components == bare.components }
            }
        }
    }

    /// What the security log says of files that go.
    private func removals(_ files: [Path]) throws -> SecurityLog.Events {
        guard try TokenWatch(store: self).isNeeded else { return SecurityLog.Events() }
        let entries = try files.filter {
            try $0.hasSuffixIgnoringCase(EntryName.suffix)
                && FileStatus(of: $0, following: false)?.kind == .file
        }
        let contents = try TokenWatch(store: self).contents(entries)
        let changes = entries.map {
            TokenChange(Path(entryName($0).bytes), from: contents[$0] ?? .unseen, to: .nothing)
        }
        return SecurityLog(store: self).eventsIfPossible(EventDraft.drafts(of: changes)) {
            try audience(of: $0)
        }
    }

    private func removeFolder(_ folder: Path, spelled: Path, _ subject: Text) throws {
        var files: [Path] = []
        var folders: [Path] = []
        try collect(folder, &files, &folders)
        try Change(
            store: self, steps: files.map { .remove($0) }, events: removals(files),
            lines: files.map { "removed \(quoted($0))" },
            completing: {
                try folders.filter { try DurableFile.removeFolder($0) }.map { inner in
                    "removed directory \(quoted(inner == folder ? spelled : inner))"
                }
            }, subject: { _ in subject }
        ).perform()
    }

    /// The files and links below a folder, and its folders with the innermost first.
    ///
    /// A nested repository goes with its history, as with `rm -r`.
    private func collect(_ folder: Path, _ files: inout [Path], _ folders: inout [Path]) throws {
        for name in try Files.names(in: folder).sorted(by: {
            $0.bytes.lexicographicallyPrecedes($1.bytes)
        }) {
            let path = folder / name.bytes
            if try FileStatus(of: path, following: false)?.kind == .folder {
                try collect(path, &files, &folders)
            } else {
                files.append(path)
            }
        }
        folders.append(folder)
    }
}
