import PasselCore
import PasselGit
import PasselPosix

extension Fsck {
    /// A version that a file got in some commit.
    private struct Version {
        let commit: String
        let name: [UInt8]
        let id: GitID
    }

    /// What files became in the commits of the present branch, or of everything that leads to any;
    /// the newest first.
    ///
    /// One walk for all of them. Where the history cannot be read any further it ends.
    private func versions(
        of files: [[UInt8]], everywhere: Bool, _ place: Path, _ git: GitTool
    ) -> [Version] {
        var output: [UInt8] = []
        let paths = files.filter { !$0.contains(.newline) }
            .flatMap { Array(":(literal,top)".utf8) + $0 + [.newline] }
        // What was written until it failed is good.
        try? git.run(
            [
                "log", "-z", "--format=%H", "--raw", "--no-abbrev", "--no-renames", "-m",
            ] + (everywhere ? ["--all"] : ["--first-parent"]) + ["--stdin"], in: place,
            failure: "", input: Array("HEAD\n--\n".utf8) + paths
        ) { output += $0 }
        var versions: [Version] = []
        var commit = ""
        var words = output.split(separator: 0)[...]
        while let word = words.popFirst() {
            let word = word.drop { $0 == .newline }
            guard word.first == 0x3A else {
                commit = String(decoding: word, as: UTF8.self)
                continue
            }
            // Modes and ids, old and new, a letter; then the name.
            let parts = word.split(separator: 0x20)
            guard let name = words.popFirst() else { break }
            guard parts.count > 4, let id = GitID(hex: parts[3]),
                !parts[3].allSatisfy({ $0 == 0x30 })
            else { continue }
            versions.append(Version(commit: commit, name: Array(name), id: id))
        }
        return versions
    }

    /// The newest commit in which each of these entries was a whole message, and what it was then.
    func newestGood(_ names: [[UInt8]]) -> [[UInt8]: (commit: String, id: GitID)] {
        guard let git, let repository, !names.isEmpty else { return [:] }
        let prefix = store.prefix(in: repository)
        var candidates: [[UInt8]: ArraySlice<Version>] = [:]
        for version in versions(
            of: names.map { prefix + $0 }, everywhere: false, repository.workTree, git)
        where version.name.starts(with: prefix) {
            candidates[Array(version.name.dropFirst(prefix.count)), default: []].append(version)
        }
        var good: [[UInt8]: (commit: String, id: GitID)] = [:]
        while !candidates.isEmpty {
            let next = candidates.compactMapValues(\.first)
            let whole = wholeMessages(Set(next.values.map(\.id)), repository.workTree, git)
            for (name, version) in next {
                if whole.contains(version.id) {
                    good[name] = (version.commit, version.id)
                    candidates[name] = nil
                } else {
                    candidates[name]?.removeFirst()
                    if candidates[name]?.isEmpty == true { candidates[name] = nil }
                }
            }
        }
        return good
    }

    /// Those of some objects that can be read and are whole messages.
    private func wholeMessages(_ ids: Set<GitID>, _ place: Path, _ git: GitTool) -> Set<GitID> {
        var whole: Set<GitID> = []
        var rest = ids.sorted { $0.hex < $1.hex }[...]
        while !rest.isEmpty {
            var reading = BatchReading()
            // It ends at an object that it cannot read: that one is passed over.
            try? git.run(
                ["cat-file", "--batch"], in: place, failure: "",
                input: rest.flatMap { Array("\($0.hex)\n".utf8) }
            ) { piece in
                reading.add(piece) { id, content in
                    if FilePolicy.flaw(of: content, .entry) == nil { whole.insert(id) }
                }
            }
            rest = rest.dropFirst(max(1, reading.answered))
        }
        return whole
    }

    /// What some objects are versions of.
    func names(of ids: Set<GitID>, _ place: Path, _ git: GitTool) -> [GitID: [UInt8]] {
        var names: [GitID: [UInt8]] = [:]
        for version in versions(of: [], everywhere: true, place, git)
        where ids.contains(version.id) && names[version.id] == nil {
            names[version.id] = version.name
        }
        return names
    }
}

/// What `git cat-file --batch` answers, as it arrives: `ID TYPE SIZE`, the content and a line feed,
/// or `ID missing`.
struct BatchReading {
    private var bytes: [UInt8] = []
    /// How many objects it has answered for, there or not.
    private(set) var answered = 0

    /// Takes in a piece; `found` gets every object that is complete.
    mutating func add(
        _ piece: UnsafeRawBufferPointer, _ found: (GitID, [UInt8]) throws -> Void
    ) rethrows {
        bytes += piece
        var start = 0
        while let end = bytes[start...].firstIndex(of: .newline) {
            let words = bytes[start..<end].split(separator: 0x20)
            guard words.count == 3, let id = GitID(hex: words[0]),
                let size = Int(String(decoding: words[2], as: UTF8.self))
            else {
                answered += 1
                start = end + 1
                continue
            }
            guard bytes.count > end + 1 + size else { break }
            try found(id, Array(bytes[(end + 1)..<(end + 1 + size)]))
            answered += 1
            start = end + size + 2
        }
        bytes.removeFirst(start)
    }
}
