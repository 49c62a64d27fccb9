import PasselCore
import PasselPosix
import PasselStore

/// Looks at the places that values must be in, and brings the values there.
struct Carrier {
    let session: Session
    /// Whether anything is written.
    var writes = false
    /// Whether what did not come from here is replaced.
    var replaces = false
    /// Of entries that are being rotated, what their places get instead.
    var exchanges: [Path: SecretExchange] = [:]

    /// So many programs of one backend run at a time, and each has so many places at least.
    private static let (width, share) = (4, 8)

    /// Does it for each of the places; the results are in their order.
    ///
    /// - Throws: a `Problem` before anything is asked or sent: when two values are for one place, or
    ///   the user's key cannot be used.
    func carry(_ targets: [LocationTarget]) throws -> [CarriedPlace] {
        let register = try session.store.locationRegister()
        try refuseCollisions(targets)
        let texts = try session.store.texts(
            of: Array(Set(targets.filter { $0.location != nil }.map(\.entry))))
        var results: [Int: CarriedPlace] = [:]
        var errands: [BackendName: [Errand]] = [:]
        for (number, target) in targets.enumerated() {
            func fail(_ problem: Problem) {
                results[number] = CarriedPlace(target: target, outcome: .failed(problem, nil))
            }
            guard let location = target.location, !location.isFolder else {
                fail(Problem("\(target.spelling) is not a location"))
                continue
            }
            switch texts[target.entry] {
            case .success(let text):
                let exchange = exchanges[target.entry]
                let value = exchange?.wanted ?? text.secret
                guard !value.isEmpty else {
                    fail(Problem("\(target.entry) has no secret"))
                    continue
                }
                errands[location.backend, default: []].append(
                    Errand(
                        number: number, target: target, location: location, value: value,
                        text: text, exchange: exchange))
            case .failure(let problem): fail(problem)
            case nil: fail(Problem("\(target.entry) is not in the store"))
            }
        }
        let progress = session.progress(
            writes ? "pushing" : "asking", of: errands.values.reduce(0) { $0 + $1.count })
        defer { progress.end() }
        for (backend, own) in errands.sorted(by: { $0.key.text.bytes.precedes($1.key.text.bytes) })
        {
            for (number, result) in run(own, of: backend, register, progress) {
                results[number] = result
            }
        }
        return targets.indices.compactMap { results[$0] }
    }

    private func refuseCollisions(_ targets: [LocationTarget]) throws {
        let pairs = targets.compactMap { target in
            target.location.map { (entry: target.entry, location: $0) }
        }
        let collisions = LocationCollision.all(in: pairs) { location in
            guard location.backend.isOfFiles,
                // What cannot be a file is told when its turn comes.
                let path = try? FileBackend.path(location, session.settings)
            else { return location.spelling }
            return "\(PlaintextFile.place(of: path))#\(location.field ?? "")"
        }
        if let first = collisions.first { throw first.problem }
        let caseless = LocationCollision.all(in: pairs) {
            Text($0.spelling.bytes.map(\.asciiLowercased))
        }
        for collision in caseless where !collision.location.backend.isOfFiles {
            // Rare enough to start the program for the question; why it cannot be is told later.
            let setup = try? Backends(session: session).setup(collision.location.backend)
            let able = try? setup?.connect().capabilities
            if able?.ignoresCase == true { throw collision.problem }
        }
    }

    private func run(
        _ errands: [Errand], of backend: BackendName, _ register: LocationRegister,
        _ progress: Progress
    ) -> [(Int, CarriedPlace)] {
        let round = CarrierRound(
            writes: writes, replaces: replaces, program: Text(session.program), register: register)
        if let kind = FilePlaces(backend) {
            return errands.map { errand in
                defer { progress.advance() }
                let files = FileBackend(
                    kind, session: session, entry: errand.target.entry, text: errand.text)
                return (errand.number, round.attempt(errand, files))
            }
        }
        let setup: BackendSetup
        do {
            setup = try Backends(session: session).setup(backend)
        } catch {
            return errands.map { ($0.number, round.failed($0, error, isOpen: false)) }
        }
        return Parallel.map(shares(errands), width: Self.width) { share in
            round.run(share, setup) { progress.advance() }
        }.flatMap(\.self)
    }

    /// Several lists of errands; what is about one place is in one of them, for parts of a place are
    /// written one after the other.
    private func shares(_ errands: [Errand]) -> [[Errand]] {
        let count = max(1, min(Self.width, errands.count / Self.share))
        var shares = [[Errand]](repeating: [], count: count)
        var known: [Text: Int] = [:]
        for errand in errands {
            let share = known[errand.location.place] ?? known.count % count
            known[errand.location.place] = share
            shares[share].append(errand)
        }
        return shares
    }
}
