import Foundation
import PasselTesting

/// A backend's program with something real behind it, for the suite that all of them have to pass.
final class BackendSubject {
    /// What is behind it.
    enum Kind: String, CaseIterable, Sendable {
        case shelf, vault, vaultOne, aws, azure, github, gitlab, circleci
        case secretService = "secret-service"

        /// Those with a server.
        static let servers = allCases.filter { $0 != .shelf && $0 != .secretService }
        /// Those whose names are paths.
        static let paths: [Kind] = [.vault, .vaultOne]
        /// Those whose names and fields are anybody's choice.
        static let free: [Kind] = [.shelf, .vault, .vaultOne, .aws, .secretService]
        /// Those with one folder, in which names are those of variables, one value each.
        static let flat: [Kind] = [.azure, .github, .gitlab, .circleci]
        /// Those that tell states apart.
        static let comparing: [Kind] = [.shelf, .vault, .aws, .azure, .secretService]
        /// Those whose values can be read back.
        static let reading = allCases.filter { $0 != .github && $0 != .circleci }
        /// The requests that change something, as the line before the server logs them.
        var writing: String {
            switch self {
            case .aws: "secretsmanager.(CreateSecret|PutSecretValue|UpdateSecretVersionStage)"
            case .azure: "^PUT./secrets/"
            case .github: "^PUT./repos/"
            case .gitlab: "^(POST|PUT)./api/v4/projects/"
            case .circleci: "^POST./api/v2/project/"
            case .shelf, .secretService, .vault, .vaultOne: "^(POST|PUT)./v1/(secret/data|old)/"
            }
        }
        /// Those that look at a place.
        var reading: String {
            switch self {
            case .aws: "secretsmanager.GetSecretValue"
            case .azure: "^GET./secrets/t"
            case .github: "^GET./repos/o/r/actions/secrets/T"
            case .gitlab: "^GET./api/v4/projects/"
            case .circleci: "^GET./api/v2/project/gh/o/r/envvar/T"
            case .shelf, .secretService, .vault, .vaultOne: "^GET./v1/(secret/data|old)/"
            }
        }
        /// The type of the backend.
        var type: String {
            switch self {
            case .vault, .vaultOne: "vault"
            default: rawValue
            }
        }
    }

    let kind: Kind
    let home: ClientHome
    /// What places begin with; nobody else uses it.
    let folder: String
    /// What names begin with where all tests have one folder.
    let prefix: String
    /// Where the server listens.
    private let port: Int?
    private(set) var line: FaultyLine?
    /// What `open` says.
    var settings: [String: String] = [:]
    var credentials: [String: String] = [:]

    init(_ kind: Kind) throws {
        self.kind = kind
        home = try ClientHome(.passel, initialised: false)
        let name = "t\(UInt64.random(in: 0 ... .max))"
        prefix =
            kind == .azure ? name + "-" : Kind.flat.contains(kind) ? name.uppercased() + "_" : ""
        switch kind {
        case .shelf:
            port = nil
            folder = name + "/"
            try ExampleBackend.install(home)
            settings = ["file": home.sandbox.root + "/shelf"]
        case .secretService:
            port = nil
            folder = name + "/"
            let keyring = try TestKeyring.shared.get()
            home.sandbox.set("DBUS_SESSION_BUS_ADDRESS", keyring.address)
        case .vault, .vaultOne:
            let server = try TestVault.shared.get()
            port = server.port
            folder = (kind == .vault ? "secret/" : "old/") + name + "/"
            let line = try FaultyLine(to: server.port, home.sandbox.root + "/line")
            self.line = line
            settings = ["address": line.address]
            credentials = ["token": TestVault.root]
        case .aws:
            let server = try TestAWS.shared.get()
            port = server.port
            folder = name + "/"
            let line = try FaultyLine(to: server.port, home.sandbox.root + "/line")
            self.line = line
            settings = ["address": line.address, "region": TestAWS.region]
            credentials = try server.settings("admin")
        case .azure:
            let server = try TestCI.get("azure")
            port = server.port
            folder = "secrets/"
            let line = try FaultyLine(to: server.port, home.sandbox.root + "/line")
            self.line = line
            settings = [
                "address": line.address, "authority": server.address, "tenant": "tenant",
                "client-id": TestCI.application,
            ]
            credentials = ["client-secret": TestCI.admin]
        case .github, .gitlab, .circleci:
            let server = try TestCI.get(kind.rawValue)
            port = server.port
            folder = ["github": "o/r/", "gitlab": "g/p/"][kind.rawValue] ?? "gh/o/r/"
            let line = try FaultyLine(to: server.port, home.sandbox.root + "/line")
            self.line = line
            settings = ["address": line.address]
            if kind == .gitlab { settings["masked"] = "no" }
            credentials = ["token": TestCI.admin]
        }
    }

