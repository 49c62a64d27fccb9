import PasselCore
import PasselTesting
import Testing

@Suite struct BackendProtocolTests {
    private func location(_ text: String) throws -> Location { try Location(Bytes(text.utf8)) }

    private func text(_ secret: Secret) -> String {
        secret.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func answer(_ line: String, to action: BackendRequest.Action) throws -> BackendAnswer {
        try BackendAnswer(Secret(plain: line), to: BackendRequest(7, action))
    }

    @Test func `each request is one line, values in base64`() throws {
        let place = try location("v:a/b#c"), whole = try location("v:a \"é")
        let value = Secret(plain: "hunter22\n")
        let cases: [(BackendRequest.Action, String)] = [
            (.read(place), #"{"id": 1,"do": "read","place": "a/b","field": "c"}"#),
            (.read(whole), #"{"id": 1,"do": "read","place": "a \"é"}"#),
            (.list(try location("v:a/")), #"{"id": 1,"do": "list","place": "a/"}"#),
            (
                .write(place, value, expected: .absent),
                #"{"id": 1,"do": "write","place": "a/b","field": "c","expected": null, "value": "aHVudGVyMjIK"}"#
            ),
            (
                .write(whole, value, expected: .named("3")),
                #"{"id": 1,"do": "write","place": "a \"é","expected": "3", "value": "aHVudGVyMjIK"}"#
            ),
            (
                .write(whole, Secret(plain: ""), expected: .unknown),
                #"{"id": 1,"do": "write","place": "a \"é", "value": ""}"#
            ),
            (
                .delete(whole, expected: .named("3")),
                #"{"id": 1,"do": "delete","place": "a \"é","expected": "3"}"#
            ),
        ]
        for (action, line) in cases {
            #expect(text(BackendRequest(1, action).line) == line + "\n")
        }
    }

    @Test func `the first request has settings in clear and credentials in base64`() throws {
        let name = try #require(BackendName(Bytes("v".utf8)))
        let opening = BackendOpening(
            name, settings: [("address", "https://127.0.0.1:1")],
            credentials: [("token", Secret(plain: "hunter22")), ("id", Secret(plain: "x"))],
            timeout: 9)
        #expect(
            text(BackendRequest(1, .open(opening)).line)
                == #"{"id": 1,"do": "open","protocol": 1,"name": "v","timeout": 9,"settings": {"address": "https://127.0.0.1:1"}, "credentials": {"token": "aHVudGVyMjI=", "id": "eA=="}}"#
                + "\n")
        let bare = text(BackendRequest(2, .open(BackendOpening(name))).line)
        #expect(bare.hasSuffix(#""settings": {}, "credentials": {}}"# + "\n"))
    }

    @Test func `a value, nothing, or only signs of one are read`() throws {
        let place = try location("v:a")
        func content(_ line: String) throws -> PlaceContent {
            guard case .content(let content) = try answer(line, to: .read(place)) else {
                throw TestingProblem("another answer")
            }
            return content
        }
        let value = try content(#"{"id":7,"value":"aHVudGVyMjIK","version":"4"}"#)
        guard case .value(let secret) = value.holding else { throw TestingProblem("no value") }
        #expect(secret == Secret(plain: "hunter22\n") && value.version == .named("4"))
        let nothing = try content(#"{"id":7,"present":false,"version":null,"more":[1]}"#)
        guard case .nothing = nothing.holding else { throw TestingProblem("something") }
        #expect(nothing.version == .absent)
        let signs = try content(#"{"id":7,"present":true,"last4":"wxyz","updated":5}"#)
        guard case .unreadable("wxyz", 5) = signs.holding else { throw TestingProblem("no signs") }
        #expect(signs.version == .unknown)
    }

    @Test(arguments: [
        "", "hello", "{}", "[]", #"{"id":8,"present":false}"#, #"{"id":"7","present":false}"#,
        #"{"id":7}"#, #"{"id":7,"value":7}"#, #"{"id":7,"value":"*"}"#, #"{"id":7,"value":"a"}"#,
        #"{"id":7,"present":"no"}"#, #"{"id":7,"present":true,"last4":"toolong"}"#,
        #"{"id":7,"present":false,"version":3}"#, #"{"id":7,"present":false} {"id":8}"#,
        #"{"id":7,"id":7,"present":false}"#, #"{"id":7,"error":{"class":"odd"}}"#,
        #"{"id":7,"error":"auth"}"#, #"{"id":7,"present":false"#,
        "{\"id\":7,\"present\":false,\"version\":\"\(String(repeating: "v", count: 513))\"}",
    ])
    func `what is no answer is told without a word of it`(line: String) throws {
        let place = try location("v:a")
        let refused = #expect(throws: BackendAnswer.NotProtocol.self) {
            _ = try answer(line, to: .read(place))
        }
        #expect(refused?.reason.bytes.isEmpty == false)
    }

    @Test(arguments: BackendFailure.Kind.allCases)
    func `every class of failure has its message and its hint`(kind: BackendFailure.Kind) throws {
        let place = try location("v:a")
        let line = #"{"id":7,"error":{"class":"\#(kind.rawValue)","setting":"token"}}"#
        let failure = #expect(throws: BackendFailure.self) {
            _ = try answer(line, to: .read(place))
        }
        #expect(failure == BackendFailure(kind, "", setting: "token"))
        let problem = try #require(failure).problem(of: place.backend)
        #expect(problem.message.description.hasPrefix("v: ") && problem.message.bytes.count > 10)
        #expect(problem.hints == ["look at token: passel backend show v"])
    }

    @Test func `a message is shortened, harmless, and never repeats a value`() throws {
        let place = try location("v:a")
        func message(_ said: String, _ action: BackendRequest.Action) -> Text? {
            #expect(throws: BackendFailure.self) {
                _ = try answer(
                    #"{"id":7,"error":{"class":"validation","message":"\#(said)","retry_after":99999999}}"#,
                    to: action)
            }?.message
        }
        let write = BackendRequest.Action.write(place, Secret(plain: "hunter22"), expected: .absent)
        #expect(message("too \\u001b[2J long", write) == "too \\x1b[2J long")
        #expect(message("not hunter22 again", write) == "")
        #expect(message("not aHVudGVyMjI= again", write) == "")
        #expect(message(String(repeating: "é", count: 300), .read(place))?.bytes.count == 400)
        let opening = BackendOpening(
            place.backend, credentials: [("token", Secret(plain: "hunter33"))])
        #expect(message("bad token hunter33", .open(opening)) == "")
    }

    @Test func `only places below the one that was asked about are listed`() throws {
        let folder = try location("v:ci/")
        let line = #"{"id":7,"places":[{"place":"ci/a","field":"t"},{"place":"ci/b/c"}]}"#
        guard case .places(let found) = try answer(line, to: .list(folder)) else {
            throw TestingProblem("no places")
        }
        #expect(found.map(\.spelling) == ["v:ci/a#t", "v:ci/b/c"])
        for bad in [
            #"[{"place":"other/a"}]"#, #"[{"place":"ci/"}]"#, #"["ci/a"]"#, "{}", "null",
            #"[{"place":"ci/a\nb"}]"#,
        ] {
            #expect(throws: BackendAnswer.NotProtocol.self) {
                _ = try answer(#"{"id":7,"places":\#(bad)}"#, to: .list(folder))
            }
        }
    }

    @Test func `an answer or a value beyond all reason is refused`() throws {
        let place = try location("v:a")
        let large = String(repeating: "A", count: (BackendAnswer.largestValue / 3 + 2) * 4)
        #expect(throws: BackendFailure.self) {
            _ = try answer(#"{"id":7,"value":"\#(large)"}"#, to: .read(place))
        }
        #expect(throws: BackendAnswer.NotProtocol.self) {
            let line = Secret(capacity: BackendAnswer.longest + 1) { $0.count }
            _ = try BackendAnswer(line, to: BackendRequest(7, .read(place)))
        }
    }

    @Test func `what a backend can do is read, and unknown words are left`() throws {
        let name = try #require(BackendName(Bytes("v".utf8)))
        func open(_ line: String) throws -> BackendCapabilities {
            guard case .open(let able) = try answer(line, to: .open(BackendOpening(name))) else {
                throw TestingProblem("another answer")
            }
            return able
        }
        #expect(
            try open(#"{"id":7,"protocol":1,"can":["read","compare","fly"],"largest":99}"#)
                == BackendCapabilities(
                    reads: true, lists: false, deletes: false, compares: true, largest: 99))
        #expect(
            try open(#"{"id":7,"protocol":1}"#)
                == BackendCapabilities(reads: false, lists: false, deletes: false, compares: false))
        for bad in ["\"protocol\":2", "\"protocol\":1,\"can\":7", "\"protocol\":1,\"largest\":0"] {
            #expect(throws: BackendAnswer.NotProtocol.self) { _ = try open("{\"id\":7,\(bad)}") }
        }
    }
}
