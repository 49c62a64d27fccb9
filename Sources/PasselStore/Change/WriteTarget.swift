public import PasselCore
import PasselGit
import PasselPosix

extension Store {
    /// The file that a write to the entry's file really changes.
    ///
    /// An entry that is a symbolic link to a file is written through, as in pass. Out of the store
    /// that is only done for links the user made on this machine: a link that the store's history
    /// carries may have come from anybody who can push, and would put an entry wherever they like.
    /// Through a folder's link nothing leaves the store.
    ///
    /// - Throws: a `Problem` for such a link, and for one that leads nowhere or to something that
    ///   is no file.
    public func target(of file: Path) throws -> Path {
        guard let folder = Files.resolved(file.parent), let top = Files.resolved(root) else {
            return file
        }
        let status = try FileStatus(of: file, following: false)
        var target = folder / file.name
        if status?.kind == .link {
            guard let resolved = Files.resolved(file), FileStatus.isFile(resolved) else {
                throw Problem(
                    "\(file) is a link to something that is no file",
                    hints: ["look at it: ls -l \(file)"])
            }
            target = resolved
        } else if let status, status.kind != .file {
            throw Problem("\(file) is not a file", hints: ["look at it: ls -l \(file)"])
        }
        guard target.isWithin(top) else {
            guard folder.isWithin(top) else { throw leavingStore(linkAbove(file)) }
            if let repository = try repository(around: file.parent),
                let name = repository.name(of: file), repository.isTracked(name)
            {
                throw leavingStore(file)
            }
            observer.warned(Problem("\(file) is a link; what it leads to is written: \(target)"))
            return target
        }
        // Spelled as the user spells the store, for messages.
        return status?.kind == .link ? root / (target.relative(to: top) ?? target) : file
    }

    /// Refuses a path whose folder lies outside of the store, behind a link.
    func refuseLeavingStore(_ path: Path) throws {
        guard let folder = Files.resolved(path.parent), let top = Files.resolved(root),
            !folder.isWithin(top)
        else { return }
        throw leavingStore(linkAbove(path))
    }

    private func leavingStore(_ link: Path) -> Problem {
        Problem(
            "\(link): a link that leads out of the store; nothing is written through it",
            hints: ["put what is meant in its place: rm \(link)"])
    }

    /// The first link on the way from the store's top to a file.
    private func linkAbove(_ file: Path) -> Path {
        var current = root
        for part in file.relative(to: root)?.components ?? [] {
            current = current / part
            if (try? FileStatus(of: current, following: false))?.kind == .link { return current }
        }
        return file
    }

    /// Makes the folder of a path and those above it, below the store's top too, telling each as
    /// `mkdir -v` does.
    public func makeFolders(_ folder: Path) throws {
        guard !FileStatus.isFolder(folder) else { return }
        let parent = folder.withoutTrailingSlashes.parent
        if parent != folder { try makeFolders(parent) }
        do {
            guard try DurableFile.makeFolder(folder) else { return }
        } catch let error as SystemError {
            throw error.problem
        }
        try DurableFile.flush(parent)
        // What is kept there is our own affair.
        guard !folder.isWithin(root / ".passel") else { return }
        observer.told("mkdir: created directory \(quoted(folder))")
    }

    /// The path between quotes, as coreutils print it.
    func quoted(_ path: Path) -> Text { QuotedName.text(path.bytes, utf8: settings.showsUTF8) }

    /// Removes `folder` and its parents as long as they are empty, never the store's top or what is
    /// above it.
    func prune(_ folder: Path) throws {
        var current = folder.withoutTrailingSlashes
        while current.components.count > root.components.count {
            guard FileStatus.isFolder(current) else {
                current = current.parent
                continue
            }
            guard try DurableFile.removeFolder(current) else { return }
            current = current.parent
        }
    }
}
