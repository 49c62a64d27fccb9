import Glibc
import PasselCore
import PasselPosix

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
        for (number, finding) in glance.findings.all.enumerated() {
            // Of most folders there is nothing to tell.
            if finding == nil, replaced.isEmpty { continue }
            let (place, finding) = (glance.places[number], finding ?? FolderFinding())
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

extension [UInt8] {
    var isGitFolder: Bool { elementsEqual(".git".utf8) }
}
