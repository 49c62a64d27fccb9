import Glibc
import PasselCore
import PasselPosix

/// What can be told of a folder's files without reading them: numbers of entries, and names.
struct FolderFinding: Sendable {
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

    /// Whether the folder has just the names that the index has.
    var hasTheNames: Bool {
        !isGone && failure == nil && conflicted.isEmpty && removed.isEmpty && unknown.isEmpty
            && replaced.isEmpty
    }

    var isEmpty: Bool {
        hasTheNames && modified.isEmpty && remoded.isEmpty && doubtful.isEmpty
    }

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

/// Compares folders with the index.
struct FolderComparison: Sendable {
    /// Where so many folders had to be read that need not have been, the next look is spared it.
    private static let many = 16

    private let index: IndexFile
    private let written: timespec
    private let top: FolderHandle
    private let workTree: Path
    private let cache: UntrackedCache?
    private let now: Int64

    /// - Parameter written: when the index was.
    /// - Parameter cache: what an earlier look kept, and the second; nothing where nothing is to be
    ///   kept.
    init(
        _ index: IndexFile, written: timespec, top: FolderHandle, _ workTree: Path,
        _ cache: (kept: UntrackedCache, now: Int64)?
    ) {
        (self.index, self.written) = (index, written)
        (self.top, self.workTree, self.cache) = (top, workTree, cache?.kept)
        now = cache?.now ?? 0
    }

    /// A place to look at, with what is known of it.
    private struct Task: Sendable {
        let place: IndexPlace
        let record: UntrackedCache.Record?
    }

    /// What came of a look.
    private struct Result: Sendable {
        var finding: FolderFinding?
        /// The folder before it was read, where that is worth being kept.
        var facts: UntrackedCache.Facts?
        var isFromCache = false
    }

    /// What there is to tell of each place.
    func findings(_ places: [IndexPlace]) -> WorkTreeGlance.Findings {
        let records = cache?.records(of: places.lazy.map(\.folder))
        let tasks = places.indices.map { Task(place: places[$0], record: records?[$0]) }
        // Threads for a few folders would cost more than they save.
        let results = Parallel.map(tasks, width: tasks.count < 16 ? 1 : 2) { task in
            result(task)
        }
        return WorkTreeGlance.Findings(
            all: results.map(\.finding), cache: newCache(tasks, results))
    }

    private func newCache(_ tasks: [Task], _ results: [Result]) -> [UInt8]? {
        guard let cache, results.count(where: { $0.facts != nil }) >= Self.many else { return nil }
        var writer = UntrackedCache.Writer()
        for (task, result) in zip(tasks, results) {
            if result.isFromCache, let record = task.record {
                writer.keep(record, of: cache)
            } else if let facts = result.facts {
                writer.add(facts, task.place, index)
            }
        }
        return writer.bytes
    }

    private func result(_ task: Task) -> Result {
        let place = task.place
        var result = Result()
        var finding = FolderFinding()
        do {
            if let record = task.record, stillHolds(record, place) {
                compareAll(place, &finding)
                result.isFromCache = true
            } else {
                let scan = try FolderScan(
                    place.folder.isEmpty ? workTree : workTree / place.folder)
                let status = try scan.rawStatus()
                try compare(place, scan, &finding)
                if cache != nil, finding.hasTheNames,
                    UntrackedCache.Facts.areOld(status, at: now)
                {
                    result.facts = UntrackedCache.Facts(status)
                }
            }
        } catch let error as SystemError {
            finding.isGone = [ENOENT, ENOTDIR, ELOOP].contains(error.code)
            if !finding.isGone { finding.failure = error }
        } catch {
            preconditionFailure("reading a folder throws nothing else")
        }
        if !finding.isEmpty { result.finding = finding }
        return result
    }

    private func stillHolds(_ record: UntrackedCache.Record, _ place: IndexPlace) -> Bool {
        let path = place.folder.isEmpty ? [UInt8(ascii: "."), 0] : place.folder + [0]
        guard
            let status = path.withUnsafeBytes({ path in
                path.baseAddress.flatMap { top.rawStatus(of: $0) }
            })
        else { return false }
        return cache?.stillHolds(record, status, place, index) == true
    }

    /// Looks at each file of which it is known that no other is there.
    private func compareAll(_ place: IndexPlace, _ finding: inout FolderFinding) {
        index.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            for run in place.runs {
                for number in run {
                    let name = index.entries[number].name
                    compare(number, top.rawStatus(of: start + name.lowerBound), &finding) {
                        Array(bytes[(name.lowerBound + place.folder.count)..<name.upperBound])
                    }
                }
            }
        }
    }

    /// Looks each name up as it is read: to keep and sort them takes longer than the system takes
    /// to tell them.
    private func compare(
        _ place: IndexPlace, _ scan: borrowing FolderScan, _ finding: inout FolderFinding
    ) throws {
        let entries = place.entries
        var isSeen = [Bool](repeating: false, count: entries.count)
        try scan.eachName { name, kind in
            var here = start(of: name, entries, place)
            guard here < entries.count, order(entries[here], place, name) == 0 else {
                let name = Files.Name(bytes: Array(name), kind: kind)
                return noteUnknown(name, place, scan, &finding)
            }
            compare(entries[here], scan.rawStatus(of: name), &finding) { Array(name) }
            // The versions of a conflict.
            while here < entries.count, order(entries[here], place, name) == 0 {
                isSeen[here] = true
                here += 1
            }
        }
        for (number, isSeen) in zip(entries, isSeen) where !isSeen {
            finding.removed.append(number)
        }
        finding.sort()
    }

    private func noteUnknown(
        _ name: Files.Name, _ place: IndexPlace, _ scan: borrowing FolderScan,
        _ finding: inout FolderFinding
    ) {
        if place.hasFolder(name.bytes) {
            let kind = name.kind ?? scan.status(of: name.bytes, following: false)?.kind
            if kind == .folder { return }
            finding.replaced.append(name.bytes)
        }
        if !name.bytes.isGitFolder { finding.unknown.append(name) }
    }

    /// Where in the place's entries a name is, or would be.
    private func start(
        of name: FolderScan.PassingName, _ entries: [Int], _ place: IndexPlace
    ) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if order(entries[middle], place, name) < 0 {
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

    /// Compares an entry with what is at its name.
    private func compare(
        _ number: Int, _ status: stat?, _ finding: inout FolderFinding, _ name: () -> [UInt8]
    ) {
        let entry = index.entries[number]
        guard entry.stage == 0 else { return finding.conflicted.append(number) }
        guard !entry.isUnwatched, !entry.isSubmodule else { return }
        guard let status else { return finding.removed.append(number) }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        guard status.st_mode & S_IFMT == S_IFREG || isLink else {
            finding.removed.append(number)
            // What it is is found by who looks at it.
            return finding.unknown.append(Files.Name(bytes: name(), kind: nil))
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
