import Testing

@testable import PasselCore

@Suite struct TokenTableTests {
    private static let url = TokenSamples.base62 + "-_"

    /// A kind and a token of it.
    private static let samples: [(kind: String, token: String)] = {
        func letters(_ count: Int, _ alphabet: String = TokenSamples.base62) -> String {
            TokenSamples.letters(count, alphabet)
        }
        let hex = TokenSamples.hex
        let large = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        let thirty = "0123456789ABCDEFGHIJKLMNOPQRST"
        let head = "{\"alg\":\"RS256\"}"
        return [
            ("github", TokenSamples.checked("ghp_", thirty)),
            ("github-oauth", TokenSamples.checked("gho_", letters(30))),
            ("github-app-user", TokenSamples.checked("ghu_", letters(30))),
            ("github-app-installation", TokenSamples.checked("ghs_", letters(30))),
            ("github-app-installation", "ghs_12345_" + TokenSamples.jwt(head, "{\"a\":1}")),
            ("github-refresh", TokenSamples.checked("ghr_", letters(30))),
            ("github-fine-grained", "github_pat_" + letters(22) + "_" + letters(59)),
            ("gitlab", "glpat-" + letters(20, url)),
            ("gitlab", TokenSamples.routable("glpat-", "o:1\nu:2s")),
            ("gitlab", TokenSamples.routable("glpat-", "c:1\no:1\nu:2s", version: ".01")),
            ("gitlab-runner", TokenSamples.routable("glrt-t1_", "g:3\no:1", version: ".01")),
            ("gitlab-deploy", "gldt-" + letters(20, url)),
            ("gitlab-job", "glcbt-64_" + letters(20, url)),
            ("gitlab-trigger", "glptt-" + letters(40, hex)),
            ("gitlab-runner-registration", "GR1348941" + letters(20, url)),
            ("npm", TokenSamples.checked("npm_", letters(30))),
            ("slack-bot", "xoxb-" + "123456789012-123456789012-" + letters(24)),
            ("slack-app", "xapp-" + "1-A012-345-" + letters(64, "0123456789abcdef")),
            (
                "slack-webhook",
                "https://hooks.slack.com/services/" + "T01234567/B01234567/" + letters(24)
            ),
            ("stripe", "sk_" + "live_" + letters(24)), ("stripe", "rk_" + "test_" + letters(24)),
            ("docker", "dckr_pat_" + letters(27, url)),
            ("docker-organization", "dckr_oat_" + letters(32, url)),
            ("huggingface", "hf_" + letters(34)), ("rubygems", "rubygems_" + letters(48, hex)),
            ("crates-io", "cio" + letters(32)),
            ("nuget", "oy2" + letters(43, "abcdefghij0123456789")),
            ("google-api-key", "AIza" + letters(35, url)),
            ("google-client-secret", "GOCSPX-" + letters(28, url)),
            ("azure-client-secret", letters(3) + "8Q~" + letters(34)),
            ("azure-storage-key", letters(86) + "=="), ("vault", "hvs." + letters(90, url)),
            ("vault", "s." + letters(24)),
            ("openai", "sk-" + letters(20) + "T3BlbkFJ" + letters(20)),
            ("anthropic", "sk-ant-" + "api03-" + letters(93, url) + "AA"),
            ("digitalocean", "dop_v1_" + letters(64, hex)),
            ("cloudflare-origin-ca", "v1.0-" + letters(24, hex) + "-" + letters(146, hex)),
            ("cloudflare", letters(39) + "_"),
            ("aws-secret-key", letters(39) + "/"),
            ("aws-access-key", "AKIA" + letters(16, large)),
            ("sentry", "sntryu_" + letters(64, hex)), ("doppler", "dp.pt." + letters(43)),
            ("telegram", "123456789:A" + letters(34, url)),
            ("terraform", letters(14) + ".atlasv1." + letters(64, url)),
            ("circleci", "CCIPAT_" + letters(22) + "_" + letters(40, hex)),
            ("jwt", TokenSamples.jwt(head, "{\"iss\":\"me\"}")),
        ]
    }()

    @Test func `each kind is known by its form`() throws {
        for (kind, token) in Self.samples {
            let finding = try #require(Secret(plain: token).tokenFinding, "\(kind)")
            #expect(finding.kind == Text(kind.utf8))
            #expect(!finding.isMistyped, "\(kind)")
            #expect(finding.isChecksumGood != false, "\(kind)")
            #expect(finding.lastFour == Text(token.utf8.suffix(4)))
            #expect(finding.implied[.kind] == finding.kind)
        }
    }

