/// Which parts of three entries are the same one.
///
/// A part of the base has its place there as its number, and so has what it became on a side; what
/// was added has a number behind those. The secret is always number 0. A line of text that is not
/// where it was is another one.
struct UnitMatching {
    /// The base; an empty entry where there is none.
    let base: NumberedText
    private let newer: EntryText
    private let older: EntryText
    /// A number for what a part holds, and one for its key; nothing for what has no key.
    private let contents: [[Int]]
    private let keys: [[Int?]]

    init(base: EntryText?, newer: EntryText, older: EntryText) {
        (self.newer, self.older) = (newer, older)
        let old = base ?? EntryText(Secret(plain: ""))
        let texts = [old, newer, older]
        contents = Self.identities(texts) { $0.content }.map { $0.map { $0 ?? 0 } }
        keys = Self.identities(texts, ignoringCase: true) { unit in
            switch unit.kind {
            case .field: unit.key
            // All of them have the same, which no field has: there is no field without a key.
            case .otpauth: 0..<0
            case .secret, .text: nil
            }
        }
        let places = Array(old.units.indices)
        self.base = NumberedText(old, places, contents: contents[0], kept: Set(places))
    }

    /// The newer and the older entry with their parts numbered.
    func sides() -> (newer: NumberedText, older: NumberedText) {
        var fields = [matchToBase(1), matchToBase(2)]
        var next = base.numbers.count
        matchAdditions(&fields, &next)
        return (side(newer, 1, &fields[0], &next), side(older, 2, &fields[1], &next))
    }

    // MARK: - Identities

    /// Equal numbers for equal bytes, in all the texts.
    private static func identities(
        _ texts: [EntryText], ignoringCase: Bool = false,
        of range: (EntryText.Unit) -> Range<Int>?
    ) -> [[Int?]] {
        let places = texts.indices.flatMap { text in
            texts[text].units.indices.compactMap { index in
                range(texts[text].units[index]).map { (text: text, index: index, range: $0) }
            }
        }
        // Sorted where they lie: nothing secret is copied into a table.
        func precedes(
            _ left: (text: Int, index: Int, range: Range<Int>),
            _ right: (text: Int, index: Int, range: Range<Int>)
        ) -> Bool {
            texts[left.text].source.withBytes { a in
                texts[right.text].source.withBytes { b in
                    guard ignoringCase else {
                        return a[left.range].lexicographicallyPrecedes(b[right.range])
                    }
                    return a[left.range].lazy.map(\.asciiLowercased).lexicographicallyPrecedes(
                        b[right.range].lazy.map(\.asciiLowercased))
                }
            }
        }
        var result = texts.map { [Int?](repeating: nil, count: $0.units.count) }
        let sorted = places.sorted(by: precedes)
        var number = 0
        for (position, place) in sorted.enumerated() {
            if position > 0, precedes(sorted[position - 1], place) { number += 1 }
            result[place.text][place.index] = number
        }
        return result
    }

    // MARK: - Fields

    private func fields(_ text: Int) -> [Int: [Int]] {
        Dictionary(
            grouping: keys[text].indices.filter { keys[text][$0] != nil },
            by: { keys[text][$0] ?? 0 })
    }

    /// The fields of a side that the base has, as its parts with their numbers.
    private func matchToBase(_ text: Int) -> [Int: Int] {
        var result: [Int: Int] = [:]
        let old = fields(0)
        for (key, places) in fields(text) {
            guard let olds = old[key] else { continue }
            let same = CommonSequence.pairs(
                olds.map { contents[0][$0] }, places.map { contents[text][$0] })
            // Between those of equal content the first is the first.
            var start = (0, 0)
            for (left, right) in same + [(olds.count, places.count)] {
                for (left, right) in zip(start.0..<left, start.1..<right) {
                    result[places[right]] = olds[left]
                }
                if left < olds.count { result[places[right]] = olds[left] }
                start = (left + 1, right + 1)
            }
        }
        return result
    }

    /// Numbers for the fields that the base has not.
    private func matchAdditions(_ fields: inout [[Int: Int]], _ next: inout Int) {
        let old = self.fields(0)
        let theirs = self.fields(2)
        for (key, places) in self.fields(1).sorted(by: { $0.key < $1.key }) {
            let new = places.filter { fields[0][$0] == nil }
            var other = (theirs[key] ?? []).filter { fields[1][$0] == nil }
            for place in new {
                fields[0][place] = next
                let isList = old[key] != nil
                let match = other.firstIndex { !isList || contents[1][place] == contents[2][$0] }
                if let match { fields[1][other.remove(at: match)] = next }
                next += 1
            }
        }
        for place in keys[2].indices where keys[2][place] != nil && fields[1][place] == nil {
            fields[1][place] = next
            next += 1
        }
    }

    // MARK: - Text

    private func side(
        _ text: EntryText, _ index: Int, _ numbers: inout [Int: Int], _ next: inout Int
    ) -> NumberedText {
        // A field is itself whatever it holds, a line of text is what it holds.
        let old = base.numbers.dropFirst().map { place in
            keys[0][place] == nil ? ~contents[0][place] : place
        }
        let new = text.units.indices.dropFirst().map { place in
            keys[index][place] == nil ? ~contents[index][place] : numbers[place] ?? place
        }
        numbers[0] = 0
        var kept: Set<Int> = [0]
        for (left, right) in CommonSequence.pairs(old, new) {
            numbers[right + 1] = left + 1
            kept.insert(left + 1)
        }
        let all = text.units.indices.map { place in
            if let number = numbers[place] { return number }
            next += 1
            return next - 1
        }
        return NumberedText(text, all, contents: contents[index], kept: kept)
    }
}
