/// The merge of the parts of three entries: what each is afterwards.
struct UnitMerge {
    private let base: EntryText?
    private let newer: NumberedText
    private let older: NumberedText
    private let matching: UnitMatching

    init(base: EntryText?, newer: EntryText, older: EntryText) {
        // A base that is no text has no parts in common with anything.
        self.base = base?.isOpaque == true ? nil : base
        matching = UnitMatching(base: self.base, newer: newer, older: older)
        (self.newer, self.older) = matching.sides()
    }

    func result() -> (Secret, [EntryPart]) {
        guard !newer.text.isOpaque, !older.text.isOpaque else {
            return (newer.text.source, [.secret, .text])
        }
        let order = UnitOrder(base: matching.base, newer: newer, older: older) { isGone($0) }
        let (places, isTextInConflict) = order.result()
        var conflicts: [EntryPart] = []
        let pieces = places.compactMap { piece(of: $0, &conflicts) }
        if isTextInConflict { conflicts.append(.text) }
        let endsInNewline = chosen(
            base?.endsInNewline, newer.text.endsInNewline, older.text.endsInNewline)
        var known: Set<EntryPart> = []
        return (
            Secret(assembling: pieces, endsInNewline: endsInNewline ?? true),
            conflicts.filter { known.insert($0).inserted }
        )
    }

    /// What a part is afterwards.
    private func piece(of place: UnitPlace, _ conflicts: inout [EntryPart]) -> Piece? {
        // Equal lines that were added by both are two: only the one that was placed counts.
        let isText = place.unit(newer, older)?.kind == .text
        let isAdded = place.number >= matching.base.text.units.count
        let sides =
            isText && isAdded
            ? (
                place.age == .newer ? place.unit(newer, older) : nil,
                place.age == .older ? place.unit(newer, older) : nil
            )
            : (newer.unit(place.number), older.unit(place.number))
        switch sides {
        case (let new?, let other?):
            let old = isAdded ? nil : base?.units[place.number]
            let end =
                chosen(old?.end, new.end, other.end)
                ?? lineEnd(of: new, in: newer.text)
            let newPiece = Piece(newer.text, new, end: end)
            let otherPiece = Piece(older.text, other, end: end)
            if newPiece.isSame(as: otherPiece) { return newPiece }
            if let base, let old {
                let oldPiece = Piece(base, old, end: end)
                if newPiece.isSame(as: oldPiece) { return otherPiece }
                if otherPiece.isSame(as: oldPiece) { return newPiece }
                // A field that is only spelled in another way is not changed.
                if newPiece.means(oldPiece) { return otherPiece }
                if otherPiece.means(oldPiece) { return newPiece }
            }
            if !newPiece.means(otherPiece) { conflicts.append(newer.text.part(of: new)) }
            return newPiece
        case (let new?, nil): return Piece(newer.text, new, end: lineEnd(of: new, in: newer.text))
        case (nil, let other?):
            return Piece(older.text, other, end: lineEnd(of: other, in: older.text))
        case (nil, nil): return nil
        }
    }

    /// How a line ends that only one side has: like its first line does afterwards, when it ended
    /// like the first line.
    private func lineEnd(of unit: EntryText.Unit, in text: EntryText) -> EntryText.LineEnd {
        let firsts = (newer.text.units[0].end, older.text.units[0].end)
        guard unit.end == text.units[0].end else { return unit.end }
        return chosen(base?.units[0].end, firsts.0, firsts.1) ?? firsts.0
    }

    /// The three-way rule of a value that both sides always have; nothing when all differ.
    private func chosen<Value: Equatable>(_ old: Value?, _ new: Value, _ other: Value) -> Value? {
        if new == other { return new }
        guard let old else { return nil }
        return new == old ? other : other == old ? new : nil
    }

    /// Whether a part of the base is gone: deleted by one side, and not changed by the other.
    private func isGone(_ number: Int) -> Bool {
        guard let base, base.units.indices.contains(number) else { return false }
        let old = Piece(base, base.units[number], end: .lf)
        switch (newer.unit(number), older.unit(number)) {
        case (let new?, nil): return Piece(newer.text, new, end: .lf).means(old)
        case (nil, let other?): return Piece(older.text, other, end: .lf).means(old)
        case (nil, nil): return true
        default: return false
        }
    }
}
