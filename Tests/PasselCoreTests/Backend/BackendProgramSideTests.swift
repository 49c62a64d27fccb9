import PasselCore
import PasselTesting
import Testing

/// The protocol as a program that speaks for a backend sees it.
@Suite struct BackendProgramSideTests {
    private func line(_ secret: Secret) -> String {
        secret.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func location(_ text: String) throws -> Location { try Location(Bytes(text.utf8)) }

    @Test func `what passel asks is what the program reads`() throws {
        let place = try location("v:a/b#c"), whole = try location("v:a \"é\u{1F511}")
        let value = Secret(plain: "hunter22\n\u{0}\"")
        var opening = BackendOpening(
            place.backend, settings: [("address", "https://[::1]:8"), ("ca", "/a \"b\"")],
            credentials: [("token", value)], timeout: 9)
        let actions: [BackendRequest.Action] = [
            .open(opening), .read(place), .read(whole), .list(try location("v:a/")),
            .write(place, value, expected: .absent), .write(whole, value, expected: .named("3")),
            .write(whole, Secret(plain: ""), expected: .unknown),
            .delete(place, expected: .named("é")), .delete(place, expected: .unknown),
        ]
        for (number, action) in actions.enumerated() {
            let asked = BackendRequest(number, action).line
            let read = try BackendRequest(
                reading: asked.slice(0..<(asked.count - 1)), of: place.backend)
            #expect(line(read.line) == line(asked))
        }
        opening.timeout = 1 << 40
        let asked = BackendRequest(1, .open(opening)).line
        guard case .open(let read) = try BackendRequest(reading: asked, of: nil).action else {
            throw TestingProblem("another request")
        }
        #expect(read.timeout == 86_400)
    }

    @Test(arguments: [
        "", "{}", "[1]", #"{"id":1}"#, #"{"id":1,"do":"dance","place":"a"}"#,
        #"{"id":1,"do":"read"}"#, #"{"id":1,"do":"read","place":""}"#,
        #"{"id":1,"do":"read","place":7}"#, #"{"id":1,"do":"list","place":"a"}"#,
        #"{"id":1,"do":"list","place":"a/","field":"f"}"#,
        #"{"id":1,"do":"write","place":"a"}"#, #"{"id":1,"do":"write","place":"a","value":"*"}"#,
        #"{"id":1,"do":"write","place":"a","value":"YQ==","expected":7}"#,
        #"{"id":1,"do":"open","protocol":2,"name":"v"}"#,
        #"{"id":1,"do":"open","protocol":1,"name":"V"}"#,
        #"{"id":1,"do":"open","protocol":1,"name":"v","settings":{"a":1}}"#,
        #"{"id":1,"do":"open","protocol":1,"name":"v","credentials":{"a":"*"}}"#,
    ])
    func `what is no request is refused with its number`(_ text: String) throws {
        let name = try location("v:a").backend
        do {
            _ = try BackendRequest(reading: Secret(plain: text), of: name)
            Issue.record("it was taken for one")
        } catch let refusal as BackendRequest.NotRequest {
            #expect(refusal.number == (text.hasPrefix("{\"id\":1") ? 1 : nil))
        }
    }

    @Test func `a place whose name is no UTF-8 was taken for another one`() throws {
        let line = Secret([
            .plain(Array(#"{"id":1,"do":"read","place":"a"#.utf8) + [0xcb] + Array(#""}"#.utf8))
        ])
        let name = try location("v:a").backend
        #expect(throws: BackendRequest.NotRequest.self) {
            try BackendRequest(reading: line, of: name)
        }
    }

    @Test func `nothing is asked of a place before the backend has a name`() throws {
        let line = BackendRequest(1, .read(try location("v:a"))).line
        #expect(throws: BackendRequest.NotRequest.self) {
            try BackendRequest(reading: line, of: nil)
        }
    }

    @Test func `what the program answers is what passel reads`() throws {
        let place = try location("v:a/b#c"), folder = try location("v:a/")
        let value = Secret(plain: "hunter22\n\u{0}\"é")
        let versions: [PlaceVersion] = [.absent, .unknown, .named("7 \"é\"")]
        for version in versions {
            for holding: PlaceContent.Holding in [
                .value(value), .value(Secret(plain: "")), .nothing,
                .unreadable(lastFour: "wxyz", updated: 5), .unreadable(lastFour: nil, updated: nil),
            ] {
                let answer = BackendAnswer.content(PlaceContent(holding, version: version)).line(3)
                let request = BackendRequest(3, .read(place))
                guard case .content(let content) = try BackendAnswer(answer, to: request) else {
                    throw TestingProblem("another answer")
                }
                #expect(content.version == version)
                #expect("\(content.holding)" == "\(holding)")
                if case .value(let given) = holding, case .value(let read) = content.holding {
                    #expect(given == read)
                }
            }
            let done = BackendAnswer.done(version).line(4)
            let request = BackendRequest(4, .delete(place, expected: version))
            guard case .done(let read) = try BackendAnswer(done, to: request) else {
                throw TestingProblem("another answer")
            }
            #expect(read == version)
        }
        let looking = BackendCapabilities(
            reads: false, looks: true, lists: false, deletes: false, compares: false)
        let looked = BackendAnswer.open(looking).line(1)
        let asked = BackendRequest(1, .open(BackendOpening(place.backend)))
        guard case .open(looking) = try BackendAnswer(looked, to: asked) else {
            throw TestingProblem("it can do something else")
        }
        let able = BackendCapabilities(
            reads: true, lists: false, deletes: true, compares: false, ignoresCase: true,
            largest: 9)
        let opened = BackendAnswer.open(able).line(1)
        let opening = BackendRequest(1, .open(BackendOpening(place.backend)))
        guard case .open(let read) = try BackendAnswer(opened, to: opening) else {
            throw TestingProblem("another answer")
        }
        #expect(read == able)
        let listed = BackendAnswer.places([place, try location("v:a/x")]).line(2)
        guard
            case .places(let places) = try BackendAnswer(
                listed, to: BackendRequest(2, .list(folder)))
        else { throw TestingProblem("another answer") }
        #expect(places == [place, try location("v:a/x")])
    }

    @Test func `a failure is told with its class, setting and time to wait`() throws {
        let place = try location("v:a")
        for failure in [
            BackendFailure(.rateLimit, "é \"later\"", setting: "address", retryAfter: 7),
            BackendFailure(.conflict, ""),
        ] {
            #expect(throws: failure) {
                try BackendAnswer(failure.line(9), to: BackendRequest(9, .read(place)))
            }
        }
    }

    @Test func `a value is as it stands when it is written again`() {
        let text = #"{"a":"\u00e9\"","b":[1.50,null,true,{}],"c":{"d":-1e9}}"#
        Secret(plain: text).withBytes { bytes in
            guard let json = JSONPlaces(bytes) else {
                Issue.record("not read")
                return
            }
            #expect(line(Secret(json.source(json.root))) == text)
        }
    }

    @Test func `passel's own kinds of backends get the variables that they need`() throws {
        let vault = try #require(BuiltInBackend.named(.vault))
        for name in [
            "PATH", "HOME", "VAULT_TOKEN", "BAO_ADDR", "LC_ALL", "https_proxy", "NO_PROXY",
        ] {
            #expect(vault.wants(Bytes(name.utf8)))
        }
        for name in ["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "PASSWORD_STORE_DIR", "LD_PRELOAD"] {
            #expect(!vault.wants(Bytes(name.utf8)))
        }
    }
}
