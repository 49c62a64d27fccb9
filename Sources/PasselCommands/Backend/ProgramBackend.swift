import PasselCore
import PasselPosix

/// How a backend's program is started.
struct BackendSetup: Sendable {
    let name: BackendName
    /// The program, as messages name it.
    let program: Path
    let arguments: [[UInt8]]
    let environment: ProcessEnvironment
    let opening: BackendOpening

    /// Starts the program and tells it how it is set up.
    ///
    /// - Throws: a `BackendFailure`, or a `Problem` that names the program.
    func connect() throws -> ProgramBackend { try ProgramBackend(self) }
}

/// A backend for which a program of its own speaks.
final class ProgramBackend: Backend {
    private(set) var capabilities = BackendCapabilities(
        reads: false, lists: false, deletes: false, compares: false)
    private let setup: BackendSetup
    private let process: TalkingProcess
    private var number = 0
    /// What it was told, and must not repeat where it is seen.
    private var told: [Secret]

    /// Beyond its own time the program gets so many seconds to say that it took too long.
    private static let grace = 5

    fileprivate init(_ setup: BackendSetup) throws {
        self.setup = setup
        told = setup.opening.credentials.map(\.value)
        do {
            process = try TalkingProcess(
                setup.program, setup.arguments, environment: setup.environment)
        } catch let error as SystemError {
            throw Problem("cannot run \(setup.program): \(SystemError.text(error.code))")
        }
        guard case .open(let able) = try ask(.open(setup.opening)) else { throw unexpected }
        capabilities = able
    }

    func content(of location: Location) throws -> PlaceContent {
        guard capabilities.looks else {
            return PlaceContent(.unreadable(lastFour: nil, updated: nil), version: .unknown)
        }
        guard case .content(let content) = try ask(.read(location)) else { throw unexpected }
        return content
    }

    func put(
        _ value: Secret, in location: Location, expected: PlaceVersion
    ) throws -> PlaceVersion {
        if let largest = capabilities.largest, value.count > largest {
            throw BackendFailure(.validation, "it takes at most \(largest) bytes")
        }
        told.append(value)
        let request = BackendRequest.Action.write(location, value, expected: expected)
        guard case .done(let version) = try ask(request) else { throw unexpected }
        return version
    }

    func places(below folder: Location) throws -> [Location] {
        guard capabilities.lists else {
            throw BackendFailure(.unsupported, "it cannot tell which places there are")
        }
        guard case .places(let places) = try ask(.list(folder)) else { throw unexpected }
        return places
    }

    private var unexpected: Problem { Problem("\(setup.program) answers something else") }

    private func ask(_ action: BackendRequest.Action) throws -> BackendAnswer {
        number += 1
        let request = BackendRequest(number, action)
        do {
            let line = try process.answer(
                to: request.line, limit: BackendAnswer.longest,
                within: setup.opening.timeout + Self.grace)
            return try BackendAnswer(line, to: request)
        } catch let failure as BackendAnswer.NotProtocol {
            throw problem("does not speak the protocol: \(failure.reason)")
        } catch TalkingProcess.Failure.timedOut {
            throw problem("gave no answer within \(setup.opening.timeout + Self.grace) seconds")
        } catch TalkingProcess.Failure.ended(let status) {
            throw problem("ended without an answer, status \(Int(status))")
        } catch is TalkingProcess.Failure {
            throw problem("does not speak the protocol: it said more than one answer")
        }
    }

    private func problem(_ what: Text) -> Problem {
        process.end(within: 1)
        let said = complaints.map { Text("it said: ") + $0 }
        return Problem("\(setup.program) \(what)", hints: said)
    }

    /// The last lines of its standard error, harmless and without anything that it was told.
    private var complaints: [Text] {
        let lines = process.complaints.withBytes { bytes in
            bytes.split { $0 == .newline || $0 == .carriageReturn }.map(Array.init)
        }
        let hidden = told.flatMap { [$0, $0.base64] }.filter { !$0.isEmpty }
        return lines.suffix(3).filter { line in
            !hidden.contains { $0.withBytes { line.includes(Array($0)) } }
        }.map { Text(TerminalText.sanitised(Array($0.prefix(400)))) }
    }
}
