import PasselCore
import PasselStore

/// A value, and a place that it must be in.
struct LocationTarget: Sendable {
    let entry: Path
    /// As the entry has it.
    let spelling: Text
    /// Nothing where that is no location.
    let location: Location?
}

/// The places that entries name, and the entries of which that cannot be told.
struct LocationTargets {
    private(set) var all: [LocationTarget] = []
    private(set) var unreadable: [(name: Path, problem: Problem)] = []

    /// Those of entries, or of all entries below folders, in the order of their names.
    ///
    /// - Parameter backend: the one that is meant, if not all are.
    init(below names: [Path], only backend: BackendName?, session: Session) throws {
        var seen: Set<Path> = []
        for name in names {
            let catalogue = try session.store.catalogue(below: name)
            for entry in catalogue.entries where seen.insert(entry.name).inserted {
                var own: Set<Text> = []
                for spelling in entry.metadata[.location] {
                    // What is no location is listed as that.
                    let location = try? Location(spelling.bytes)
                    guard own.insert(location?.spelling ?? spelling).inserted else { continue }
                    guard backend == nil || location?.backend == backend else { continue }
                    all.append(
                        LocationTarget(entry: entry.name, spelling: spelling, location: location))
                }
            }
            unreadable += catalogue.unreadable.filter { seen.insert($0.name).inserted }
        }
    }
}
