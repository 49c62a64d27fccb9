/// What is different between two versions of an entry, part by part.
public struct EntryDifference: Sendable {
    /// A part that is different.
    public struct Change: Sendable {
        /// Which one; the same part can be changed in several places.
        public let part: EntryPart
        /// What it held: of a field the value, of text the lines; nothing when it was not there.
        public let old: Secret?
        /// What it holds.
        public let new: Secret?
    }

    /// What is different, in the order of the newer version; what is gone comes where it was.
    public let changes: [Change]
    /// Whether both hold the same, only otherwise spaced, ordered or ended.
    public let isOfFormOnly: Bool

    /// Compares two versions; nothing stands for an entry that is not there.
    public init(from old: Secret?, to new: Secret?) {
        let empty = EntryText(Secret(plain: ""))
        let before = old.map(EntryText.init)
        let after = new.map(EntryText.init)
        guard before?.isOpaque != true, after?.isOpaque != true else {
            changes = old == new ? [] : [Change(part: .secret, old: old, new: new)]
            isOfFormOnly = false
            return
        }
        let matching = UnitMatching(
            base: before, newer: after ?? empty, older: before ?? empty)
        let (side, _) = matching.sides()
        changes = Comparison(
            old: matching.base, new: side, hadSecret: before != nil, hasSecret: after != nil
        ).changes()
        isOfFormOnly = changes.isEmpty && old != new
    }
}

/// The walk over two versions whose parts are matched.
private struct Comparison {
    let old: NumberedText
    let new: NumberedText
    let hadSecret: Bool
    let hasSecret: Bool
    private var found: [EntryDifference.Change] = []

    init(old: NumberedText, new: NumberedText, hadSecret: Bool, hasSecret: Bool) {
        (self.old, self.new) = (old, new)
        (self.hadSecret, self.hasSecret) = (hadSecret, hasSecret)
    }

    func changes() -> [EntryDifference.Change] {
        var walk = self
        walk.compareSecrets()
        var start = (old: 1, new: 1)
        let anchors = new.kept.sorted().dropFirst().map(Optional.init) + [nil]
        for anchor in anchors {
            let end = (
                old: anchor ?? old.numbers.count,
                new: anchor.flatMap { new.places[$0] } ?? new.numbers.count
            )
            walk.compare(start.old..<end.old, start.new..<end.new)
            if anchor != nil { walk.compareField(at: end.new) }
            start = (end.old + 1, end.new + 1)
        }
        return walk.found
    }

    private mutating func compareSecrets() {
        let before = hadSecret ? old.text.value(of: old.text.units[0]) : nil
        let after = hasSecret ? new.text.value(of: new.text.units[0]) : nil
        if before != after { found.append(.init(part: .secret, old: before, new: after)) }
    }

    private mutating func compare(_ gone: Range<Int>, _ come: Range<Int>) {
        for place in gone where old.text.units[place].kind != .text {
            guard new.places[place] == nil else { continue }
            let unit = old.text.units[place]
            found.append(
                .init(part: old.text.part(of: unit), old: old.text.value(of: unit), new: nil))
        }
        for place in come { compareField(at: place) }
        let before = texts(old, gone)
        let after = texts(new, come)
        if before != after { found.append(.init(part: .text, old: before, new: after)) }
    }

    /// Compares what is at a place of the new version with what it was.
    private mutating func compareField(at place: Int) {
        let unit = new.text.units[place]
        guard unit.kind != .text else { return }
        let value = new.text.value(of: unit)
        let before = old.unit(new.numbers[place]).map(old.text.value)
        if before != value {
            found.append(.init(part: new.text.part(of: unit), old: before, new: value))
        }
    }

    /// The lines of text there, in one; nothing when there are none.
    private func texts(_ side: NumberedText, _ range: Range<Int>) -> Secret? {
        let pieces = range.map { side.text.units[$0] }.filter { $0.kind == .text }.map {
            Piece(side.text, $0, end: .lf)
        }
        return pieces.isEmpty ? nil : Secret(assembling: pieces, endsInNewline: false)
    }
}
