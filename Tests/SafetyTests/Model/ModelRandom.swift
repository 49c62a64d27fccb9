/// Numbers that look random and are the same for the same seed: SplitMix64.
struct ModelRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 ^ 0x5851_F42D_4C95_7F2D }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// Whether something happens that happens so often in a hundred times.
    mutating func percent(_ chance: Int) -> Bool { number(0...99) < chance }

    mutating func element<C: Collection>(_ elements: C) -> C.Element? {
        elements.randomElement(using: &self)
    }

    /// Small numbers as often as large ones of one more digit.
    mutating func spread(_ limit: Int) -> Int {
        var top = 8
        while top < limit, percent(60) { top *= 3 }
        return number(1...min(top, limit))
    }
}
