/// Where one word was ever seen, on any machine, and which of these places somebody gave up.
///
/// A place is an entry under all the names that it was moved to and from; an entry that was moved to
/// two names at once is one place with two copies.
struct WordPlaces {
    private struct Place {
        /// In how many names it was seen at once, and how many of them were taken away.
        var (copies, givenUp) = (1, 0)

        var isGivenUp: Bool { givenUp >= copies }
    }

    /// The number of the place that a name belongs to.
    private var numbers: [String: Int] = [:]
    private var places: [Place] = []
    /// What was done to it, for whoever looks for the reason why it is gone.
    private(set) var story: [String] = []

    init() {}

    /// Adds to the story what was done, in what step, and what is known since.
    mutating func tell(_ step: String, from old: Set<String>, to new: Set<String>) {
        let known = Dictionary(grouping: numbers.keys.sorted(), by: { numbers[$0] ?? 0 })
            .sorted { $0.key < $1.key }.map { number, names in
                "\(names) \(places[number].givenUp) of \(places[number].copies) given up"
            }
        story.append("\(step): \(old.sorted()) to \(new.sorted()); \(known)")
    }

    /// Where a word is when everybody agrees where it is.
    init(_ names: Set<String>) {
        for name in names.sorted() { _ = number(of: name) }
    }

    var areGivenUp: Bool { Set(numbers.values).allSatisfy { places[$0].isGivenUp } }

    /// Somebody's own work: what it moves stays the same place, what it takes away is given up.
    mutating func act(from old: Set<String>, to new: Set<String>) {
        let (gone, come) = (old.subtracting(new).sorted(), new.subtracting(old).sorted())
        // Others may already have given it up under the old name.
        for (source, target) in zip(gone, come) { unite(source, target, max) }
        for name in gone.dropFirst(come.count) { places[number(of: name)].givenUp += 1 }
        count(new)
    }

    /// A merge: it gives nothing up, but may put what was in one place into another, also for
    /// somebody who did not have the one.
    mutating func merge(from old: Set<String>, to new: Set<String>) {
        let come = new.subtracting(old).sorted()
        var gone = old.subtracting(new).filter { !places[number(of: $0)].isGivenUp }.sorted()
        if old.isEmpty, numbers.keys.allSatisfy({ !new.contains($0) }) {
            // What everybody else gave up meanwhile stays given up under the new name.
            let known = numbers.keys.sorted()
            gone =
                known.filter { !places[number(of: $0)].isGivenUp }
                + known.filter { places[number(of: $0)].isGivenUp }
        }
        for (source, target) in zip(gone, come) { unite(source, target, min) }
        count(new)
    }

    /// Takes in in how many names each place is now.
    private mutating func count(_ names: Set<String>) {
        for (number, same) in Dictionary(grouping: names, by: { number(of: $0) }) {
            places[number].copies = max(places[number].copies, same.count)
        }
    }

    private mutating func number(of name: String) -> Int {
        if let known = numbers[name] { return known }
        places.append(Place())
        numbers[name] = places.count - 1
        return places.count - 1
    }

    /// Makes two places one; a name that is new takes over what is known of the other.
    private mutating func unite(
        _ source: String, _ target: String, _ givenUp: (Int, Int) -> Int
    ) {
        let one = number(of: source)
        guard let other = numbers[target] else {
            numbers[target] = one
            return
        }
        guard one != other else { return }
        places[one].copies = max(places[one].copies, places[other].copies)
        places[one].givenUp = givenUp(places[one].givenUp, places[other].givenUp)
        for (name, number) in numbers where number == other { numbers[name] = one }
    }
}
