/// The three-way merge of a recipient list, as a set of recipients.
public enum ListMerge {
    /// The list after both sides changed it: removals win, additions of both unite.
    ///
    /// Nothing stands for no file. A list that one side removed and the other changed stays, without
    /// whom the other removed. The result does not depend on which side is ours: what was there
    /// keeps its order, what was added follows, sorted. Nobody may be left; such a list lets nobody
    /// write.
    public static func merging(
        base: [UInt8]?, ours: [UInt8]?, theirs: [UInt8]?
    ) -> [UInt8]? {
        if ours == theirs || theirs == base { return ours }
        if ours == base { return theirs }
        guard let ours else { return theirs }
        guard let theirs else { return ours }

        let old = lines(base ?? [])
        let (here, there) = (known(lines(ours)), known(lines(theirs)))
        let before = known(old)
        var result: [[UInt8]] = []
        for line in old {
            guard let mine = here[line.id], let other = there[line.id] else { continue }
            let changed = mine == line.bytes ? other : mine
            result.append(mine != line.bytes && other != line.bytes ? lower(mine, other) : changed)
        }
        let added = here.merging(there, uniquingKeysWith: lower).filter { before[$0.key] == nil }
        result += added.values.sorted { $0.precedes($1) }
        return result.flatMap { $0 + [.newline] }
    }

    private struct Line {
        /// Whom it names; of a line that names nobody, such as a comment, all of it.
        let id: [UInt8]
        let bytes: [UInt8]
    }

    private static func lines(_ content: [UInt8]) -> [Line] {
        var seen: Set<[UInt8]> = []
        return content.split(separator: .newline).compactMap { line in
            var line = line
            if line.last == .carriageReturn { line = line.dropLast() }
            let name = line.prefix { $0 != UInt8(ascii: "#") }.trimmingBlanks
            let id = name.isEmpty ? Array(line) : name
            return seen.insert(id).inserted ? Line(id: id, bytes: Array(line)) : nil
        }
    }

    private static func known(_ lines: [Line]) -> [[UInt8]: [UInt8]] {
        Dictionary(lines.map { ($0.id, $0.bytes) }, uniquingKeysWith: { first, _ in first })
    }

    private static func lower(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        left.precedes(right) ? left : right
    }
}
