import Glibc
public import PasselCore
public import PasselPosix

/// What a look at an index and at the files of its work tree tells, without libgit2: which files
/// are other than they were staged, as far as that shows without reading them.
public struct WorkTreeGlance: Sendable {
    /// A look that was begun.
    public typealias Begun = Pending<Result<WorkTreeGlance, any Error>>

    let index: IndexFile
    fileprivate let places: [IndexPlace]
    /// One for each place.
    fileprivate let findings: [FolderComparison.Finding]

    /// Begins a look on threads of its own, while libgit2 is loaded, which takes as long; nothing
    /// where the work tree has no folder `.git`.
    public static func begin(_ workTree: Path) -> Begun? {
        let gitFolder = workTree / ".git"
        // What cannot be looked at is told by who opens the repository.
        guard (try? FileStatus(of: gitFolder, following: false))?.kind == .folder else {
            return nil
        }
        return Parallel.begin { Result { try WorkTreeGlance(workTree, gitFolder) } }
    }

    /// Looks now.
    ///
    /// - Throws: `IndexFile.Unknown`, `SystemError`.
    init(_ workTree: Path, _ gitFolder: Path) throws {
        let file = gitFolder / "index"
        var written = stat()
        let exists = file.withCString { stat($0, &written) } == 0
        let index = try IndexFile(exists ? Files.read(file, limit: 1 << 30) : [])
        let places = index.places()
        let comparison = FolderComparison(index, written: written.st_mtim)
        // Threads for a few folders would cost more than they save.
        findings = Parallel.map(places, width: places.count < 16 ? 1 : 2) { place in
            comparison.finding(place, below: workTree)
        }
        (self.index, self.places) = (index, places)
    }
}

/// Finishes a look at a work tree with what the repository has to say.
struct WorkTreeScan {
    private let repository: GitRepository
    private let glance: WorkTreeGlance
    private let heedsExecutable: Bool
    private var found: [WorkTreeChange] = []

    private var index: IndexFile { glance.index }

    init(_ repository: GitRepository, _ glance: WorkTreeGlance) {
        self.repository = repository
        self.glance = glance
        heedsExecutable = repository.configuration.bool("core.filemode") ?? true
    }

    /// What differs, untracked files included.
    mutating func changes() throws -> [WorkTreeChange] {
        found = []
        // Folders of which the one above knows that they are none.
        var replaced: Set<[UInt8]> = []
        for (place, finding) in zip(glance.places, glance.findings) {
            if let failure = finding.failure { throw failure }
            let isGone = finding.isGone || replaced.contains(place.folder)
            if isGone {
                for number in place.entries { gone(number) }
                for name in place.folders { replaced.insert(place.folder + name + [.slash]) }
                continue
            }
            for name in finding.replaced { replaced.insert(place.folder + name + [.slash]) }
            for number in finding.conflicted { add(number, .conflicted) }
            for number in finding.removed { gone(number) }
            for number in finding.modified { add(number, .modified) }
            if heedsExecutable { for number in finding.remoded { add(number, .modified) } }
            for number in finding.doubtful where !hasStagedContent(number) {
                add(number, .modified)
            }
            for name in finding.unknown {
                try untracked(place.folder + name.bytes, name.kind)
            }
        }
        return found
    }

    private func name(_ number: Int) -> [UInt8] { Array(index.bytes[index.entries[number].name]) }

    private func hasStagedContent(_ number: Int) -> Bool {
        let name = name(number)
        let path = repository.workTree / name
        let entry = index.entries[number]
        let staged = index.id(entry)
        if entry.mode & 0o170000 == 0o120000 {
            // Gone by now: then it is not what was staged.
            guard let target = try? Files.target(of: path) else { return false }
            return GitID(ofFile: target.bytes) == staged
        }
        // Files of ours are stored as they are; others as git's settings say.
        if let content = try? Files.read(path, followingLinks: false),
            GitID(ofFile: content) == staged
        {
            return true
        }
        return repository.filteredID(name) == staged
    }

