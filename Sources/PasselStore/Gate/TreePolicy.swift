import PasselCore
import PasselGit

/// Judges what commits from elsewhere have otherwise than what they are compared with.
struct TreePolicy {
    let objects: ForeignObjects
    /// The commit that it is about; nothing for the head.
    let commit: GitID?
    /// Files that were looked at as what they are.
    private var seen: Set<GitID> = []

    init(objects: ForeignObjects, commit: GitID?) {
        self.objects = objects
        self.commit = commit
    }

    /// What is wrong, if something is.
    mutating func judge(_ finding: ForeignTrees.Finding) throws -> GateReport.Violation? {
        switch finding {
        case .flaw(let flaw): return violation(flaw.folder, flaw.rule, flaw.text)
        case .folder(let name): return judge(name: name, isKnown: false)
        case .leaf(let change):
            // What goes away does no harm.
            guard let new = change.new else { return nil }
            return judge(name: change.name, isKnown: change.old != nil)
                ?? judge(change.name, new)
        }
    }

    private func violation(
        _ name: [UInt8], _ rule: GateRule, _ text: Text
    ) -> GateReport.Violation {
        GateReport.Violation(name: Path(name), rule: rule, text: text, commit: commit)
    }

    /// The last part; those before it have been judged as folders.
    private func judge(name: [UInt8], isKnown: Bool) -> GateReport.Violation? {
        let start = name.lastIndex(of: .slash).map { $0 + 1 } ?? 0
        if let flaw = NamePolicy.flaw(ofPart: name[start...]) {
            // A name that is merely odd, and that we have too, stays usable.
            guard !isKnown || flaw.rule != .name else { return nil }
            return violation(name, flaw.rule, "the name is not allowed: \(flaw.text)")
        }
        guard name.count <= NamePolicy.nameLimit else {
            return violation(
                name, .name, "the name is longer than \(NamePolicy.nameLimit) bytes")
        }
        return nil
    }

    private mutating func judge(_ name: [UInt8], _ leaf: GitLeaf) -> GateReport.Violation? {
        switch leaf.kind {
        case .link: return violation(name, .link, "it is a symbolic link")
        case .submodule: return violation(name, .submodule, "it is a submodule")
        case .executable: return violation(name, .executable, "it is executable")
        case .file: break
        }
        let kind = FilePolicy.kind(of: name)
        if kind == .extension {
            return violation(name, .extension, "pass would run it as a program")
        }
        if kind == .entry, seen.contains(leaf.id) { return nil }
        do throws(ForeignObjects.Flaw) {
            let limit = FilePolicy.sizeLimit(of: kind)
            // Its text says nothing that would be looked at here.
            guard kind == .entry || kind == .attributes else {
                guard try objects.size(of: leaf.id, .file) <= limit else {
                    throw .tooLarge(limit: limit)
                }
                return nil
            }
            let content = try objects.content(of: leaf.id, .file, limit: limit)
            guard let flaw = FilePolicy.flaw(of: content, kind) else {
                if kind == .entry { seen.insert(leaf.id) }
                return nil
            }
            return violation(name, flaw.rule, flaw.text)
        } catch {
            var rule = GateRule.object
            if case .tooLarge = error { rule = .size }
            return violation(name, rule, error.description)
        }
    }
}
