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
        case .flaw(let flaw): return violation(flaw.name, flaw.rule, flaw.text)
        case .leaf(let change):
            // What was taken out of the log and put back in a later commit is there.
            if commit == nil, let old = change.old, change.new != old,
                FilePolicy.kind(of: change.name) == .event
            {
                return violation(
                    change.name, .log,
                    change.new == nil
                        ? "it is gone from the security log" : "it is another event now")
            }
            // What else goes away does no harm.
            return change.new.flatMap { judge(change.name, $0) }
        }
    }

    private func violation(
        _ name: [UInt8], _ rule: GateRule, _ text: Text
    ) -> GateReport.Violation {
        GateReport.Violation(name: Path(name), rule: rule, text: text, commit: commit)
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
            guard [.entry, .event, .attributes].contains(kind) else {
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