    private mutating func gone(_ number: Int) {
        let entry = index.entries[number]
        guard entry.stage == 0 else { return add(number, .conflicted) }
        if !entry.isUnwatched, !entry.isSubmodule { add(number, .removed) }
    }

    private mutating func add(_ number: Int, _ kind: WorkTreeChange.Kind) {
        let name = name(number)
        // The versions of a conflict follow each other.
        if found.last?.name != name { found.append(WorkTreeChange(name: name, kind: kind)) }
    }

    private mutating func untracked(_ name: [UInt8], _ kind: FileStatus.Kind?) throws {
        let path = repository.workTree / name
        switch try kind ?? FileStatus(of: path, following: false)?.kind {
        case .folder:
            if repository.isIgnored(name + [.slash]) { return }
            if FileStatus.isFolder(path / ".git") || FileStatus.isFile(path / ".git") {
                found.append(WorkTreeChange(name: name, kind: .untracked))
            } else {
                for inner in try Files.names(in: path).sorted(by: { $0.bytes.precedes($1.bytes) })
                where !inner.bytes.isGitFolder {
                    try untracked(name + [.slash] + inner.bytes, inner.kind)
                }
            }
        case .file, .link:
            if !repository.isIgnored(name) {
                found.append(WorkTreeChange(name: name, kind: .untracked))
            }
        // git does not see sockets and the like.
        default: break
        }
    }
}

/// A folder with files in the index, directly or below.
private struct IndexPlace: Sendable {
    /// Empty for the top, else with a slash at its end.
    let folder: [UInt8]
    /// The numbers of the entries directly in it, in the order of their names.
    var entries: [Int] = []
    /// The names of the folders in it.
    var folders: Set<[UInt8]> = []
}

extension IndexFile {
    /// The folders, each after the one that it lies in.
    fileprivate func places() -> [IndexPlace] {
        var places = [IndexPlace(folder: [])]
        var numbers: [[UInt8]: Int] = [[]: 0]
        func number(of folder: [UInt8]) -> Int {
            if let known = numbers[folder] { return known }
            let name = folder.dropLast()
            let start = name.lastIndex(of: .slash).map { $0 + 1 } ?? 0
            let parent = number(of: Array(name[..<start]))
            places[parent].folders.insert(Array(name[start...]))
            numbers[folder] = places.count
            places.append(IndexPlace(folder: folder))
            return places.count - 1
        }
        var current = 0
        var before = 0..<0
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            for (entry, place) in zip(entries.indices, entries.lazy.map(\.name)) {
                var end = place.upperBound
                while end > place.lowerBound, bytes[end - 1] != .slash { end -= 1 }
                let folder = place.lowerBound..<end
                // Mostly it is the folder of the entry before.
                let isSame =
                    folder.count == before.count
                    && memcmp(start + folder.lowerBound, start + before.lowerBound, folder.count)
                        == 0
                if !isSame { current = number(of: Array(bytes[folder])) }
                before = folder
                places[current].entries.append(entry)
            }
        }
        return places
    }
}

/// Compares one folder with the index: what can be told of its files without reading them.
private struct FolderComparison: Sendable {
    /// What came of it: numbers of entries, and names.
    struct Finding: Sendable {
        /// Whether there is no such folder.
        var isGone = false
        var failure: SystemError?
        var conflicted: [Int] = []
        var removed: [Int] = []
        var modified: [Int] = []
        /// Files that are as staged but for being executable.
        var remoded: [Int] = []
        /// Entries whose files have to be read.
        var doubtful: [Int] = []
        /// Names that the index does not have.
        var unknown: [Files.Name] = []
        /// Folders of the index that are something else.
        var replaced: [[UInt8]] = []

        /// Puts everything into the order of names, which is that of the index.
        mutating func sort() {
            conflicted.sort()
            removed.sort()
            modified.sort()
            remoded.sort()
            doubtful.sort()
            unknown.sort { $0.bytes.precedes($1.bytes) }
            replaced.sort { $0.precedes($1) }
        }
    }

    private let index: IndexFile
    private let written: timespec

    init(_ index: IndexFile, written: timespec) {
        self.index = index
        self.written = written
    }

