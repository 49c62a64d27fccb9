import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct MergeTableTests {
    @Test func `every pair of changes comes out as documented, with both values kept`() throws {
        var failed: [String] = []
        for item in MergeTable.cases {
            let box = try MergeBox(item.base)
            let sides = [("ours", item.ours), ("theirs", item.theirs)]
            for (name, edits) in item.oursIsNewer ? sides.reversed() : sides {
                try box.branch(name, edits)
            }
            let plan = try box.plan()
            let after = try box.files("ours", after: plan)
            let told = plan.outcomes.map(\.line)
            let wanted = MergeBox.secrets(try box.files("ours"))
                .union(MergeBox.secrets(try box.files("theirs")))
                .subtracting(["one"])
            let isKept = wanted.isSubset(of: MergeBox.secrets(after))
            #expect(MergeBox.lines(after) == item.after, "\(item.name)")
            #expect(told == item.told, "\(item.name)")
            #expect(isKept, "\(item.name)")
            let predicted = try box.plan(predicting: true)
            #expect(predicted.outcomes == plan.outcomes, "\(item.name)")
            #expect(predicted.paths == plan.paths, "\(item.name)")
            if MergeBox.lines(after) != item.after || told != item.told || !isKept {
                failed.append(item.name)
            }
        }
        let count = MergeTable.cases.count
        print("merge: \(count - failed.count) of \(count)")
        #expect(count == 37)
    }
}

extension MergeOutcome {
    /// What is told of it, for tables.
    var line: String {
        let what: String =
            switch kind {
            case .came: "came"
            case .changed: "changed"
            case .removed: "removed"
            case .renamed(let old): "renamed from \(old.repaired)"
            case .merged: "merged"
            case .mergedUnderNewName(let old): "under its new name, was \(old.repaired)"
            case .conflict(_, let parts):
                "conflict in \(parts.map(\.word).joined(separator: ", "))"
            case .keptBoth(_, let reason): "kept both, \(reason.bytes.text)"
            case .removalUndone(let side): "stays, removed by \(side)"
            case .renamedApart(let ours, let theirs):
                "renamed apart, \(ours.repaired) and \(theirs.repaired)"
            case .twin(let other): "twin of \(other.repaired)"
            case .unsigned: "unsigned"
            case .overruled: "overruled"
            }
        return "\(name.repaired): \(what)"
    }
}

extension EntryPart {
    fileprivate var word: String {
        switch self {
        case .secret: "secret"
        case .field(let key): key.bytes.text
        case .otpauth: "otpauth"
        case .text: "text"
        }
    }
}
