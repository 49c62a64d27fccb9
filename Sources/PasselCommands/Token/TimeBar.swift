import PasselCore

/// How much of a token's life is left, as a bar and in days.
struct TimeBar {
    private let parts: Int64?
    private let days: Int64
    private let isOver: Bool
    private let utf8: Bool

    /// How many parts a bar has.
    private static let length: Int64 = 10
    /// From so many days on it is worth a warning.
    private static let soon: Int64 = 14

    init(_ life: TokenLife, at now: Int64, utf8: Bool) {
        parts = life.partsLeft(of: Self.length, at: now)
        days = life.daysLeft(at: now)
        isOver = life.isOver(at: now)
        self.utf8 = utf8
    }

    /// The cell of a table on a terminal.
    var cell: Styled {
        // Without a beginning nobody knows what the whole is.
        let bar = isOver ? 0 : parts
        let drawing = bar.map { count in
            repeated(utf8 ? "█" : "#", count) + repeated(utf8 ? "░" : ".", Self.length - count)
        }
        return Styled(
            "\(drawing ?? String(repeating: " ", count: Int(Self.length))) \(days)d", look)
    }

    private var look: Look? { isOver ? .bad : days < Self.soon ? .warning : nil }

    private func repeated(_ character: String, _ count: Int64) -> String {
        String(repeating: character, count: Int(count))
    }
}