    func finding(_ place: IndexPlace, below top: Path) -> Finding {
        var finding = Finding()
        do {
            let scan = try FolderScan(place.folder.isEmpty ? top : top / place.folder)
            try compare(place, scan, &finding)
        } catch let error as SystemError {
            finding.isGone = [ENOENT, ENOTDIR, ELOOP].contains(error.code)
            if !finding.isGone { finding.failure = error }
        } catch {
            preconditionFailure("reading a folder throws nothing else")
        }
        return finding
    }

    /// Looks each name up as it is read: to keep and sort them takes longer than the system takes
    /// to tell them.
    private func compare(
        _ place: IndexPlace, _ scan: borrowing FolderScan, _ finding: inout Finding
    ) throws {
        var isSeen = [Bool](repeating: false, count: place.entries.count)
        try scan.eachName { name, kind in
            var here = start(of: name, place)
            guard here < place.entries.count, order(place.entries[here], place, name) == 0 else {
                let name = Files.Name(bytes: Array(name), kind: kind)
                return noteUnknown(name, place, scan, &finding)
            }
            compare(place.entries[here], name, kind, scan, &finding)
            // The versions of a conflict.
            while here < place.entries.count, order(place.entries[here], place, name) == 0 {
                isSeen[here] = true
                here += 1
            }
        }
        for (number, isSeen) in zip(place.entries, isSeen) where !isSeen {
            finding.removed.append(number)
        }
        finding.sort()
    }

    private func noteUnknown(
        _ name: Files.Name, _ place: IndexPlace, _ scan: borrowing FolderScan,
        _ finding: inout Finding
    ) {
        if place.folders.contains(name.bytes) {
            let kind = name.kind ?? scan.status(of: name.bytes, following: false)?.kind
            if kind == .folder { return }
            finding.replaced.append(name.bytes)
        }
        if !name.bytes.isGitFolder { finding.unknown.append(name) }
    }

    /// Where in the place's entries a name is, or would be.
    private func start(of name: FolderScan.PassingName, _ place: IndexPlace) -> Int {
        var (low, high) = (0, place.entries.count)
        while low < high {
            let middle = (low + high) / 2
            if order(place.entries[middle], place, name) < 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// How an entry's name in its folder compares with another name there.
    private func order(
        _ number: Int, _ place: IndexPlace, _ name: FolderScan.PassingName
    ) -> Int {
        let range = index.entries[number].name
        return index.bytes.withUnsafeBytes { bytes in
            let length = range.count - place.folder.count
            guard let start = bytes.baseAddress, let other = name.baseAddress else {
                return length - name.count
            }
            let here = start + range.lowerBound + place.folder.count
            let order = memcmp(here, other, min(length, name.count))
            return order != 0 ? Int(order) : length - name.count
        }
    }

    private func compare(
        _ number: Int, _ name: FolderScan.PassingName, _ kind: FileStatus.Kind?,
        _ scan: borrowing FolderScan, _ finding: inout Finding
    ) {
        let entry = index.entries[number]
        guard entry.stage == 0 else { return finding.conflicted.append(number) }
        guard !entry.isUnwatched, !entry.isSubmodule else { return }
        guard let status = scan.rawStatus(of: name) else {
            return finding.removed.append(number)
        }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        guard status.st_mode & S_IFMT == S_IFREG || isLink else {
            finding.removed.append(number)
            return finding.unknown.append(Files.Name(bytes: Array(name), kind: kind))
        }
        let mode: UInt32 =
            isLink ? 0o120000 : status.st_mode & 0o100 != 0 ? 0o100755 : 0o100644
        guard mode & 0o170000 == entry.mode & 0o170000, !entry.isIntent else {
            return finding.modified.append(number)
        }
        // Whether that counts is a setting; a file that is modified as well is named once.
        if mode != entry.mode { finding.remoded.append(number) }
        if !index.matches(entry, status, written: written) { finding.doubtful.append(number) }
    }
}

extension [UInt8] {
    fileprivate var isGitFolder: Bool { elementsEqual(".git".utf8) }
}
