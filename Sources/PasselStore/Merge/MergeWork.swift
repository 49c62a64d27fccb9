import PasselCore
import PasselGit

/// One merge under way: what was decided so far for the names that either side changed.
final class MergeWork {
    /// What a name has afterwards.
    enum Content {
        /// What git has already.
        case leaf(GitLeaf)
        /// A file that the merge made.
        case made([UInt8])
        case nothing
    }

    let merge: StoreMerge
    let sides: MergeSides
    let predicting: Bool
    /// The merge's own reading of messages.
    let texts: MergeTexts
    let readers: MergeReaders
    var decided: [[UInt8]: Content] = [:]
    var outcomes: [MergeOutcome] = []

    var store: Store { merge.store }
    var repository: GitRepository { merge.repository }

    init(of merge: StoreMerge, base: GitID?, predicting: Bool) throws {
        self.merge = merge
        self.predicting = predicting
        sides = try MergeSides(of: merge, base: base)
        texts = MergeTexts(merge)
        readers = try MergeReaders(merge, prefix: sides.prefix, texts, base: base)
    }

    /// Everything as they have it.
    func takeAll() {
        for (name, three) in sides.changed { decided[name] = content(three.theirs) }
        tellTaken(sides.changed)
    }

    /// Every name by its rule.
    func mergeAll() throws {
        var both: [[UInt8]: MergeSides.Three] = [:]
        var taken: [[UInt8]: MergeSides.Three] = [:]
        for (name, three) in sides.changed {
            if sides.kind(name) == .event {
                // Whatever either side has stays; where both have it, ours is what it was.
                decided[name] = content(three.ours ?? three.theirs)
            } else if three.ours == nil, three.theirs == nil, sides.kind(name) == .entry {
                // Perhaps it was renamed.
                both[name] = three
            } else if three.ours == three.theirs || !three.isChanged(by: .theirs) {
                decided[name] = content(three.ours)
            } else if !three.isChanged(by: .ours) {
                decided[name] = content(three.theirs)
                taken[name] = three
            } else {
                both[name] = three
            }
        }
        for (name, three) in both where sides.kind(name) == .outside {
            guard three.ours == three.theirs else { throw outside(name) }
        }
        try mergeEntries(both, &taken)
        try mergeTeam(both, &taken)
        try mergeFiles(both)
        tellTaken(taken)
        tellTwins(taken)
        dropCopies()
        try separateFilesFromFolders()
    }

    func content(_ leaf: GitLeaf?) -> Content { leaf.map { .leaf($0) } ?? .nothing }

    /// What git has of what is under a name that one of the sides changed.
    func leafNow(_ name: [UInt8]) -> GitLeaf? {
        switch decided[name] {
        case .leaf(let leaf): leaf
        case .made, .nothing: nil
        case nil: sides.changed[name]?.ours
        }
    }

    /// The id of what is under such a name, git may have it or not.
    private func idNow(_ name: [UInt8]) -> GitID? {
        if case .made(let content) = decided[name] { return GitID(ofFile: content) }
        return leafNow(name)?.id
    }

    func tell(_ name: [UInt8], _ kind: MergeOutcome.Kind) {
        guard let subject = sides.kind(name).subject else { return }
        outcomes.append(MergeOutcome(shown(name), subject, kind))
    }

    /// A name as people know it: an entry without its suffix, a list by its folder.
    func shown(_ name: [UInt8]) -> Path {
        guard let path = sides.path(name) else { return Path(name) }
        switch sides.kind(name) {
        case .entry: return Path(path.bytes.dropLast(EntryName.suffix.utf8.count))
        case .list: return path.parent
        default: return path
        }
    }

    private func outside(_ name: [UInt8]) -> Problem {
        Problem(
            "\(Path(name)) lies outside of the store, in the same repository, and both sides changed it",
            hints: ["merge it with git: git -C \(repository.workTree) merge \(merge.label)"])
    }

    // MARK: - What only they did

    /// Tells what came, renames as such where the content is the same.
    private func tellTaken(_ taken: [[UInt8]: MergeSides.Three]) {
        var removed: [GitID: [[UInt8]]] = [:]
        for (name, three) in taken where three.theirs == nil && sides.kind(name) == .entry {
            if let leaf = three.ours { removed[leaf.id, default: []].append(name) }
        }
        for id in removed.keys { removed[id]?.sort { $1.precedes($0) } }
        var renamed: Set<[UInt8]> = []
        for (name, three) in taken.sorted(by: { $0.key.precedes($1.key) }) where three.ours == nil {
            guard let leaf = three.theirs, sides.kind(name) == .entry,
                let old = removed[leaf.id]?.popLast()
            else { continue }
            renamed.formUnion([old, name])
            tell(name, .renamed(from: shown(old)))
        }
        for (name, three) in taken where !renamed.contains(name) {
            tell(name, three.theirs == nil ? .removed : three.ours == nil ? .came : .changed)
        }
    }

    /// Tells names that both added and that a file system might not tell apart.
    private func tellTwins(_ taken: [[UInt8]: MergeSides.Three]) {
        var own: [[UInt8]: [UInt8]] = [:]
        for (name, three) in sides.changed where three.base == nil && three.ours != nil {
            own[name.map(\.asciiLowercased)] = name
        }
        for (name, three) in taken where three.base == nil && three.theirs != nil {
            if let other = own[name.map(\.asciiLowercased)], other != name {
                tell(name, .twin(of: shown(other)))
            }
        }
    }

