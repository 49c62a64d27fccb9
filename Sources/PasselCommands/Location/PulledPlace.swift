import PasselCore
import PasselPosix
import PasselStore

/// What became of a value that was taken from a place.
struct PulledPlace {
    /// What was done, or why nothing was.
    enum Outcome {
        /// There is an entry with it now.
        case new
        /// The entry has it in the place of another value.
        case replaced
        /// The entry had it.
        case same
        /// The entry has another value, which stays.
        case other
        case failed(Problem)
    }

    let entry: Path
    let location: Location
    var outcome: Outcome
    var value: Secret?

    var isDone: Bool {
        switch outcome {
        case .new, .replaced, .same: true
        case .other, .failed: false
        }
    }

    var isChange: Bool {
        switch outcome {
        case .new, .replaced: true
        case .same, .other, .failed: false
        }
    }

    var problem: Problem? {
        if case .failed(let problem) = outcome { problem } else { nil }
    }

    var word: Text {
        switch outcome {
        case .new: "added"
        case .replaced: "replaced"
        case .same: "equal"
        case .other: "differs"
        case .failed: "failed"
        }
    }

    var look: Look {
        switch outcome {
        case .new, .replaced, .same: .good
        case .other: .warning
        case .failed: .bad
        }
    }
}

/// The entries that places become.
struct PulledNames {
    private(set) var all: [(entry: Path, location: Location)] = []

    /// Names for places; nothing of what a backend calls its places leads out of the folder that was
    /// asked for.
    ///
    /// - Throws: a `Problem` when a name cannot be that of an entry, or two places have one.
    init(
        _ location: Location, _ places: [Location], into target: Path?, session: Session
    ) throws {
        guard location.isFolder else {
            all = [(try target ?? Self.owner(of: location, session), location)]
            guard !all[0].entry.isEmpty else {
                throw Problem("the top is no entry", hints: ["--into ENTRY"])
            }
            return
        }
        let target = target ?? ""
        let fields = Dictionary(grouping: places, by: \.place)
        var taken: [[UInt8]: Location] = [:]
        for place in places {
            var name = Array(place.place.bytes.dropFirst(location.place.bytes.count))
            // One field of many is an entry of its own.
            if let field = place.field, fields[place.place].map({ $0.count > 1 }) == true {
                name += [.slash] + field.bytes
            }
            let parts = Path(name).components
            guard parts.joined(separator: [.slash]).elementsEqual(name),
                parts.allSatisfy(Self.isAllowed)
            else {
                throw Problem(
                    "\(place.spelling) cannot be the name of an entry",
                    hints: [
                        "\(session.program) pull \(ShellWord.text(place.spelling.bytes)) --into ENTRY"
                    ])
            }
            let entry = target.isEmpty ? Path(name) : target / Path(name)
            // Not every file system tells upper from lower case.
            if let other = taken.updateValue(place, forKey: entry.bytes.map(\.asciiLowercased)) {
                throw Problem(
                    "\(other.spelling) and \(place.spelling) would be one entry, \(entry)")
            }
            all.append((entry, place))
        }
    }

    private static func isAllowed(_ part: [UInt8]) -> Bool {
        !part.isEmpty && part.first != UInt8(ascii: ".") && part.count <= 200
    }

    /// The entry that names a place.
    private static func owner(of location: Location, _ session: Session) throws -> Path {
        let targets = try LocationTargets(below: [""], only: location.backend, session: session)
        let owners = targets.all.filter { $0.location == location }.map(\.entry)
        if owners.count == 1 { return owners[0] }
        throw Problem(
            owners.isEmpty
                ? "no entry names \(location.spelling)"
                : "several entries name \(location.spelling)",
            hints: [
                "\(session.program) pull \(ShellWord.text(location.spelling.bytes)) --into ENTRY"
            ])
    }
}
