/// A place that several entries name as theirs: only one value can be there.
public struct LocationCollision: Sendable, Equatable {
    /// The place, as the first of them spells it.
    public let location: Location
    /// The entries, in the order in which they came.
    public let entries: [Path]

    /// The places that more than one entry names.
    ///
    /// - Parameter identity: by what the backend knows a place, where that is not its spelling:
    ///   some take upper and lower case for the same.
    public static func all(
        in targets: [(entry: Path, location: Location)],
        identity: (Location) -> Text = \.spelling
    ) -> [LocationCollision] {
        struct Key: Hashable {
            let backend: BackendName
            let place: Text
        }
        var order: [Key] = []
        var found: [Key: (location: Location, entries: [Path])] = [:]
        for (entry, location) in targets {
            let key = Key(backend: location.backend, place: identity(location))
            if found[key] == nil { order.append(key) }
            var known = found[key] ?? (location, [])
            if !known.entries.contains(entry) { known.entries.append(entry) }
            found[key] = known
        }
        return order.compactMap { key in
            found[key].flatMap {
                $0.entries.count > 1
                    ? LocationCollision(location: $0.location, entries: $0.entries) : nil
            }
        }
    }

    /// As it is told to the user.
    public var problem: Problem {
        let names = entries.map { ShellWord.text($0.bytes) }.joined(separator: " and ")
        return Problem(
            "\(location.spelling) would get the values of \(names)",
            hints: entries.map {
                "passel location rm \(ShellWord.text($0.bytes)) \(ShellWord.text(location.spelling.bytes))"
            })
    }
}
