import PasselCore
import PasselGit
import PasselStore

// The words of a status, which are the same on the screen and in JSON.

/// How long something is ago.
enum Ago {
    /// In the largest unit that fits: `5 minutes ago`.
    static func text(_ second: Int64, now: Int64) -> Text {
        let seconds = now - second
        // The clock of the machine may have been set back.
        guard seconds >= 60 else { return "just now" }
        for (unit, length) in [("day", Int64(86_400)), ("hour", 3600), ("minute", 60)] {
            let count = seconds / length
            if count > 0 { return "\(count) \(unit)\(count == 1 ? "" : "s") ago" }
        }
        return "just now"
    }
}

extension GitOperation {
    /// What git calls it.
    var word: Text {
        switch self {
        case .merge: "merge"
        case .rebase: "rebase"
        case .cherryPick: "cherry-pick"
        case .revert: "revert"
        case .bisect: "bisect"
        }
    }
}

extension WorkTreeChange.Kind {
    /// In a word.
    var word: Text {
        switch self {
        case .conflicted: "conflicted"
        case .modified: "modified"
        case .removed: "removed"
        case .untracked: "untracked"
        case .staged: "staged"
        }
    }
}

extension StoreStatus {
    /// Everything.
    var json: JSON {
        [
            "attention": .bool(needsAttention),
            "repository": .bool(isRepository),
            "branch": .text(branch),
            "operation": .text(operation?.word),
            "remotes": .array(remotes.map(\.json)),
            "autosync_problem": .text(backgroundProblem?.message),
            "uncommitted": .array(
                uncommitted.map {
                    ["file": .path($0.name), "state": .string($0.kind.word)]
                }),
            "conflicts": .array(conflicts.map { ["entry": .path($0)] }),
            "reviews": .array(
                reviews.map { ["folder": .path($0.folder), "what": .string($0.what)] }),
            "requests": .array(
                requests.map { ["fingerprint": .string(Text($0.bytes))] }),
            "keys": .array(
                keys.map { key in
                    .object(
                        key.key.members + [
                            JSON.Member("folders", .array(key.folders.map { .path($0) })),
                            JSON.Member("state", key.standing.json),
                            JSON.Member("until", key.standing.until),
                        ])
                }),
            "last_backup": backup?.made.map { .int($0) } ?? .null,
            "last_drill": backup?.drill.map { .int($0) } ?? .null,
            "checked": check.map { .int(Int64($0.checked)) } ?? .null,
            "drifted": .array(drifted.map { ["entry": .string($0.name)] }),
        ]
    }
}

extension StoreStatus.Remote {
    fileprivate var json: JSON {
        func number(_ value: Int64?) -> JSON { value.map { .int($0) } ?? .null }
        return [
            "name": .string(name),
            "policy": .string(Text(policy.rawValue.utf8)),
            "ahead": number(ahead.map(Int64.init)),
            "behind": number(behind.map(Int64.init)),
            "last_success": number(last.success),
            "last_failure": number(last.failure),
            "problem": .text(last.message),
        ]
    }
}

extension Standing {
    /// The day on which the key ends or ended, where it is known.
    fileprivate var until: JSON {
        switch self {
        case .ok(let end?), .expiring(let end), .expired(let end): .day(end)
        case .ended(let day): .string(day.spelling)
        default: .null
        }
    }
}
