import CPosix
import Glibc
import PasselCore
import PasselPosix

/// The program that speaks for the backends of passel's own: passel-backend(7) has the protocol.
public enum BackendProgram {
    /// Runs as the whole program.
    public static func main() -> Never {
        passel_harden_process()
        let arguments = CommandLine.arguments.dropFirst()
        let types = BuiltInBackend.all
        guard arguments.count == 1,
            let kind = types.first(where: { $0.type.text.description == arguments.first })
        else {
            let names = types.map(\.type.text.description).joined(separator: " | ")
            complain("passel-backend: error: passel starts this program: passel-backend \(names)")
            _exit(2)
        }
        _exit(Conversation(kind, environment: .current).run())
    }

    static func complain(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        // There is nowhere to tell that nothing can be told.
        _ = write(2, bytes, bytes.count)
    }
}

/// Requests on standard input, and their answers on standard output.
struct Conversation {
    private let kind: BuiltInBackend
    private let environment: ProcessEnvironment
    private var opening: BackendOpening?
    private var backend: (any RemoteBackend)?

    init(_ kind: BuiltInBackend, environment: ProcessEnvironment) {
        self.kind = kind
        self.environment = environment
    }

    /// Answers until there are no more requests; the exit status.
    consuming func run() -> Int32 {
        var lines = LineReader(descriptor: 0, limit: BackendAnswer.longest)
        while let line = lines.next() {
            let answer: Secret
            do {
                let request = try BackendRequest(reading: line, of: opening?.name)
                answer = respond(to: request)
            } catch let error as BackendRequest.NotRequest {
                guard let number = error.number else {
                    BackendProgram.complain("passel-backend: error: a line is no request")
                    return 1
                }
                answer = BackendFailure(.unsupported, "it is asked for what it does not know")
                    .line(number)
            } catch {
                return 1
            }
            guard say(answer) else { return 1 }
        }
        return lines.isWhole ? 0 : 1
    }

    private mutating func respond(to request: BackendRequest) -> Secret {
        do {
            return try answer(request.action).line(request.number)
        } catch let failure as BackendFailure {
            return failure.line(request.number)
        } catch let problem as Problem {
            return BackendFailure(.validation, problem.message).line(request.number)
        } catch let error as SystemError {
            return BackendFailure(.validation, error.problem.message).line(request.number)
        } catch {
            return BackendFailure(.unsupported, "this is a bug in passel-backend")
                .line(request.number)
        }
    }

    private mutating func answer(_ action: BackendRequest.Action) throws -> BackendAnswer {
        if case .open(let opening) = action {
            let set = BackendSetup(kind, opening, environment)
            try set.check()
            let backend = try Self.backend(set, kind)
            (self.opening, self.backend) = (opening, backend)
            try backend.begin(Deadline(seconds: opening.timeout))
            return .open(backend.capabilities)
        }
        guard let backend, let opening else {
            throw BackendFailure(.unsupported, "open has to come first")
        }
        backend.begins(Deadline(seconds: opening.timeout))
        switch action {
        case .open: preconditionFailure("answered above")
        case .read(let location): return .content(try backend.content(of: location))
        case .write(let location, let value, let expected):
            return .done(try backend.put(value, in: location, expected: expected))
        case .delete(let location, let expected):
            return .done(try backend.remove(location, expected: expected))
        case .list(let folder): return .places(try backend.places(below: folder))
        }
    }

    private static func backend(
        _ setup: BackendSetup, _ kind: BuiltInBackend
    ) throws -> any RemoteBackend {
        switch kind.type {
        case .vault: return try Vault(setup)
        case .aws: return try AWSSecrets(setup)
        case .github: return try GitHub(setup)
        case .gitlab: return try GitLab(setup)
        case .circleci: return try CircleCI(setup)
        case .secretService: return SecretService()
        case .azure: return try AzureKeyVault(setup)
        default: preconditionFailure("a kind of passel's own without a backend")
        }
    }

    private func say(_ line: Secret) -> Bool {
        line.withBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = write(1, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }
}

/// Places that a server keeps, which is to have answered in time.
protocol RemoteBackend: RemovingBackend {
    /// Asks whether the server is there and takes the credentials.
    func begin(_ deadline: Deadline) throws

    /// Says until when what is asked next has to be answered.
    func begins(_ deadline: Deadline)
}
