import PasselCore
import PasselStore

/// Whether places have the values that they must have; each is asked.
struct LocationStatus {
    private let places: [CarriedPlace]
    private let unreadable: [(name: Path, problem: Problem)]

    /// Asks all places that entries name.
    init(session: Session) throws {
        let wanted = try LocationTargets(below: [""], only: nil, session: session)
        places = try Carrier(session: session).carry(wanted.all)
        unreadable = wanted.unreadable
    }

    /// Whether anything is not as it should be, or not known.
    var needsAttention: Bool {
        !unreadable.isEmpty || places.contains { $0.comparison.state != .equal }
    }

    func print(_ session: Session) {
        var table = Table("STATE", "CERTAINTY", "ENTRY", "LOCATION")
        for place in places {
            table.add(
                Styled(word(place), look(place)),
                Styled(place.comparison.certainty.map { Text($0.rawValue.utf8) } ?? "", .faint),
                Styled(Text(place.target.entry.bytes), .strong), Styled(place.target.spelling))
        }
        table.print(session)
        var told: Set<Text> = []
        for case .failed(let problem, _) in places.map(\.outcome)
        where told.insert(problem.message).inserted {
            session.warn(problem)
        }
        for (_, problem) in unreadable { session.warn(problem) }
    }

    /// What `status` tells programs, with the places.
    func json(beside status: JSON) -> JSON {
        guard case .object(let members) = status else { return status }
        let locations = places.map { place -> JSON in
            var message: Text?
            if case .failed(let problem, _) = place.outcome { message = problem.message }
            return [
                "name": .path(place.target.entry), "location": .string(place.target.spelling),
                "state": .string(word(place)),
                "certainty": .text(place.comparison.certainty.map { Text($0.rawValue.utf8) }),
                "problem": .text(message),
            ]
        }
        return .object(members + [.init("locations", .array(locations))])
    }

    private func word(_ place: CarriedPlace) -> Text {
        Text(place.comparison.state.rawValue.utf8)
    }

    private func look(_ place: CarriedPlace) -> Look {
        switch place.comparison.state {
        case .equal: .good
        case .differs: .bad
        case .missing, .unknown: .warning
        }
    }
}
