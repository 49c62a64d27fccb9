import Glibc
public import PasselCore
public import PasselPosix

/// A look at an index and at the files of its work tree, without libgit2: which files are other
/// than they were staged, as far as that shows without reading them.
public struct WorkTreeGlance: Sendable {
    /// A look that was begun.
    public typealias Begun = Pending<Result<WorkTreeGlance, any Error>>

    let index: IndexFile
    let places: [IndexPlace]
    let findings: Findings

    /// Where what an earlier look kept is, to tell of folders without reading them.
    public struct Cache: Sendable {
        let file: Path
        let now: Int64

        /// - Parameter now: the second; a folder that changed just before is not kept, for its next
        ///   change may not show.
        public init(_ file: Path, now: Int64) { (self.file, self.now) = (file, now) }
    }

    /// What came of it.
    struct Findings: Sendable {
        /// One for each place; nothing where there is nothing to tell.
        let all: [FolderFinding?]
        /// What to keep for the next look, where many folders had to be read that need not be
        /// read again.
        let cache: [UInt8]?
    }

    /// Begins a look on threads of its own, while libgit2 is loaded, which takes as long; nothing
    /// where the work tree has no folder `.git`.
    ///
    /// - Parameter cache: without one, every folder is read, and nothing kept.
    public static func begin(_ workTree: Path, cache: Cache? = nil) -> Begun? {
        let gitFolder = workTree / ".git"
        // What cannot be looked at is told by who opens the repository.
        guard (try? FileStatus(of: gitFolder, following: false))?.kind == .folder else {
            return nil
        }
        return Parallel.begin { Result { try WorkTreeGlance(workTree, gitFolder, cache: cache) } }
    }

    /// Looks now.
    ///
    /// - Throws: `IndexFile.Unknown`, `SystemError`.
    init(_ workTree: Path, _ gitFolder: Path, cache: Cache? = nil) throws {
        let file = gitFolder / "index"
        var written = stat()
        let exists = file.withCString { stat($0, &written) } == 0
        let index = try IndexFile(exists ? Files.read(file, limit: 1 << 30) : [])
        let places = try index.places()
        (self.index, self.places) = (index, places)
        let comparison = FolderComparison(
            index, written: written.st_mtim, top: try FolderHandle(workTree), workTree,
            cache.map { cache in
                // What cannot be read is as good as none.
                (UntrackedCache((try? Files.readIfPresent(cache.file)) ?? []), cache.now)
            })
        findings = comparison.findings(places)
    }
}
