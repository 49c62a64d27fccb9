import CGit2
import Glibc
import PasselCore
import PasselPosix

/// Compares the files of a work tree with the index, folder by folder.
struct WorkTreeScan {
    private let repository: GitRepository
    private let index: IndexFile
    private let written: timespec
    private let heedsExecutable: Bool
    private var found: [WorkTreeChange] = []

    init(_ repository: GitRepository, _ index: IndexFile, written: timespec) {
        self.repository = repository
        self.index = index
        self.written = written
        heedsExecutable = repository.configuration.bool("core.filemode") ?? true
    }

    /// What differs, untracked files included.
    mutating func changes() throws -> [WorkTreeChange] {
        found = []
        try compare([], 0..<index.entries.count)
        return found
    }

    private func name(_ number: Int) -> ArraySlice<UInt8> {
        index.bytes[index.entries[number].name]
    }

    /// `folder` is empty or ends in a slash.
    private mutating func compare(_ folder: [UInt8], _ range: Range<Int>) throws {
        let scan: FolderScan
        do {
            scan = try FolderScan(repository.workTree / folder)
        } catch let error as SystemError where [ENOENT, ENOTDIR, ELOOP].contains(error.code) {
            for number in range { gone(number) }
            return
        }
        var isFolder: [[UInt8]: Bool] = [:]
        for name in try scan.names() {
            isFolder[name.bytes] = kind(name, scan) == .folder
        }
        var known = Set<[UInt8]>()
        var place = range.lowerBound
        while place < range.upperBound {
            let rest = name(place).dropFirst(folder.count)
            let part = Array(rest.prefix { $0 != .slash })
            guard part.count < rest.count else {
                if isFolder[part] == false { known.insert(part) }
                compare(place, part, scan)
                place += 1
                continue
            }
            let inner = folder + part + [.slash]
            var end = place + 1
            while end < range.upperBound, name(end).starts(with: inner) { end += 1 }
            if isFolder[part] == true {
                known.insert(part)
                try compare(inner, place..<end)
            } else {
                // A link in its place leads elsewhere.
                for number in place..<end { gone(number) }
            }
            place = end
        }
        guard known.count < isFolder.count else { return }
        for name in isFolder.keys.sorted(by: { $0.precedes($1) })
        where !known.contains(name) && !name.elementsEqual(".git".utf8) {
            try untracked(folder + name, scan.status(of: name, following: false)?.kind)
        }
    }

    private func kind(_ name: Files.Name, _ scan: borrowing FolderScan) -> FileStatus.Kind? {
        name.kind ?? scan.status(of: name.bytes, following: false)?.kind
    }

    private mutating func compare(_ number: Int, _ part: [UInt8], _ scan: borrowing FolderScan) {
        let entry = index.entries[number]
        guard entry.stage == 0 else { return add(number, .conflicted) }
        guard !entry.isUnwatched, !entry.isSubmodule else { return }
        guard let status = scan.rawStatus(of: part) else { return gone(number) }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        guard status.st_mode & S_IFMT == S_IFREG || isLink else { return gone(number) }
        let mode: UInt32 =
            isLink ? 0o120000 : status.st_mode & 0o100 != 0 ? 0o100755 : 0o100644
        let sameMode =
            mode == entry.mode || (!heedsExecutable && mode & 0o170000 == entry.mode & 0o170000)
        guard sameMode, !entry.isIntent else { return add(number, .modified) }
        if index.matches(entry, status, written: written) { return }
        if !hasStagedContent(number, isLink: isLink) { add(number, .modified) }
    }

    private func hasStagedContent(_ number: Int, isLink: Bool) -> Bool {
        let path = repository.workTree / Array(name(number))
        let staged = index.id(index.entries[number])
        if isLink {
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
        return repository.filteredID(Array(name(number))) == staged
    }

    private mutating func gone(_ number: Int) {
        let entry = index.entries[number]
        guard entry.stage == 0 else { return add(number, .conflicted) }
        if !entry.isUnwatched, !entry.isSubmodule { add(number, .removed) }
    }

    private mutating func add(_ number: Int, _ kind: WorkTreeChange.Kind) {
        let name = Array(name(number))
        // The versions of a conflict follow each other.
        if found.last?.name != name { found.append(WorkTreeChange(name: name, kind: kind)) }
    }

    private mutating func untracked(_ name: [UInt8], _ kind: FileStatus.Kind?) throws {
        switch kind {
        case .folder:
            let path = repository.workTree / name
            if repository.isIgnored(name + [.slash]) { return }
            if FileStatus.isFolder(path / ".git") || FileStatus.isFile(path / ".git") {
                found.append(WorkTreeChange(name: name, kind: .untracked))
            } else {
                try compare(name + [.slash], 0..<0)
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
