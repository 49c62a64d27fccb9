import PasselCore

/// What must be true of the merge of any three entries, checked against their plain lines.
struct MergeLaws {
    let base: String?
    let newer: String
    let older: String

    /// The laws that are broken.
    func broken() -> [String] {
        let first = EntryMerge.merging(
            base: secret(base), ours: Secret(plain: newer), theirs: Secret(plain: older),
            newer: .ours)
        let second = EntryMerge.merging(
            base: secret(base), ours: Secret(plain: older), theirs: Secret(plain: newer),
            newer: .theirs)
        let merged = plain(first.merged)
        var broken: [String] = []
        func check(_ law: String, _ holds: Bool) { if !holds { broken.append(law) } }

        check("swapped sides", first.merged == second.merged && first.conflicts == second.conflicts)
        check("origin", first.origin == (merged == newer ? .ours : merged == older ? .theirs : nil))
        if newer == older || older == base { check("identity", merged == newer) }
        if newer == base { check("identity", merged == older) }
        check("each conflict once", Set(first.conflicts).count == first.conflicts.count)
        checkLines(merged, first.conflicts, check)
        checkSecret(merged, first.conflicts, check)
        if let fields = FieldOracle(base ?? "", newer, older, hasBase: base != nil) {
            check("fields", fields.merged == FieldOracle.fields(merged))
            let found = first.conflicts.compactMap { part -> String? in
                guard case .field(let key) = part else { return nil }
                return "\(key)".lowercased()
            }
            check("conflicts of fields", Set(found) == fields.conflicts)
        }
        return broken
    }

    private func checkLines(
        _ merged: String, _ conflicts: [EntryPart], _ check: (String, Bool) -> Void
    ) {
        // Keys are the same in either case of letters.
        let (old, new) = (Multiset(lines(base ?? "")), Multiset(lines(newer)))
        let (other, result) = (Multiset(lines(older)), Multiset(lines(merged)))
        for line in Set(old.counts.keys).union(result.counts.keys).union(other.counts.keys) {
            let (b, n, o, m) = (old[line], new[line], other[line], result[line])
            check("nothing is invented", m <= n + o)
            let isCovered = conflicts.contains { covers($0, line) }
            check("what all have stays", n + o - b < 1 || b == 0 || m > 0 || isCovered)
            check("what is gone on both sides is gone", n + o > 0 || m == 0)
            check("the newer side's changes are there", n == 0 || b > 0 || m > 0)
            let isLost = o > 0 && b == 0 && m == 0
            check(
                "the older side's changes are there or in conflict",
                !isLost || isCovered)
        }
    }

    private func covers(_ part: EntryPart, _ line: String) -> Bool {
        switch part {
        case .secret: line == lines(older)[0].lowercased()
        case .field(let key): line.hasPrefix("\(key):".lowercased()) || line.hasPrefix(" ")
        case .otpauth: line.hasPrefix("otpauth:")
        case .text: true
        }
    }

    private func checkSecret(
        _ merged: String, _ conflicts: [EntryPart], _ check: (String, Bool) -> Void
    ) {
        let old = base.map { lines($0)[0] }
        let (new, other) = (lines(newer)[0], lines(older)[0])
        let expected = new == old ? other : new
        check("secret", lines(merged)[0] == expected)
        let isConflict = new != other && new != old && other != old
        check("conflict of the secret", conflicts.contains(.secret) == isConflict)
    }

    private func secret(_ text: String?) -> Secret? { text.map { Secret(plain: $0) } }

    private func plain(_ secret: Secret) -> String {
        secret.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func lines(_ text: String) -> [String] {
        Array(text.utf8).split(separator: 10, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
        }
    }
}

private struct Multiset {
    private(set) var counts: [String: Int] = [:]

    init(_ lines: [String]) {
        for line in lines { counts[line.lowercased(), default: 0] += 1 }
    }

    subscript(_ line: String) -> Int { counts[line] ?? 0 }
}

/// The merge of fields as a table of keys, for entries that have each key at most once.
struct FieldOracle {
    private(set) var merged: [String: String] = [:]
    private(set) var conflicts: Set<String> = []

    /// Nothing where a key is there twice, or a value has more than one line.
    init?(_ base: String, _ newer: String, _ older: String, hasBase: Bool) {
        guard let old = Self.fields(base), let new = Self.fields(newer),
            let other = Self.fields(older)
        else { return nil }
        for key in Set(old.keys).union(new.keys).union(other.keys) {
            switch (old[key], new[key], other[key]) {
            case (let b, let n?, let o?):
                merged[key] = n == b ? o : n
                if n != b, o != b, n != o { conflicts.insert(key) }
            case (let b?, let n?, nil): if n != b { merged[key] = n }
            case (let b?, nil, let o?): if o != b { merged[key] = o }
            case (nil, let n?, nil): merged[key] = n
            case (nil, nil, let o?): merged[key] = o
            case (_, nil, nil): break
            }
        }
    }

    static func fields(_ text: String) -> [String: String]? {
        var result: [String: String] = [:]
        for line in Array(text.utf8).split(separator: 10, omittingEmptySubsequences: false)
            .dropFirst()
        {
            guard line.first != 32 else { return nil }
            guard let colon = line.firstIndex(of: 58), colon > line.startIndex,
                line[line.startIndex] > 32,
                line[(colon + 1)...].first.map({ $0 <= 32 }) != false
            else { continue }
            let key = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            guard result[key] == nil else { return nil }
            let value = line[(colon + 1)...].drop { $0 <= 32 }
            result[key] = String(
                decoding: value.last == 13 ? value.dropLast() : value, as: UTF8.self)
        }
        return result
    }
}