    /// The program that speaks for it.
    private var program: [String] {
        kind == .shelf
            ? [home.sandbox.bin + "/passel-backend-shelf", "shelf"]
            : [Binary.find("passel-backend", variable: "PASSEL_BACKEND_BINARY"), kind.type]
    }

    /// Another way to the server, through TLS.
    func secureLine(_ certificates: GitServers) throws -> FaultyLine {
        guard let port else { throw TestingProblem("no server") }
        return try FaultyLine(
            to: port, home.sandbox.root + "/secure", certificates: certificates)
    }

    // MARK: Asking

    /// The program, which waits for requests.
    func start() throws -> RunningProgram {
        let variables = home.sandbox.environment.map { Bytes($0.key.utf8) + [0x3D] + $0.value }
        return try RunningProgram(
            Invocation(
                program[0], [Bytes(program[1].utf8)], environment: variables,
                directory: home.sandbox.root))
    }

    /// The first request, as a line.
    func opening(timeout: Int = 20) throws -> Bytes {
        let request: [String: Any] = [
            "id": 0, "do": "open", "protocol": 1, "name": "it", "timeout": timeout,
            "settings": settings,
            "credentials": credentials.mapValues { Data($0.utf8).base64EncodedString() },
        ]
        return Bytes(try JSONSerialization.data(withJSONObject: request)) + [0x0A]
    }

    /// What the program answers to `open` and then to each request.
    func ask(_ requests: [String: Any]..., timeout: Int = 20) throws -> [Answer] {
        var input = try opening(timeout: timeout)
        for (number, line) in requests.enumerated() {
            let request = line.merging(["id": number + 1]) { $1 }
            input += Bytes(try JSONSerialization.data(withJSONObject: request)) + [0x0A]
        }
        let outcome = try home.sandbox.run(
            program[0], bytes: [Bytes(program[1].utf8)], input: .bytes(input))
        guard outcome.status == 0, outcome.stderr.isEmpty else {
            throw TestingProblem("status \(outcome.status): \(outcome.stderr.text)")
        }
        let answers = outcome.stdout.text.split(separator: "\n").map(String.init)
        guard answers.count == requests.count + 1 else { throw TestingProblem("\(answers)") }
        return try answers.enumerated().map { number, text in
            let json = try JSONSerialization.jsonObject(with: Data(text.utf8))
            guard let members = json as? [String: Any], members["id"] as? Int == number else {
                throw TestingProblem(text)
            }
            return Answer(text: text, members: members)
        }
    }

    func open() throws -> Answer { try ask()[0] }

    func read(_ place: String, timeout: Int = 20) throws -> Answer {
        try ask(["do": "read"].merging(named(place)) { $1 }, timeout: timeout)[1]
    }

    /// Writes a value if the place is in the state that an answer told.
    func write(
        _ value: Bytes, _ place: String, after answer: Answer?, timeout: Int = 20
    ) throws -> Answer {
        try ask(writing(value, place, after: answer), timeout: timeout)[1]
    }

