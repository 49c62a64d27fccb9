import Glibc
import PasselCore
import PasselPosix
import PasselStore

/// A place with all that is needed to look at it.
struct Errand: Sendable {
    let number: Int
    let target: LocationTarget
    let location: Location
    let value: Secret
    /// What the entry says.
    let text: EntryText
    var exchange: SecretExchange?
}

/// What a rotation, or its end before the time, wants in the places of an entry.
struct SecretExchange: Sendable {
    /// What is to be there.
    let wanted: Secret
    /// What may be there, and is as much ours.
    let other: Secret
    /// Whether only places that have the other get what is wanted.
    let isUndoing: Bool
}

/// How the places of one backend are looked at, and written to, one after the other.
struct CarrierRound: Sendable {
    let writes: Bool
    let replaces: Bool
    /// What the user called, for hints.
    let program: Text
    let register: LocationRegister

    /// A place is tried so often; between two tries passes a second or what the backend says, within
    /// reason.
    private static let (tries, longestPause) = (3, 30)

    /// Does the errands through one program, which is started anew once it stopped to answer.
    func run(
        _ errands: [Errand], _ setup: BackendSetup, each: () -> Void
    ) -> [(Int, CarriedPlace)] {
        var backend: ProgramBackend?
        var refusal: (any Error)?
        return errands.map { errand in
            defer { each() }
            if let refusal { return (errand.number, failed(errand, refusal, isOpen: false)) }
            do {
                let connected = try backend ?? setup.connect()
                backend = connected
                let result = attempt(errand, connected)
                if case .failed(_, nil) = result.outcome { backend = nil }
                return (errand.number, result)
            } catch {
                // What cannot be opened once is not tried for each place.
                refusal = error
                return (errand.number, failed(errand, error, isOpen: false))
            }
        }
    }

    /// Does one errand; what may go better another time is begun again with a new look at the place,
    /// so nothing is sent twice.
    func attempt(_ errand: Errand, _ backend: any Backend) -> CarriedPlace {
        for number in 1... {
            do {
                return try once(errand, backend)
            } catch let failure as BackendFailure
                where [.rateLimit, .transient].contains(failure.kind) && number < Self.tries
            {
                let pause = failure.retryAfter ?? number
                guard pause <= Self.longestPause else { return failed(errand, failure) }
                sleep(UInt32(pause))
            } catch {
                return failed(errand, error)
            }
        }
        preconditionFailure("the last try ends it")
    }

    private func once(_ errand: Errand, _ backend: any Backend) throws -> CarriedPlace {
        let (location, entry) = (errand.location, errand.target.entry)
        let content = try backend.content(of: location)
        let last = register.lastTime(in: location, of: entry)
        if let exchange = errand.exchange, exchange.isUndoing,
            !isThere(exchange.other, content, errand)
        {
            return CarriedPlace(target: errand.target, outcome: .left, value: nil)
        }
        let isLastValue = register.isLast(errand.value, in: location, of: entry)
        let comparison = PlaceComparison(
            errand.value, with: content, pushed: isLastValue ? last : nil)
        let isOwn =
            switch content.holding {
            case .nothing: false
            case .value(let there):
                there == errand.exchange?.other || register.isLast(there, in: location, of: entry)
            // Of what cannot be read it is known that it was ours, as long as nothing says otherwise.
            case .unreadable(_, let updated):
                last.map { last in updated.map { $0 <= last + PlaceComparison.skew } ?? true }
                    ?? false
            }
        let step = PushStep(comparison, isOwn: isOwn, replaces: replaces)
        if writes, step == .create || step == .update {
            _ = try backend.put(errand.value, in: location, expected: content.version)
        }
        let outcome: CarriedPlace.Outcome =
            switch step {
            case .none: .equal
            case .create: .created
            case .update: .updated
            case .foreign: .foreign
            }
        return CarriedPlace(
            target: errand.target, outcome: outcome, comparison: comparison, value: errand.value)
    }

    /// Whether a place has this value, as far as can be told: what cannot be read has what it got
    /// last from here.
    private func isThere(_ value: Secret, _ content: PlaceContent, _ errand: Errand) -> Bool {
        switch content.holding {
        case .nothing: false
        case .value(let there): there == value
        case .unreadable: register.isLast(value, in: errand.location, of: errand.target.entry)
        }
    }

    /// The result where something went wrong: with the place, or before any place was asked for.
    func failed(_ errand: Errand, _ error: any Error, isOpen: Bool = true) -> CarriedPlace {
        var kind: BackendFailure.Kind?
        let problem: Problem
        switch error {
        case let failure as BackendFailure:
            kind = failure.kind
            problem =
                isOpen
                ? failure.problem(at: errand.location, program: program)
                : failure.problem(of: errand.location.backend, program: program)
        case let known as Problem:
            problem = isOpen ? known.about(errand.location.spelling) : known
        case let failure as SystemError: problem = failure.problem
        default:
            problem = Problem("this is a bug in passel: \(String(describing: type(of: error)))")
        }
        return CarriedPlace(target: errand.target, outcome: .failed(problem, kind))
    }
}

extension BackendFailure {
    /// As it is told of one place.
    func problem(at location: Location, program: Text) -> Problem {
        var problem = problem(of: location.backend, program: program)
        let said = message.bytes.isEmpty ? Text(kind.meaning.utf8) : message
        problem.message = "\(location.spelling): \(said)"
        return problem
    }
}
