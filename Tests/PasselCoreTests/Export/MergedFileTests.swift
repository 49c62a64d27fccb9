import PasselCore
import Testing

@Suite struct NetRCTests {
    private let file = NetRC()

    @Test func `an entry is added before default and behind a macro`() throws {
        #expect(
            try file.merged(ExportSamples.corp)
                == "machine pypi.corp.example login bot password two\n")
        #expect(
            try file.merged(
                ExportSamples.corp, into: "machine a login b\n  password c\ndefault login d")
                    == """
                    machine a login b
                      password c
                    machine pypi.corp.example login bot password two
                    default login d
                    """)
        #expect(
            try file.merged(ExportSamples.corp, into: "macdef m\n  cd x\n")
                == "macdef m\n  cd x\n\nmachine pypi.corp.example login bot password two\n")
    }

    @Test func `the entry of the same host is replaced, wherever its words stand`() throws {
        let before = "# machine no\nmachine  a.example\n\tlogin \"x y\"\n\tpassword p\n\n#end"
        let item = ExportSamples.item("a", "q\"\\ ", url: "https://a.example:8080/x", user: "u")
        let text = try file.merged(item, into: before)
        #expect(
            text == "# machine no\nmachine a.example login u password \"q\\\"\\\\ \"\n\n#end")
        #expect(
            try file.partText("a.example", of: text)
                == "machine a.example login u password \"q\\\"\\\\ \"")
        #expect(try file.removed("a.example", from: text) == "# machine no\n\n#end")
    }

    @Test func `an entry that shares its line leaves the others`() throws {
        let text = "machine a login b password c machine d login e password f\n"
        #expect(
            try file.removed("a", from: text) == " machine d login e password f\n")
        #expect(try file.removed("x", from: text) == text)
    }

    @Test(arguments: ["machine b login \"c", "x\nmachine", "machine b password"])
    func `a file that would swallow what is added is refused`(_ text: String) {
        #expect(
            message { _ = try file.merged(ExportSamples.corp, into: text) }
                == "the file is not well-formed: what is put into it could not be found again")
    }

    @Test func `there is no line end in a word`() {
        let item = ExportSamples.item("a", "q\nr", url: "https://a/", user: "u")
        #expect(
            message { _ = try file.merged(item) }
                == "the value of ci/a cannot be in .netrc: it has several lines")
    }
}

@Suite struct NPMRCTests {
    private let file = NPMRC()
    private let npm = ExportSamples.item("npm", "tok", url: "https://registry.npmjs.org/")

    @Test func `a token has its registry's line`() throws {
        #expect(try file.merged(npm) == "//registry.npmjs.org/:_authToken=tok\n")
        let before = "save=true\r\n//registry.npmjs.org/:_authToken = old\r\n//other/:_authToken=x"
        let text = try file.merged(npm, into: before)
        #expect(
            text
                == "save=true\r\n//registry.npmjs.org/:_authToken=tok\r\n//other/:_authToken=x")
        #expect(
            try file.removed("//registry.npmjs.org/", from: text)
                == "save=true\r\n//other/:_authToken=x")
    }

    @Test func `there is one login for a registry, before any section`() throws {
        let user = ExportSamples.item("n", "pw", url: "http://r.example:81/a", user: "u")
        let before = "//r.example:81/a/:username=x\n//r.example:81/a/:_password=eQ==\n[s]\na=b\n"
        let text = try file.merged(user, into: before)
        #expect(text == "//r.example:81/a/:_auth=dTpwdw==\n[s]\na=b\n")
        #expect(
            try file.merged(npm, into: "[s]\na=b\n")
                == "//registry.npmjs.org/:_authToken=tok\n[s]\na=b\n")
    }

    @Test(arguments: ["a;b", "a#b", "${X}", "a\\b", "'a'"])
    func `what npm reads otherwise is refused`(_ value: String) {
        let item = ExportSamples.item("n", value, url: "https://r.example/")
        #expect(
            message { _ = try file.merged(item) }
                == "the value of ci/n cannot be in .npmrc: it has a character that npm takes for a mark"
        )
    }
}

@Suite struct PipConfigurationTests {
    @Test func `the login is in the address, nothing reserved in it`() throws {
        let item = ExportSamples.item("c", "p@/: %é", url: "https://c.example/simple", user: "a b")
        #expect(
            try PipConfiguration().merged(item)
                == "[global]\nindex-url = https://a%20b:p%40%2F%3A%20%25%C3%A9@c.example/simple\n")
        #expect(
            try PipConfiguration(hasPassword: false).merged(item)
                == "[global]\nindex-url = https://a%20b@c.example/simple\n")
    }

    @Test func `one line of the section changes`() throws {
        let file = PipConfiguration()
        let before = "[install]\nuser = no\n[global]\ntimeout = 5\nindex_url = https://x/\n"
        let text = try file.merged(ExportSamples.corp, into: before)
        #expect(
            text == """
                [install]
                user = no
                [global]
                timeout = 5
                index-url = https://bot:two@pypi.corp.example/legacy/

                """)
        #expect(
            try file.removed("index-url", from: text)
                == "[install]\nuser = no\n[global]\ntimeout = 5\n")
        let alone = try file.merged(ExportSamples.corp, into: "[install]\nuser = no")
        #expect(try file.removed("index-url", from: alone) == "[install]\nuser = no")
        #expect(
            message { _ = try file.merged(ExportSamples.corp, ExportSamples.pypi) }
                == "pip takes packages from one index, but 2 values are given")
    }
}

