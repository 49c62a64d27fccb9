import PasselCore

/// Tells what became of places.
struct PlaceReport {
    let session: Session
    let isDry: Bool
    let arguments: Arguments

    /// Prints a line for each place, and what helps with those that are left.
    func show(_ places: [CarriedPlace], replaceHint: Text) {
        guard !arguments[Flag.json] else {
            return session.output.json(["dry_run": .bool(isDry), "places": members(places)])
        }
        var table = Table("STATE", "ENTRY", "LOCATION")
        for place in places {
            let (word, look) = word(place)
            table.add(
                Styled(word, look), Styled(Text(place.target.entry.bytes), .strong),
                Styled(place.target.spelling))
        }
        table.print(session)
        tell(places, replaceHint)
    }

    /// The places as a program reads them.
    func members(_ places: [CarriedPlace]) -> JSON { .array(places.map(json)) }

    private func tell(_ places: [CarriedPlace], _ replaceHint: Text) {
        var told: Set<Text> = []
        var isForeign = false
        for place in places {
            switch place.outcome {
            case .failed(let problem, _):
                // One that holds for many places is told once.
                if told.insert(problem.message).inserted { session.warn(problem) }
            case .foreign: isForeign = true
            case .equal, .created, .updated, .left: continue
            }
        }
        if isForeign {
            session.warn(
                Problem(
                    "what is marked as foreign did not come from here, and stays",
                    hints: [replaceHint]))
        }
    }

    private func word(_ place: CarriedPlace) -> (Text, Look?) {
        switch place.outcome {
        case .equal: ("equal", .good)
        case .created: (isDry ? "would create" : "created", isDry ? .warning : .good)
        case .updated: (isDry ? "would update" : "updated", isDry ? .warning : .good)
        case .left: ("left", .good)
        case .foreign: ("foreign", .bad)
        case .failed: ("failed", .bad)
        }
    }

    private func json(_ place: CarriedPlace) -> JSON {
        var (state, message, kind): (Text, Text?, Text?) = ("failed", nil, nil)
        switch place.outcome {
        case .equal: state = "equal"
        case .left: state = "left"
        case .created: state = "created"
        case .updated: state = "updated"
        case .foreign: state = "foreign"
        case .failed(let problem, let known):
            message = problem.message
            kind = known.map { Text($0.rawValue.utf8) }
        }
        return [
            "name": .path(place.target.entry), "location": .string(place.target.spelling),
            "state": .string(state), "problem": .text(message), "class": .text(kind),
        ]
    }
}
