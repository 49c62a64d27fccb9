import PasselTesting
import Testing

/// twine, which uploads to package indexes, and an index on this machine that checks macaroons as
/// PyPI does.
@Suite struct TwineTests {
    /// Uploads the project `tinyp` with each of the tokens on its standard input, to an index
    /// whose clock is ahead by the number before the token; says what the index said.
    ///
    /// For the token `run` twine is run by passel, with a narrower token of ci/pypi.
    private let uploads = """
        \(UploadIndex.source)
        for line in sys.stdin.read().split("\\n")[:-1]:
            ahead, token = line.split(" ")
            given = ["passel", "run", "--map", "TWINE_PASSWORD=ci/pypi",
                     "--expires=15m", "--project=TinyP", "--"]
            done = subprocess.run(
                (given if token == "run" else []) +
                [sys.executable, "-m", "twine", "upload", "--non-interactive",
                 "--disable-progress-bar", "tinyp-1.0.tar.gz"],
                env=os.environ | {
                    "TWINE_REPOSITORY_URL": f"http://127.0.0.1:{index.server_port}/{ahead}/",
                    "TWINE_USERNAME": "__token__"} |
                    ({} if token == "run" else {"TWINE_PASSWORD": token}),
                capture_output=True, text=True)
            said = done.stdout + done.stderr
            print("uploaded" if done.returncode == 0 else
                  "refused" if "403" in said else said)
        os.remove("tinyp-1.0.tar.gz")
        """

    @Test func `a narrowed token uploads its project only, be it given by run or not`() throws {
        try ClientHome.require("python")
        let home = try ClientHome(.passel)
        let token = try home.python(
            """
            import pypitoken
            print(pypitoken.Token.create(domain="pypi.org", key="k", prefix="pypi",
                identifier="11111111-2222-4333-8444-555555555555").dump())
            """
        ).demand()
        try home.insert("ci/pypi", token.stdout.text)
        func narrowed(_ words: String...) throws -> String {
            try home.sandbox.run("passel", ["token", "attenuate", "ci/pypi"] + words).demand()
                .stdout.text
        }
        let tiny = try narrowed("-p", "TinyP", "-e", "15m")
        let other = try narrowed("-p", "other", "-e", "15m")
        let outcome = try home.sandbox.run(
            Source.root + "/.build-clients/bin/python", ["-c", uploads],
            input: .bytes(Bytes("0 \(tiny)900 \(tiny)0 \(other)0 run\n960 run\n".utf8)))
        #expect(
            outcome.stdout.text == "uploaded\nrefused\nrefused\nuploaded\nrefused\n",
            "\(outcome.stderr.text)")
    }
}
