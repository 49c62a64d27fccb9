import Glibc
import PasselTesting
import Testing

/// The programs that read what `export` writes.
@Suite struct ExportReadersTests {
    private let home: ClientHome

    init() throws {
        home = try ClientHome(.passel)
        try ClientHome.require("python")
    }

    private func export(_ words: String...) throws {
        try home.sandbox.run("passel", ["export"] + words).demand()
    }

    /// Uploads the project `tinyp` to an index on this machine that checks macaroons as PyPI does,
    /// and whose clock is ahead by the number in its address.
    private let uploads = """
        \(UploadIndex.source)

        def passel(*words, input=""):
            return subprocess.run(["passel", *words], input=input, check=True, text=True,
                                  capture_output=True).stdout

        def upload(name, **more):
            done = subprocess.run(
                [sys.executable, "-m", "twine", "upload", "--non-interactive",
                 "--disable-progress-bar", "-r", name, "tinyp-1.0.tar.gz"],
                env=os.environ | more, capture_output=True, text=True)
            said = done.stdout + done.stderr
            print("uploaded" if done.returncode == 0 else "refused" if "403" in said else said)

        token = upload_index.token()
        def add(name, ahead):
            url = f"http://127.0.0.1:{index.server_port}/{ahead}/"
            passel("insert", "-m", name, input=f"{token}\\nkind: pypi\\nurl: {url}\\n")
            return url
        here = add("ci/here", 0)
        add("ci/later", 1000)

        passel("export", "pypirc", "here=ci/here", "later=ci/later")
        upload("here")
        passel("export", "pypirc", "here=ci/here", "later=ci/later", "--expires", "15m")
        upload("here")
        upload("later")
        passel("export", "pypirc", "here=ci/here", "--project", "TinyP")
        upload("here")
        passel("export", "pypirc", "here=ci/here", "--project", "other", "--project", "more")
        upload("here")
        passel("insert", "-m", "-f", "ci/here", input=f"{upload_index.token()}\\nkind: pypi\\nurl: {here}\\n")
        passel("exports", "refresh")
        upload("here")
        passel("export", "pypirc", "here=ci/here", "--keyring")
        backend = {"PYTHON_KEYRING_BACKEND": "keyring_pass.PasswordStoreBackend"}
        passel("insert", "-m", f"python-keyring/{here}/__token__", input=token + "\\n")
        upload("here", **backend)
        os.remove("tinyp-1.0.tar.gz")
        """