    @Test func `a checksum finds every mistyped letter`() throws {
        let tokens = Self.samples.filter {
            Secret(plain: $0.token).tokenFinding?.isChecksumGood == true
        }
        #expect(tokens.count == 9)
        for (kind, token) in tokens {
            let start = token.firstIndex { "_-".contains($0) }.map { token.index(after: $0) }
            for place in token.indices where place >= (start ?? token.startIndex) {
                var other = token
                other.replaceSubrange(place...place, with: token[place] == "a" ? "b" : "a")
                let finding = try #require(Secret(plain: other).tokenFinding)
                #expect(finding.isMistyped, "\(kind) \(other)")
            }
            #expect(Secret(plain: String(token.dropLast())).tokenFinding?.isMistyped == true)
        }
    }

    @Test(
        arguments: [
            "", "hunter2", "correct horse battery staple", "hf_love", "sk-etch", "s.omething",
            "eyJ",
            "eyJ.a.b", "cio", "dp.x", "1//", "{", "{\"type\":\"other\"}",
            "-----BEGIN NONSENSE-----",
            "0123456789abcdef0123456789abcdef01234567", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "AKIA", "AKIArtoo",
        ])
    func `what is no token is taken for none`(text: String) {
        #expect(Secret(plain: text).tokenFinding == nil)
    }

    @Test func `the account of an AWS key is read`() {
        // Published examples, in two halves.
        let keys = [
            ("ASIA" + "QNZGKIQY" + "56JQ7WML", "029608264753"),
            ("ASIA" + "Y34FZKBO" + "KMUTVV7A", "609629065308"),
            ("AKIA" + "SP2TPHJS" + "QH3FJRUX", "171436882533"),
        ]
        for (key, account) in keys {
            let finding = Secret(plain: key).tokenFinding
            #expect(finding?.claims.first?.values == [Text(account.utf8)])
        }
        #expect(Secret(plain: "AKIA" + "IOSFODNN7" + "ABCDEFG").tokenFinding?.claims == [])
    }

    @Test func `the payload of a routable token is read`() {
        let finding = Secret(
            plain: TokenSamples.routable("glpat-", "c:1\no:1\nu:2s", version: ".01")
        )
        .tokenFinding
        #expect(finding?.claims.map(\.name) == ["cell", "organization", "user"])
        #expect(finding?.claims.last?.values == ["100"])
    }

    @Test func `a JWT tells its times, its issuer and that it is not signed`() throws {
        let body =
            #"{"iss":"me","aud":["a","b"],"iat":1700000000,"nbf":1700000000.5,"exp":1.7000036e9}"#
        let finding = try #require(
            Secret(plain: TokenSamples.jwt(#"{"alg":"none"}"#, body, signature: "")).tokenFinding)
        #expect(finding.expires == Instant(second: 1_700_003_600))
        #expect(finding.notBefore == Instant(second: 1_700_000_000))
        #expect(finding.issued == Instant(second: 1_700_000_000))
        #expect(finding.claims.map(\.name) == ["algorithm", "issuer", "audience"])
        #expect(finding.warnings == ["is not signed: anybody can have made it"])
        let odd = TokenSamples.jwt(#"{"alg":"HS256"}"#, #"{"exp":1700003600000000000000}"#)
        #expect(Secret(plain: odd).tokenFinding?.warnings == ["its exp is no time"])
        #expect(Secret(plain: odd).tokenFinding?.expires == nil)
    }

    @Test func `the last four are shown of twelve characters and more`() {
        let short = Secret(plain: "s" + "k-" + "T3BlbkFJ")
        #expect(short.tokenFinding == nil)
        #expect(Secret(plain: "eyJ" + "abc").tokenFinding == nil)
    }

    @Test func `what came along with a pasted token is found and taken away`() {
        let token = "ghp_abc"
        let pasted: [(String, [PastedToken.Flaw], String)] = [
            (token, [], token), (token + "\n", [], token),
            ("\u{feff}" + token, [.byteOrderMark], token), (token + " ", [.blank], token),
            (token + "\r\n", [.carriageReturn], token), (token + "\n\n", [.newline], token),
            ("ghp_\nabc", [.newline], token), ("\tghp_ abc", [.blank, .innerBlank], token),
            ("ghp_\u{7}abc", [.control], token),
            ("{ \"a\": 1\n}\n", [], "{ \"a\": 1\n}"),
            ("-----BEGIN X-----\r\nAA\r\n", [.carriageReturn], "-----BEGIN X-----\nAA\n"),
        ]
        for (text, flaws, clean) in pasted {
            let found = PastedToken(Secret(plain: text))
            #expect(found.flaws == flaws, "\(text)")
            #expect(found.clean.text.trimmingSuffix("\n") == clean.trimmingSuffix("\n"))
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
