/// The order of the parts of a merged entry, and which lines of text are left.
struct UnitOrder {
    let base: NumberedText
    let newer: NumberedText
    let older: NumberedText
    /// Whether a field is not in the result at all.
    let isGone: (Int) -> Bool

    /// The parts that are left, and whether both sides changed the same lines of text differently.
    func result() -> (places: [UnitPlace], isTextInConflict: Bool) {
        var places: [UnitPlace] = []
        var isTextInConflict = false
        var start = (base: 0, newer: 0, older: 0)
        let anchors: [Int?] = newer.kept.intersection(older.kept).sorted()
        for anchor in anchors + [nil] {
            let end = (
                base: anchor ?? base.numbers.count,
                newer: anchor.flatMap { newer.places[$0] } ?? newer.numbers.count,
                older: anchor.flatMap { older.places[$0] } ?? older.numbers.count
            )
            let stretch = Stretch(
                base: start.base..<end.base, newer: start.newer..<end.newer,
                older: start.older..<end.older)
            places += order(stretch, &isTextInConflict)
            if let anchor { places.append(UnitPlace(number: anchor, age: .newer)) }
            start = (end.base + 1, end.newer + 1, end.older + 1)
        }
        return (places, isTextInConflict)
    }

    /// What lies between two parts that neither side moved or deleted.
    private struct Stretch {
        let base: Range<Int>
        let newer: Range<Int>
        let older: Range<Int>
    }

    private func order(_ stretch: Stretch, _ isTextInConflict: inout Bool) -> [UnitPlace] {
        let old = texts(base, stretch.base, .older)
        let new = texts(newer, stretch.newer, .newer)
        let other = texts(older, stretch.older, .older)
        let fields = (fields(stretch.newer, .newer), fields(stretch.older, .older))
        let contents = (old.map(\.content), new.map(\.content), other.map(\.content))
        if contents.0 == contents.1 {
            return interleave(older: arranged(fields.1 + other), newer: arranged(fields.0))
        }
        if contents.0 == contents.2 || contents.1 == contents.2 {
            return interleave(older: arranged(fields.1), newer: arranged(fields.0 + new))
        }
        if old.isEmpty {
            return interleave(
                older: arranged(fields.1 + united(older: other, newer: new)),
                newer: arranged(fields.0))
        }
        isTextInConflict = true
        return interleave(older: arranged(fields.1), newer: arranged(fields.0 + new))
    }

    // MARK: - Parts of a stretch

    private struct Item {
        let place: UnitPlace
        let content: Int
        /// Where it goes in its side: the place there, and behind what else is put there.
        var position: (Int, Int)
    }

    private func side(_ age: MergeAge) -> NumberedText { age == .newer ? newer : older }

    private func texts(_ side: NumberedText, _ range: Range<Int>, _ age: MergeAge) -> [Item] {
        range.filter { side.text.units[$0].kind == .text }.map { index in
            Item(
                place: UnitPlace(number: side.numbers[index], age: age),
                content: side.contents[index], position: (index, 0))
        }
    }

    /// The fields of a stretch that belong where this side has them.
    private func fields(_ range: Range<Int>, _ age: MergeAge) -> [Item] {
        let side = side(age)
        return range.compactMap { index in
            let number = side.numbers[index]
            guard side.text.units[index].kind != .text, belongs(number) == age else { return nil }
            return Item(
                place: UnitPlace(number: number, age: age), content: side.contents[index],
                position: (index, 0))
        }
    }

    /// The side whose place for a field counts; nothing when the field is gone.
    private func belongs(_ number: Int) -> MergeAge? {
        if isGone(number) { return nil }
        switch (newer.places[number], older.places[number]) {
        case (nil, _): return .older
        case (_, nil): return .newer
        // Where only one side moved it, it is where that side put it.
        default:
            return newer.kept.contains(number) && !older.kept.contains(number) ? .older : .newer
        }
    }

    private func arranged(_ items: [Item]) -> [UnitPlace] {
        items.sorted { $0.position < $1.position }.map(\.place)
    }

    /// The lines of both, those that both have once; elsewhere the older side's first.
    private func united(older: [Item], newer: [Item]) -> [Item] {
        var result: [Item] = []
        var start = (0, 0)
        let common = CommonSequence.pairs(older.map(\.content), newer.map(\.content))
        for (left, right) in common + [(older.count, newer.count)] {
            result += older[start.0..<left]
            // Behind the older side's line before it, or before the first.
            let before = left > 0 ? older[left - 1].position.0 : (older.first?.position.0 ?? 0) - 1
            for (offset, index) in (start.1..<right).enumerated() {
                var item = newer[index]
                item.position = (before, offset + 1)
                result.append(item)
            }
            if left < older.count { result.append(older[left]) }
            start = (left + 1, right + 1)
        }
        return result
    }

    // MARK: - Two orders in one

    /// Parts that go together: what was added, and the part of the base behind it.
    private struct Group {
        var places: [UnitPlace] = []
        /// The place in the base of the last one; none for what is added at the end.
        var anchor: Int?
    }

    private func groups(_ places: [UnitPlace]) -> [Group] {
        var result = [Group()]
        for place in places {
            result[result.count - 1].places.append(place)
            if place.number < base.numbers.count {
                result[result.count - 1].anchor = place.number
                result.append(Group())
            }
        }
        return result
    }

    private func interleave(older: [UnitPlace], newer: [UnitPlace]) -> [UnitPlace] {
        var older = groups(older)[...]
        var newer = groups(newer)[...]
        var result: [UnitPlace] = []
        while let other = older.first, let new = newer.first {
            if (other.anchor ?? .max) <= (new.anchor ?? .max) {
                result += other.places
                older.removeFirst()
            } else {
                result += new.places
                newer.removeFirst()
            }
        }
        return result + older.flatMap(\.places) + newer.flatMap(\.places)
    }
}
