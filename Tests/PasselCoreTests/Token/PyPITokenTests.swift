import Testing

@testable import PasselCore

@Suite struct PyPITokenTests {
    private typealias Vector = (caveats: [String], location: String, key: String, signature: String)

    /// What pypitoken made and plain HMAC confirmed.
    private static let vectors: [Vector] = {
        let usual = "a-test-key-of-any-length"
        let ids = (1...2).map { "00000000-0000-0000-0000-00000000000\($0)" }
        let names = (0..<12).map { "\"project-0\($0 < 10 ? "0" : "")\($0)\"" }
        func vector(_ caveats: [String], _ signature: String) -> Vector {
            (caveats, "pypi.org", usual, signature)
        }
        return [
            vector([], "4bfa377c3b8209ec0f0ba8552753e6196efdd813cee69ea332c4f6c58d33cc54"),
            vector(
                [#"[1, ["foo-bar"]]"#],
                "ec249f618afe9925e7e114d35644f6ebc74ed3f29a69ba1692730775e9dc5c75"),
            vector(
                [#"[1, ["foo-bar"]]"#, "[0, 1700003600, 1700000000]"],
                "3c26e4114b539ce5752efdace9bf594dc49d8d00e71183b104f0e72a0b2fd600"),
            vector(
                [#"[2, ["\#(ids[0])"]]"#, #"[3, "\#(ids[1])"]"#],
                "3675cfe36a50995c16537d8eab9f5ac502002071cc90bcc5a85c004c6612e612"),
            vector(
                [#"{"version": 1, "permissions": "user"}"#],
                "ef5eb2b570dd3f8015612475fe917651f760f4a500df9cb9c717e5515a83ea8b"),
            vector(
                [#"{"version": 1, "permissions": {"projects": ["a", "b"]}}"#],
                "1c96290d9177f368eb148ba74754f1d1a7ba43193a0b29c1c8ea85c8427ef7c6"),
            vector(
                [#"[3,"\#(ids[1])"]"#],
                "70f829fa341f82de62981050aae3bbca77a8e51f5231e475f0434f35b2247c2a"),
            vector(
                [#"[3,"\#(ids[1])"]"#, #"[1,["foo-bar"]]"#, "[0,1700003600,1700000000]"],
                "1b4ddb5ff899708bac84d18bacd471318870172a9ffcbe7d72f8435f9167d696"),
            (
                ["[1, [\(names.joined(separator: ", "))]]"], "test.pypi.org", "k",
                "8e93a71815a6cf58c1a033014cefa68a6fdad1a5ca1d52d9c8b583e501b39772"
            ),
        ]
    }()

    @Test(arguments: vectors.indices)
    func `the published tokens are read`(index: Int) throws {
        let vector = Self.vectors[index]
        let binary = TokenSamples.macaroon(
            vector.caveats, location: vector.location, key: vector.key)
        #expect(binary.suffix(32).hex.lowercased() == vector.signature)
        let macaroon = try #require(binary.withUnsafeBytes { Macaroon($0) })
        #expect(macaroon.location == Array(vector.location.utf8))
        #expect(macaroon.caveats.map { String(decoding: $0.text, as: UTF8.self) } == vector.caveats)
        #expect(macaroon.caveats.allSatisfy { PyPICaveat($0.text) != nil })
        let text = TokenSamples.pypi(vector.caveats, location: vector.location, key: vector.key)
        let finding = try #require(Secret(plain: text).tokenFinding)
        #expect(finding.kind == (vector.location == "pypi.org" ? "pypi" : "testpypi"))
        #expect(finding.warnings == [])
        #expect(finding.implied[.username] == "__token__")
    }

    @Test func `restrictions of every form are understood`() {
        let forms: [(String, PyPICaveat?)] = [
            ("[0, 2, 1]", .times(notBefore: 1, expires: 2)),
            (#"{"exp":2,"nbf":1}"#, .times(notBefore: 1, expires: 2)),
            (#"[1, ["a","b"]]"#, .projects(["a", "b"])),
            (#"{"version":1,"permissions":{"projects":["a"]}}"#, .projects(["a"])),
            (#"[2, ["i"]]"#, .projectIDs(["i"])), (#"{"project_ids":["i"]}"#, .projectIDs(["i"])),
            (#"[3, "u"]"#, .user("u")), (#"[4, "p"]"#, .publisher("p")),
            (#"[4, "p", {"sha":"x"}]"#, .publisher("p")),
            (#"{"version":1,"permissions":"user"}"#, .account),
            (#"{"version":2,"permissions":"user"}"#, nil), ("[5, 1]", nil), ("[0, 1]", nil),
            (#"[1, "a"]"#, nil), ("cid", nil), ("", nil), ("[]", nil), ("{}", nil),
            (#"[1, [1]]"#, nil), (#"{"exp":2,"nbf":1,"x":1}"#, nil),
        ]
        for (text, meaning) in forms { #expect(PyPICaveat(Array(text.utf8)) == meaning, "\(text)") }
    }

    @Test func `a narrowed token is the one that pypitoken makes`() throws {
        let user = #"[3,"00000000-0000-0000-0000-000000000002"]"#
        let parent = try #require(PyPIToken(Secret(plain: TokenSamples.pypi([user]))))
        let narrowed = parent.narrowed(
            to: ["Foo__Bar"],
            times: (Instant(second: 1_700_000_000), Instant(second: 1_700_003_600)))
        let wanted = TokenSamples.pypi(
            [user, #"[1,["foo-bar"]]"#, "[0,1700003600,1700000000]"])
        #expect(narrowed.text == wanted)
        let child = try #require(PyPIToken(narrowed))
        #expect(child.projects == ["foo-bar"])
        #expect(child.expires?.spelling == "2023-11-14T23:13:20Z")
        #expect(child.notBefore == Instant(second: 1_700_000_000))
        // A second time it is only ever narrower.
        let again = try #require(
            PyPIToken(
                child.narrowed(
                    to: ["foo.bar", "other"],
                    times: (Instant(second: 1_600_000_000), Instant(second: 1_800_000_000)))))
        #expect(again.projects == ["foo-bar"])
        #expect(again.expires == child.expires && again.notBefore == child.notBefore)
    }

    @Test func `a restriction of more than 127 bytes is narrowed with`() throws {
        let names = (0..<40).map { Text("project-number-\($0)".utf8) }
        let parent = try #require(PyPIToken(Secret(plain: TokenSamples.pypi([]))))
        let list = names.map { "\"\($0)\"" }.joined(separator: ",")
        #expect(
            parent.narrowed(to: names, times: nil).text == TokenSamples.pypi(["[1,[\(list)]]"]))
    }

    @Test func `a damaged token is never read, and said to be mistyped`() {
        let whole = TokenSamples.pypi([#"[1, ["foo"]]"#])
        for count in 24..<whole.count - 1 {
            let part = Secret(plain: String(whole.prefix(count)))
            #expect(PyPIToken(part) == nil)
            #expect(part.tokenFinding?.isMistyped == true, "\(count)")
        }
        let binary = TokenSamples.macaroon(["[3,1]"])
        for place in binary.indices where place < binary.count - 32 {
            var other = binary
            other[place] ^= 0x40
            // Texts may hold anything; what is read must be the text that is there.
            _ = other.withUnsafeBytes { Macaroon($0) }
        }
        #expect((binary + [0]).withUnsafeBytes { Macaroon($0) } == nil)
    }

    @Test func `what is not stated and not known is said`() throws {
        let plain = try #require(Secret(plain: TokenSamples.pypi([])).tokenFinding)
        #expect(plain.claims.last?.values == ["not stated in the token"])
        let odd = try #require(Secret(plain: TokenSamples.pypi(["[9,1]"])).tokenFinding)
        #expect(odd.warnings.count == 1 && !odd.isMistyped)
    }
}
