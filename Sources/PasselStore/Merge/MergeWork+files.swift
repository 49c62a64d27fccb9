import PasselCore
import PasselGit

extension MergeWork {
    /// Every other file that both changed: what lies in the store's own folder by its own rule, the
    /// rest so that both versions are there.
    func mergeFiles(_ both: [[UInt8]: MergeSides.Three]) throws {
        for (name, three) in both.sorted(by: { $0.key.precedes($1.key) }) {
            guard decided[name] == nil else { continue }
            guard three.ours != three.theirs else {
                decided[name] = content(three.ours)
                continue
            }
            guard let ours = three.ours, let theirs = three.theirs else {
                decided[name] = content(three.ours ?? three.theirs)
                tell(name, .removalUndone(by: three.ours == nil ? .ours : .theirs))
                continue
            }
            switch sides.kind(name) {
            case .request: try mergeRequest(name, three)
            case .offboarding: try mergeOffboarding(name, ours, theirs)
            default: try keepBoth(name, ours, theirs, "both sides changed it")
            }
        }
    }

    private func keepBoth(
        _ name: [UInt8], _ ours: GitLeaf, _ theirs: GitLeaf, _ reason: Text
    ) throws {
        decided[name] = content(ours)
        let kept = try keep(.leaf(theirs), id: theirs.id, of: name)
        tell(name, .keptBoth(kept: shown(kept), reason: reason))
    }

    /// A request and its signature come from the side that asked last.
    private func mergeRequest(_ name: [UInt8], _ three: MergeSides.Three) throws {
        let isSignature = name.ends(with: ".sig")
        let request = isSignature ? Array(name.dropLast(".sig".utf8.count)) : name
        let times = try [merge.ours, merge.theirs].enumerated().map { index, side in
            try MergeHistory(
                of: side, notIn: [index == 0 ? merge.theirs : merge.ours], repository
            ).time(of: request)
        }
        decided[name] = content(times[0] >= times[1] ? three.ours : three.theirs)
    }

    /// What somebody could ever read: all of what both found.
    private func mergeOffboarding(_ name: [UInt8], _ ours: GitLeaf, _ theirs: GitLeaf) throws {
        let path = shown(name)
        // A list that is damaged is left to a person.
        guard
            var list = try? OffboardingList(repository.content(of: ours.id), path: path),
            let other = try? OffboardingList(repository.content(of: theirs.id), path: path),
            other.person == list.person
        else { return try keepBoth(name, ours, theirs, "one of them is damaged") }
        list.update(with: other.items, keyIDs: other.keyIDs)
        list.done.merge(other.done) { max($0, $1) }
        list.day = min(list.day, other.day)
        decided[name] = .made(list.content)
        tell(name, .merged)
    }
}