    @Test func `twine uploads with our file, as long as its token lasts, and with the keyring`()
        throws
    {
        let outcome = try home.python(uploads)
        #expect(
            outcome.stdout.text
                == "uploaded\nuploaded\nrefused\nuploaded\nrefused\nrefused\nuploaded\n",
            "\(outcome.stderr.text)")
    }

    @Test func `flit and hatch read the same indexes`() throws {
        try home.insert("ci/pypi", "tok-en:=#;1\nkind: pypi\n")
        try home.insert("ci/corp", "two \"x\" #y\nurl: https://corp.example/legacy/\nuser: bot\n")
        try export("pypirc", "ci/pypi", "ci/corp")
        let read = try home.python(
            """
            import pathlib, types
            from flit.upload import get_repositories
            for name, found in get_repositories().items():
                print(name, found.url, found.username, found.password)
            from hatch.publish.auth import AuthenticationCredentials
            for name in ["pypi", "corp"]:
                found = AuthenticationCredentials(
                    None, pathlib.Path("/nowhere"), {"no_prompt": True}, name, {"url": "x"})
                print(name, found.username, found.password)
            """
        ).demand()
        #expect(
            read.stdout.text == """
                pypi https://upload.pypi.org/legacy/ __token__ tok-en:=#;1
                corp https://corp.example/legacy/ bot two "x" #y
                pypi __token__ tok-en:=#;1
                corp bot two "x" #y

                """)
    }

    @Test func `netrc and curl read the same login`() throws {
        let server = """
            import base64, http.server, netrc, os, subprocess, threading
            class Echo(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    word = self.headers.get("Authorization", " ").split(" ")[1]
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(base64.b64decode(word))
                def log_message(self, *args): pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Echo)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            print(netrc.netrc().authenticators("127.0.0.1"))
            print(subprocess.run(["curl", "-sn", f"http://127.0.0.1:{server.server_port}/"],
                capture_output=True, text=True).stdout)
            """
        for value in ["bare-1/2", #"a b"c\d#e"#] {
            try home.insert("web/site", "\(value)\nurl: http://127.0.0.1:8080/x\nusername: a#b\n")
            try export("netrc", "web/site")
            let read = try home.python(server).demand().stdout.text
            let shown = value.split(separator: "\\").joined(separator: "\\\\")
            #expect(read == "('a#b', '', '\(shown)')\na#b:\(value)\n")
        }
    }

    @Test func `pip reads its index`() throws {
        try home.insert(
            "web/index", "p@ss: w/é%\nurl: https://pypi.example/simple\nusername: a b\n")
        try export("pip", "web/index")
        let read = try home.client("python", "-m", "pip", "config", "get", "global.index-url")
        #expect(
            read.stdout.text == "https://a%20b:p%40ss%3A%20w%2F%C3%A9%25@pypi.example/simple\n")
        let split = try home.python(
            """
            from pip._internal.utils.misc import split_auth_from_netloc
            print(split_auth_from_netloc("a%20b:p%40ss%3A%20w%2F%C3%A9%25@pypi.example"))
            """)
        #expect(split.stdout.text == "('pypi.example', ('a b', 'p@ss: w/é%'))\n")
    }

    @Test(.enabled(if: access("/usr/bin/npm", X_OK) == 0)) func `npm knows its token`() throws {
        try home.insert("web/npm", "npm-token-1\nkind: npm\n")
        try export("npmrc", "web/npm")
        let list = try home.run("npm", "config", "list").stdout.text
        #expect(list.contains("//registry.npmjs.org/:_authToken = (protected)"))
    }

    @Test func `a manifest and a fragment are what they should be`() throws {
        try home.insert("web/site", "a\"b: 'c' # d\n")
        try home.insert("web/login", "pw\nurl: https://ghcr.io\nusername: u\n")
        try export("kubernetes", "A.b=web/site", "--name", "app", "-o", "opaque.yaml")
        try export(
            "kubernetes", "web/login", "--name", "app", "--type", "dockerconfigjson", "-o",
            "docker.yaml")
        try export("compose", "A=web/site")
        try export("docker", "A=web/site", "-o", "secrets")
        let read = try home.python(
            """
            import base64, json, yaml
            secret = yaml.safe_load(open("opaque.yaml"))
            print(secret["type"], base64.b64decode(secret["data"]["A.b"]).decode())
            secret = yaml.safe_load(open("docker.yaml"))
            print(secret["type"], json.loads(base64.b64decode(secret["data"][".dockerconfigjson"])))
            print(yaml.safe_load(open("compose.passel.yaml")))
            print(yaml.safe_load(open("secrets/compose.yaml")), open("secrets/A").read())
            """
        ).demand()
        #expect(
            read.stdout.text == """
                Opaque a"b: 'c' # d
                kubernetes.io/dockerconfigjson {'auths': {'ghcr.io': {'auth': 'dTpwdw=='}}}
                {'secrets': {'A': {'environment': 'A'}}}
                {'secrets': {'A': {'file': './A'}}} a"b: 'c' # d

                """)
    }

    @Test func `Kubernetes takes each type of a manifest`() throws {
        try ClientHome.require("kubernetes-validate")
        try home.insert("web/site", "a\"b: 'c' # d\n")
        try home.insert("web/login", "pw\nurl: https://ghcr.io\nusername: u\n")
        try home.run(
            "openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=x", "-keyout",
            home.path("key"), "-out", home.path("cert")
        ).demand()
        try home.insert("tls/key", try #require(home.read("key")))
        try home.insert("tls/cert", try #require(home.read("cert")))
        try export(
            "kubernetes", "A.b=web/site", "--name", "app", "--namespace", "ci", "-o", "1.yaml")
        try export(
            "kubernetes", "web/login", "--name", "app", "--type", "dockerconfigjson", "-o",
            "2.yaml")
        try export(
            "kubernetes", "tls.crt=tls/cert", "tls.key=tls/key", "--name", "app", "--type", "tls",
            "-o", "3.yaml")
        for file in ["1.yaml", "2.yaml", "3.yaml"] {
            try home.client("kubernetes-validate", "--strict", file).demand()
            // Read, given a label, and written again by Kubernetes's own program, without a cluster.
            let labelled = try home.check(
                "kubectl", "label", "--local", "-f", file, "a=b", "-o", "yaml")
            let same = try home.python(
                """
                import sys, yaml
                ours, theirs = yaml.safe_load(open("\(file)")), yaml.safe_load(sys.argv[1])
                print(theirs["metadata"]["labels"].pop("a"), ours == theirs)
                """, labelled
            ).demand()
            #expect(same.stdout.text == "b True\n")
        }
    }

    @Test func `Compose takes a fragment beside a file of its own`() throws {
        try home.insert("web/site", "x\n")
        try export("compose", "A=web/site")
        try Disk.write(
            "services:\n  web:\n    image: x\n    secrets: [A]\n",
            to: home.sandbox.directory + "/compose.yaml")
        let shown = try home.client(
            "docker-compose", "-f", "compose.yaml", "-f", "compose.passel.yaml", "config",
            environment: ["A": "x"]
        ).demand().stdout.text
        #expect(shown.contains("secrets:\n  A:\n    name: "))
        #expect(shown.hasSuffix("    environment: A\n"))
    }

    @Test func `bash gets every byte of a value that stands in an envrc`() throws {
        let value = "it's \\ \"$HOME\" `x` !\tü"
        try home.insert("web/site", value + "\n")
        try export("envrc", "A=web/site", "--materialise")
        let shown = try home.run("bash", "-c", ". ./.envrc; printf %s \"$A\"").stdout.text
        #expect(shown == value)
    }
}
