import Testing

/// The oracle of the model test misses what nobody gave up, and nothing else.
@Suite struct WordPlacesTests {
    private var places = WordPlaces()

    init() { places.act(from: [], to: ["a"]) }

    @Test mutating func `what nobody gave up is missed`() {
        #expect(!places.areGivenUp)
        places.merge(from: ["a"], to: ["a.conflict-1"])
        #expect(!places.areGivenUp)
        places.act(from: ["a.conflict-1"], to: ["b"])
        #expect(!places.areGivenUp, "moved is not given up")
        places.merge(from: ["b"], to: [])
        #expect(!places.areGivenUp, "a merge gives nothing up")
    }

    @Test mutating func `what is given up under its old name is under the new one, too`() {
        places.act(from: ["a"], to: [])
        places.act(from: ["a"], to: ["b"])
        #expect(places.areGivenUp)
    }

    @Test mutating func `a copy that a merge made is given up by itself`() {
        places.merge(from: ["a"], to: ["a", "a.conflict-1"])
        places.act(from: ["a"], to: [])
        #expect(!places.areGivenUp)
        places.act(from: ["a", "a.conflict-1"], to: ["a"])
        #expect(places.areGivenUp)
    }

    @Test mutating func `what two moved to two names is given up in both`() {
        places.act(from: ["a"], to: ["b"])
        places.act(from: ["a"], to: ["c"])
        places.merge(from: ["b"], to: ["b", "c"])
        places.act(from: ["b", "c"], to: ["c"])
        #expect(!places.areGivenUp)
        places.act(from: ["b", "c"], to: ["b"])
        #expect(places.areGivenUp)
    }

    @Test mutating func `what was given up and comes late under another name stays given up`() {
        places.act(from: ["a"], to: [])
        places.merge(from: [], to: ["b"])
        #expect(places.areGivenUp)
    }

    @Test func `only where everybody agreed that it is has it to be given up`() {
        var agreed = WordPlaces(["a", "b"])
        agreed.act(from: ["a", "b"], to: ["b"])
        #expect(!agreed.areGivenUp)
        agreed.act(from: ["b"], to: [])
        #expect(agreed.areGivenUp)
    }
}