@Suite struct DockerAuthsTests {
    private let file = DockerAuths()
    private let github = ExportSamples.item("g", "p", url: "https://ghcr.io", user: "u")

    @Test func `a login stands under its registry`() throws {
        let text = try file.merged(github)
        #expect(
            text == """
                {
                \t"auths": {
                \t\t"ghcr.io": {
                \t\t\t"auth": "dTpw"
                \t\t}
                \t}
                }

                """)
        #expect(try file.partText("ghcr.io", of: text) == "{\n\t\t\t\"auth\": \"dTpw\"\n\t\t}")
        #expect(try file.removed("ghcr.io", from: text) == "")
        let hub = ExportSamples.item("h", "p", url: "https://index.docker.io/v1/", user: "u")
        #expect(try file.mark(of: hub) == "https://index.docker.io/v1/")
    }

    @Test func `the rest of the file stays`() throws {
        let before = "{ \"auths\": {\"a\": {}, \"b\\u0062\": [1, {\"x\":\"}\"}]}, \"z\": \"\\\"\" }"
        let text = try file.merged(github, into: before)
        #expect(
            text == """
                { "auths": {"a": {}, "b\\u0062": [1, {"x":"}"}],
                \t\t"ghcr.io": {
                \t\t\t"auth": "dTpw"
                \t\t}}, "z": "\\"" }
                """)
        #expect(try file.removed("ghcr.io", from: text) == before)
        #expect(
            try file.removed("a", from: before)
                == "{ \"auths\": {\"b\\u0062\": [1, {\"x\":\"}\"}]}, \"z\": \"\\\"\" }")
        #expect(try file.partText("bb", of: before) == "[1, {\"x\":\"}\"}]")
        #expect(
            try file.merged(github, into: "{\"z\": 1}")
                == "{\"z\": 1,\n\t\"auths\": {\n\t\t\"ghcr.io\": {\n\t\t\t\"auth\": \"dTpw\"\n\t\t}\n\t}}"
        )
    }

    @Test(arguments: ["{\"credsStore\": \"pass\"}", "{\"credHelpers\": {\"ghcr.io\": \"x\"}}"])
    func `a helper would be asked instead`(_ text: String) {
        #expect(
            message { _ = try file.merged(github, into: text) }
                == "docker's config.json sends docker to a helper for ghcr.io, so a login in it has no effect"
        )
    }

    @Test func `what is no object is refused`() {
        #expect(
            message { _ = try file.merged(github, into: "[1]") }
                == "docker's config.json is not a JSON object")
        #expect(
            message { _ = try file.merged(github, into: "{\"auths\": 1}") }
                == "\"auths\" is no object in docker's config.json")
    }
}

@Suite struct EnvrcBlockTests {
    private let values = EnvrcBlock(isMaterialised: true)
    private let references = EnvrcBlock(isMaterialised: false)

    @Test func `the block has references, or values on demand`() throws {
        let item = ExportSamples.item("A", "it's\n\\ $x")
        #expect(
            try references.merged(item)
                == "# >>> passel export >>>\nuse passel A=ci/A\n# <<< passel export <<<\n")
        #expect(
            try values.merged(item)
                == """
                # >>> passel export >>>
                export A='it'\\''s
                \\ $x'
                # <<< passel export <<<

                """)
        #expect(
            try EnvrcBlock(isMaterialised: false, profile: "dev").merged(item)
                == "# >>> passel export >>>\nuse passel --profile dev\n# <<< passel export <<<\n")
    }

    @Test func `the block alone changes`() throws {
        let first = try values.merged(ExportSamples.item("A", "1"), into: "layout go\r\nx=1\r\n")
        let second = try values.merged(ExportSamples.item("B", "2"), into: first + "y=2")
        #expect(
            second == "layout go\r\nx=1\r\n# >>> passel export >>>\r\nexport B='2'\r\n"
                + "# <<< passel export <<<\r\ny=2")
        #expect(try values.removed("block", from: second) == "layout go\r\nx=1\r\ny=2")
        #expect(
            message {
                _ = try values.merged(ExportSamples.item("A", "1"), into: "# <<< passel export")
            }
                == "the marks of passel in .envrc are not as they were written")
    }

    @Test func `two values have two names`() {
        let item = ExportSamples.item("A", "1")
        #expect(message { _ = try values.merged(item, item) } == "A is given twice")
    }
}