    func writing(_ value: Bytes, _ place: String, after answer: Answer?) -> [String: Any] {
        var request: [String: Any] = ["do": "write", "value": Data(value).base64EncodedString()]
        if let version = answer?.members["version"] { request["expected"] = version }
        return request.merging(named(place)) { $1 }
    }

    func delete(_ place: String, after answer: Answer) throws -> Answer {
        var request: [String: Any] = ["do": "delete"]
        if let version = answer.members["version"] { request["expected"] = version }
        return try ask(request.merging(named(place)) { $1 })[1]
    }

    /// What is below a folder, as `PLACE#FIELD` without what all places begin with.
    func list(_ below: String = "") throws -> [String] {
        let answer = try ask(["do": "list", "place": folder + below])[1]
        guard let places = answer.members["places"] as? [[String: String]] else {
            throw TestingProblem(answer.text)
        }
        return places.map { place in
            String((place["place"] ?? "").dropFirst(folder.count))
                + (place["field"].map { "#" + $0 } ?? "")
        }
    }

    /// `PLACE#FIELD`, below what all places begin with.
    ///
    /// Some have names of variables.
    func named(_ place: String) -> [String: String] {
        guard prefix.isEmpty else { return ["place": folder + variable(place)] }
        guard let hash = place.lastIndex(of: "#") else { return ["place": folder + place] }
        return [
            "place": folder + place[..<hash], "field": String(place[place.index(after: hash)...]),
        ]
    }

    /// What a place is called where names are those of variables.
    func variable(_ place: String) -> String {
        let other: Character = kind == .azure ? "-" : "_"
        let name = String(place.map { $0.isLetter || $0.isNumber ? $0 : other })
        return prefix + (kind == .azure ? name : name.uppercased())
    }

    /// What is in a place, whether the backend can read it or not.
    func stored(_ place: String) throws -> Bytes? {
        switch kind {
        case .github:
            return try TestCI.get("github").githubValue(
                "repos/\(folder)actions/secrets/\(variable(place))")
        case .circleci:
            let all = try TestCI.get("circleci").own("variables") as? [String: String]
            return all?[folder + variable(place)].map { Bytes($0.utf8) }
        default: return try read(place).value
        }
    }

    /// An answer as JSON.
    struct Answer {
        let text: String
        let members: [String: Any]

        var value: Bytes? {
            (members["value"] as? String).flatMap { Data(base64Encoded: $0) }.map { Bytes($0) }
        }
        private var error: [String: Any]? { members["error"] as? [String: Any] }
        /// The class of the error.
        var problem: String? { error?["class"] as? String }
        var message: String { error?["message"] as? String ?? "" }
        var setting: String? { error?["setting"] as? String }
        var retryAfter: Int? { error?["retry_after"] as? Int }
        var isNothing: Bool { members["present"] as? Bool == false }
        var lastFour: String? { members["last4"] as? String }
        var updated: Int? { members["updated"] as? Int }
        var can: [String] { members["can"] as? [String] ?? [] }
    }
}

/// The example of passel-backend(7).
enum ExampleBackend {
    /// Puts it on the PATH.
    static func install(_ home: ClientHome) throws {
        guard let page = Disk.read("\(Source.root)/man/passel-backend.7")?.text else {
            throw TestingProblem("no manual page")
        }
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        let example = lines.drop { $0 != ".Bd -literal" }.dropFirst().prefix { $0 != ".Ed" }
        // What mdoc would not show as it stands must not be in it.
        guard example.count > 30, example.count < 50,
            !example.contains(where: {
                $0.hasPrefix(".") || $0.hasPrefix("'") || $0.contains("\\")
            })
        else { throw TestingProblem("the example is not as it is shown") }
        try Disk.write(
            example.joined(separator: "\n") + "\n",
            to: home.sandbox.bin + "/passel-backend-shelf", mode: 0o700)
    }
}
