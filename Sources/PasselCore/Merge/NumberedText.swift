/// An entry whose parts have the numbers of a merge.
struct NumberedText {
    let text: EntryText
    /// The number of each of its parts.
    let numbers: [Int]
    /// A number for what each of them holds.
    let contents: [Int]
    /// The parts of the base that are still in the order of the base.
    let kept: Set<Int>
    /// Where a numbered part is.
    let places: [Int: Int]

    init(_ text: EntryText, _ numbers: [Int], contents: [Int], kept: Set<Int>) {
        self.text = text
        self.numbers = numbers
        self.contents = contents
        self.kept = kept
        places = Dictionary(zip(numbers, numbers.indices), uniquingKeysWith: { first, _ in first })
    }

    /// The part with a number.
    func unit(_ number: Int) -> EntryText.Unit? { places[number].map { text.units[$0] } }
}

/// Which of the two sides of a merge was changed later.
enum MergeAge {
    case newer, older
}

/// A part of one of the sides, on its way into the result.
struct UnitPlace {
    let number: Int
    /// The side that has it there.
    let age: MergeAge

    func unit(_ newer: NumberedText, _ older: NumberedText) -> EntryText.Unit? {
        (age == .newer ? newer : older).unit(number)
    }
}