@Suite struct WholeFileTests {
    @Test func `a JSON object has every value, escaped`() throws {
        #expect(
            try JSONFile().text(
                ExportSamples.item("A", "q\"\\\n\u{1}é"), ExportSamples.item("B", ""))
                == "{\n  \"A\": \"q\\\"\\\\\\n\\u0001é\",\n  \"B\": \"\"\n}\n")
        let bytes = Secret(capacity: 1) { memory in
            memory[0] = 0xff
            return 1
        }
        let item = ExportItem(name: "A", entry: "a", reference: "a", value: bytes)
        #expect(
            message { _ = try JSONFile().text(item) }
                == "the value of a cannot be in JSON: it is not UTF-8")
    }

    @Test func `a file of one value has no line end`() throws {
        #expect(try ValueFile().text(ExportSamples.item("A", "x\ny\r\n\n")) == "x\ny")
        #expect(
            message { _ = try ValueFile().text(ExportSamples.item("A", "\n")) }
                == "the value of ci/A cannot be in a file: it is empty")
    }

    @Test func `a fragment of Compose says where values come from`() throws {
        let item = ExportSamples.item("DB", "x")
        #expect(
            try ComposeFragment(.environment).text(item) == """
                # Made by passel export; changes in here are lost.
                secrets:
                  "DB":
                    environment: "DB"

                """)
        #expect(try ComposeFragment(.files).text(item).hasSuffix("    file: \"./DB\"\n"))
        #expect(
            message { _ = try ComposeFragment(.files).text(ExportSamples.item("../x", "x")) }
                == "../x cannot be the name of a secret of Compose")
    }

    @Test func `a Kubernetes Secret has its values in base64`() throws {
        let secret = try KubernetesSecret(name: "app.one", namespace: "ci", kind: .opaque)
        #expect(
            try secret.text(ExportSamples.item("A", "x\n"), ExportSamples.item("b.c", "yz")) == """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: "app.one"
                  namespace: "ci"
                  labels:
                    app.kubernetes.io/managed-by: passel
                type: Opaque
                data:
                  "A": "eAo="
                  "b.c": "eXo="

                """)
        #expect(
            message { _ = try secret.text(ExportSamples.item("a b", "x")) }
                == "a b cannot be a key of a Kubernetes Secret: letters, digits, - _ and . only")
        for name: Text in ["", "A", "a_b", "-a", "a-", "a..b"] {
            #expect(throws: Problem.self) {
                _ = try KubernetesSecret(name: name, namespace: nil, kind: .opaque)
            }
        }
    }

    @Test func `a Secret of another type has what that demands`() throws {
        let tls = try KubernetesSecret(name: "t", namespace: nil, kind: .tls)
        let certificate = ExportSamples.item("tls.crt", "-----BEGIN CERTIFICATE-----")
        let key = ExportSamples.item("tls.key", "-----BEGIN PRIVATE KEY-----\n")
        let text = try tls.text(key, certificate)
        #expect(text.contains("type: kubernetes.io/tls\ndata:\n  \"tls.crt\": \"LS0t"))
        #expect(
            message { _ = try tls.text(certificate) }
                == "a Secret of the type tls has two values, tls.crt and tls.key")
        #expect(
            message { _ = try tls.text(key, ExportSamples.item("tls.crt", "x")) }
                == "the value of ci/tls.crt cannot be in a Kubernetes Secret: tls.crt is no PEM block"
        )
        let docker = try KubernetesSecret(name: "d", namespace: nil, kind: .dockerconfigjson)
        let login = ExportSamples.item("g", "p", url: "https://ghcr.io", user: "u")
        #expect(try docker.text(login).contains("\".dockerconfigjson\": \"ewoJImF1dGhz"))
    }
}

@Suite struct DotenvLinesTests {
    private let file = DotenvLines()

    @Test func `one variable's lines change`() throws {
        let before = "# a\r\nA=1\r\nexport B=\"x\r\ny\" # why\r\nB=2\r\nC=3"
        let text = try file.merged(ExportSamples.item("B", "new one"), into: before)
        #expect(text == "# a\r\nA=1\r\nB='new one'\r\nC=3")
        #expect(try file.partText("B", of: text) == "B='new one'\n")
        #expect(try file.removed("B", from: text) == "# a\r\nA=1\r\nC=3")
        #expect(try file.removed("C", from: text) == "# a\r\nA=1\r\nB='new one'")
        #expect(try file.merged(ExportSamples.item("D", "4"), into: "A=1") == "A=1\nD=4")
    }

    @Test func `what readers would not get back is refused`() {
        #expect(
            message { _ = try file.merged(ExportSamples.item("B", "a\nb")) }
                == "the value of ci/B cannot be in a dotenv file: it has more than one line, which direnv cannot read from such a file"
        )
        #expect(
            message { _ = try file.merged(ExportSamples.item("B", "a"), into: "no\n") }
                == "line 1 of the dotenv file: no is given no value: write no=VALUE")
        #expect(
            message { _ = try file.merged(ExportSamples.item("B-", "a")) }
                == "B- cannot be a variable's name")
    }
}
