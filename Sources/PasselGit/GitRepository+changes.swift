import CGit2
import PasselCore
public import PasselPosix

extension GitRepository {
    /// What is not committed: every file for which the work tree, the index and HEAD do not all
    /// have the same, sorted by name; ignored files are left out.
    ///
    /// A file counts as unchanged without being read when the index says so of its size and times.
    /// A folder with a repository of its own is one name; submodules are not looked at.
    ///
    /// - Parameter begun: a look at the files that was begun earlier, where nothing was changed
    ///   since.
    /// - Throws: `GitProblem`, `SystemError`.
    public func workTreeChanges(
        _ begun: WorkTreeGlance.Begun? = nil
    ) throws -> [WorkTreeChange] {
        try workTreeState(begun) { _ in false }.changes
    }

    /// What is not committed, as above, and the names in the index to which `isNoted` says yes.
    ///
    /// - Parameter begun: a look at the files that was begun before the repository was opened.
    public func workTreeState(
        _ begun: WorkTreeGlance.Begun? = nil,
        noting isNoted: (ArraySlice<UInt8>) -> Bool
    ) throws -> WorkTreeState {
        let glance: WorkTreeGlance
        do {
            glance = try begun?.value().get() ?? WorkTreeGlance(workTree, gitFolder)
        } catch is IndexFile.Unknown {
            return WorkTreeState(
                changes: try changesThroughGit(),
                names: try namesThroughGit().filter { isNoted($0[...]) })
        }
        let index = glance.index
        var found: [[UInt8]: WorkTreeChange.Kind] = [:]
        for name in try StagedComparison(self, index).names() { found[name] = .staged }
        var names: [[UInt8]] = []
        for entry in index.entries where isNoted(index.bytes[entry.name]) {
            names.append(Array(index.bytes[entry.name]))
        }
        var scan = WorkTreeScan(self, glance)
        for change in try scan.changes() { found[change.name] = change.kind }
        let changes = found.map { WorkTreeChange(name: $0.key, kind: $0.value) }
            .sorted { $0.name.precedes($1.name) }
        return WorkTreeState(
            changes: changes, names: names, untrackedCache: glance.findings.cache)
    }

    private func namesThroughGit() throws -> [[UInt8]] {
        var child = ChildProcess("git", ["ls-files", "-z"], environment: environment)
        child.directory = workTree
        let outcome = try child.run()
        guard outcome.status == 0 else {
            throw GitProblem("list the index", "git ls-files failed")
        }
        return outcome.output.exposedBytes.split(separator: 0).map(Array.init)
    }

    /// For an index that only git can read: split in two, or sparse.
    private func changesThroughGit() throws -> [WorkTreeChange] {
        var child = ChildProcess(
            "git",
            [
                "-c", "core.fsmonitor=false", "status", "--porcelain=v1", "-z", "-uall",
                "--no-renames", "--ignore-submodules=all",
            ], environment: environment)
        child.directory = workTree
        child.error = .captured
        child.environment["GIT_OPTIONAL_LOCKS"] = Array("0".utf8)
        let outcome = try child.run()
        guard outcome.status == 0 else {
            let line = outcome.error.prefix { $0 != .newline }
            throw GitProblem(
                "compare the work tree",
                String(decoding: TerminalText.sanitised(Array(line)), as: UTF8.self))
        }
        return outcome.output.exposedBytes.split(separator: 0).compactMap { item in
            let (staged, here) = (item.first ?? 0x20, item.dropFirst().first ?? 0x20)
            var name = Array(item.dropFirst(3))
            if name.last == .slash { name.removeLast() }
            let kind: WorkTreeChange.Kind
            switch (staged, here) {
            case (UInt8(ascii: "U"), _), (_, UInt8(ascii: "U")): kind = .conflicted
            case (UInt8(ascii: "A"), UInt8(ascii: "A")): kind = .conflicted
            case (UInt8(ascii: "D"), UInt8(ascii: "D")): kind = .conflicted
            case (UInt8(ascii: "?"), _): kind = .untracked
            case (_, UInt8(ascii: "D")): kind = .removed
            case (_, 0x20): kind = .staged
            default: kind = .modified
            }
            return WorkTreeChange(name: name, kind: kind)
        }
    }

    /// The id that git would give to the file, with whatever its settings do to a file's content.
    func filteredID(_ name: [UInt8]) -> GitID? {
        var oid = git_oid()
        let path = workTree / name
        let code = path.withCString { path in
            Path(name).withCString {
                git_repository_hashfile(&oid, pointer, path, GIT_OBJECT_BLOB, $0)
            }
        }
        // What cannot be read is not what was staged.
        return code == 0 ? GitID(oid) : nil
    }
}