    // MARK: - Names that exclude each other

    /// Where one side has a file and the other a folder of its name, the folder stays and the file
    /// gets another name.
    private func separateFilesFromFolders() throws {
        let present = decided.filter { if case .nothing = $0.value { false } else { true } }
        var displaced: Set<[UInt8]> = []
        for name in present.keys {
            for (index, byte) in name.enumerated() where byte == .slash {
                let above = Array(name[..<index])
                if present[above] != nil { displaced.insert(above) }
            }
        }
        for name in displaced.sorted(by: { $0.precedes($1) }) {
            guard let id = idNow(name), let content = decided[name] else { continue }
            let kept = try keep(content, id: id, of: name)
            decided[name] = .nothing
            tell(name, .keptBoth(kept: shown(kept), reason: "a folder has its name"))
        }
    }

    // MARK: - Copies that are kept

    /// Puts the other version of a name beside it, and returns where.
    func keep(_ content: Content, id: GitID, of name: [UInt8]) throws -> [UInt8] {
        let isEntry = sides.kind(name) == .entry
        let suffix = isEntry ? EntryName.suffix.utf8.count : 0
        let original = Path(name.dropLast(suffix))
        // Another version can begin with the same digits, and a copy can have been edited.
        for number in 0..<32 {
            let digits = Array(id.hex.utf8)
            let rotated = String(decoding: digits[number...] + digits[..<number], as: UTF8.self)
            var kept = ConflictName(of: original, id: rotated).name.bytes
            if isEntry { kept += EntryName.suffix.utf8 }
            let there = try decided[kept] == nil ? repository.leaf(at: kept, in: merge.ours) : nil
            let now = there?.id ?? idNow(kept)
            guard now == nil || now == id else { continue }
            if now == nil || decided[kept] != nil { decided[kept] = content }
            return kept
        }
        throw Problem("there is no free name for the other version of \(shown(name))")
    }

    /// Copies of what stands itself, as two people make who resolve the same conflict at once, go.
    private func dropCopies() {
        for (name, content) in decided {
            guard case .leaf(let copy) = content else { continue }
            let isEntry = name.ends(with: EntryName.suffix)
            let suffix = isEntry ? EntryName.suffix.utf8.count : 0
            guard let (original, _) = ConflictName.parse(Path(name.dropLast(suffix))) else {
                continue
            }
            let standing = original.bytes + (isEntry ? Array(EntryName.suffix.utf8) : [])
            guard leafNow(standing) == copy else { continue }
            decided[name] = .nothing
        }
    }

    // MARK: - The end

    /// The steps from our commit to what was decided.
    func finish(_ plan: inout MergePlan) throws {
        var writes: [FileChange] = []
        for (name, content) in decided.sorted(by: { $0.key.precedes($1.key) }) {
            let place = repository.workTree / Path(name)
            let path = sides.path(name).map { store.path($0) } ?? place
            let ours: GitLeaf?
            if let three = sides.changed[name] {
                ours = three.ours
            } else {
                ours = try repository.leaf(at: name, in: merge.ours)
            }
            switch content {
            case .nothing:
                if ours != nil { plan.steps.append(.remove(path)) }
            case .made(let bytes):
                guard predicting || ours?.id != GitID(ofFile: bytes) else { continue }
                writes.append(.write(path, bytes, mode: .kept))
            case .leaf(let leaf):
                guard ours != leaf else { continue }
                switch leaf.kind {
                case .file, .executable:
                    writes.append(
                        .write(path, try repository.content(of: leaf.id), mode: .kept))
                case .link:
                    writes.append(.link(path, target: try repository.content(of: leaf.id)))
                case .submodule:
                    throw Problem(
                        "\(shown(name)) is a repository of its own, which cannot be taken over",
                        hints: ["see what it is: passel git log \(theirsHex) -- \(Path(name))"])
                }
            }
        }
        plan.steps += writes
        plan.outcomes = outcomes.sorted {
            ($0.name.bytes, $0.subject.rawValue) != ($1.name.bytes, $1.subject.rawValue)
                && $0.name.bytes.precedes($1.name.bytes)
        }
        plan.listsToReview = try foldersToReview(plan.steps)
    }

    private var theirsHex: Text { Text(merge.theirs.hex.prefix(12).utf8) }

    /// Folders whose lists are about to be others than what was acknowledged.
    private func foldersToReview(_ steps: [FileChange]) throws -> [Path] {
        guard let pins = try store.storedPins?.load(settling: false) else { return [] }
        var folders: Set<Path> = []
        for step in steps {
            guard let relative = step.path.relative(to: store.root) else { continue }
            let content: [UInt8]? = if case .write(_, let bytes, _) = step { bytes } else { nil }
            if relative == Roster.file {
                if content != pins.roster?.content { folders.insert(Roster.top) }
            } else if relative.isList {
                let folder = relative.parent
                if content != pins.lists[folder] { folders.insert(folder) }
            }
        }
        return folders.sorted { $0.bytes.precedes($1.bytes) }
    }
}
