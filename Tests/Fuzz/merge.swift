/// Whatever three versions of an entry, or of a list of recipients, hold: no trap, the same result
/// from either side, nothing that neither side has, and nothing lost but in a conflict.
func fuzzMerge(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let parts = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        .map(Array.init)
    guard parts.count == 3 else { return 0 }
    for part in parts { checkEntry(part) }
    checkMerge(parts[0], parts[1], parts[2])
    checkMerge(nil, parts[1], parts[2])
    checkLists(parts[0], parts[1], parts[2])
    return 0
}

private func secret(_ bytes: [UInt8]) -> Secret { bytes.withUnsafeBytes { Secret(copying: $0) } }

private func checkEntry(_ bytes: [UInt8]) {
    let entry = EntryText(secret(bytes))
    precondition(entry.assembled == entry.source)
    precondition(EntryDifference(from: entry.source, to: entry.source).changes.isEmpty)
    for unit in entry.units {
        guard case .field(let key) = entry.part(of: unit) else { continue }
        precondition(!key.bytes.isEmpty && !entry.fields(key).isEmpty)
        precondition(entry.replacing(key, byThoseOf: entry).count == bytes.count)
    }
}

private func checkMerge(_ base: [UInt8]?, _ newer: [UInt8], _ older: [UInt8]) {
    let (new, other) = (secret(newer), secret(older))
    let merge = EntryMerge.merging(
        base: base.map(secret), ours: new, theirs: other, newer: .ours)
    let swapped = EntryMerge.merging(
        base: base.map(secret), ours: other, theirs: new, newer: .theirs)
    precondition(merge.merged == swapped.merged && merge.conflicts == swapped.conflicts)
    if newer == older || older == base { precondition(merge.merged == new) }
    if newer == base { precondition(merge.merged == other) }
    let result = lines(merge.merged.withBytes { Array($0) })
    let (here, there) = (lines(newer), lines(older))
    precondition(result.isSubset(of: here.union(there)))
    let lost = there.subtracting(lines(base ?? [])).subtracting(result)
    // A field may only have been spelled in another way.
    let isForm = lost.allSatisfy { $0.contains(UInt8(ascii: ":")) || $0.first?.isBlank == true }
    precondition(lost.isEmpty || !merge.conflicts.isEmpty || isForm)
}

/// The lines without line ends and CRs before them: a last line may end in a CR of its own, and get
/// the other side's line end behind it.
private func lines(_ bytes: [UInt8]) -> Set<[UInt8]> {
    Set(
        bytes.split(separator: .newline, omittingEmptySubsequences: false).map { line in
            let end = line.lastIndex { $0 != .carriageReturn }.map { $0 + 1 }
            return Array(line[..<(end ?? line.startIndex)])
        } + [[]])
}

private func checkLists(_ base: [UInt8], _ ours: [UInt8], _ theirs: [UInt8]) {
    let merged = ListMerge.merging(base: base, ours: ours, theirs: theirs)
    precondition(merged == ListMerge.merging(base: base, ours: theirs, theirs: ours))
    precondition(ListMerge.merging(base: base, ours: base, theirs: theirs) == theirs)
    // What is refused has no recipients to compare.
    func people(_ list: [UInt8]) -> Set<Recipient>? {
        (try? RecipientList(list, path: "l")).map { Set($0.recipients) }
    }
    guard let old = people(base), let here = people(ours), let there = people(theirs),
        let after = people(merged ?? [])
    else { return }
    let isAsked = ours != base && theirs != base && ours != theirs
    precondition(!isAsked || after.isDisjoint(with: old.subtracting(here.intersection(there))))
    precondition(
        !isAsked || here.subtracting(old).union(there.subtracting(old)).isSubset(of: after))
}
