import PasselTesting
import Testing

/// The backend that passel-backend(7) shows, as a reader would type it.
@Suite struct BackendExampleTests {
    private let home: ClientHome

    init() throws {
        home = try ClientHome(.passel)
        try ExampleBackend.install(home)
        try passel("backend", "add", "shelf", "shelf", "file=\(shelf)")
    }

    private var shelf: String { home.sandbox.root + "/shelf" }

    @discardableResult
    private func passel(_ words: String...) throws -> String {
        try home.sandbox.run("passel", words).demand().stdout.text
    }

    private func run(_ words: String...) throws -> Outcome { try home.sandbox.run("passel", words) }

    @Test func `it says what it can do, and what is missing`() throws {
        #expect(try passel("backend", "test", "shelf").contains("can write, read, list, compare"))
        try passel("backend", "add", "other", "shelf")
        let outcome = try run("backend", "test", "other")
        #expect(outcome.status == 1)
        #expect(outcome.stderr.text.contains("other: say where the shelf is"))
        #expect(outcome.stderr.text.contains("hint: look at file: passel backend show other"))
    }

    @Test func `values are brought there, byte for byte, and only when they differ`() throws {
        let values = [
            "example-secret-1", "süß-ключ-\u{1F511}-example", "  blanks around  ", "a\"b\\c'd",
        ]
        for (number, value) in values.enumerated() {
            try home.insert("ci/t\(number)", value)
            try passel("location", "add", "ci/t\(number)", "shelf:odd place/é#\(number)")
        }
        #expect(try passel("push", "--dry-run", "ci").contains("would create"))
        #expect(Disk.read(shelf) == nil)
        let created = try passel("push", "--all").split(separator: "\n")
        #expect(created.count == 4 && created.allSatisfy { $0.hasPrefix("created\t") })
        for (number, value) in values.enumerated() {
            let read = try home.python(
                """
                import base64, json, sys
                shelf = json.load(open(sys.argv[1]))["odd place/é"]
                sys.stdout.buffer.write(base64.b64decode(shelf[sys.argv[2]]))
                """, shelf, "\(number)")
            #expect(try read.demand().stdout.text == value)
        }
        #expect(Disk.facts(shelf)?.mode == 0o600)
        #expect(
            try passel("push", "--all").split(separator: "\n").allSatisfy {
                $0.hasPrefix("equal\t")
            })
        #expect(try passel("log", "--security").contains("updated"))
    }

    @Test func `what is there comes into the store, and can be replaced from there`() throws {
        try Disk.write(
            #"{"ci/a": {"token": "Zmlyc3QtdmFsdWU="}, "ci/b": {"x": "eA==", "y": "eQ=="}, "ci/two": {"": "YQpi"}}"#,
            to: shelf)
        let outcome = try run("pull", "shelf:ci/", "--into", "got")
        #expect(outcome.status == 3)
        #expect(outcome.stdout.text.contains("added\tgot/a\tshelf:ci/a#token"))
        #expect(outcome.stdout.text.contains("failed\tgot/two\tshelf:ci/two"))
        #expect(outcome.stderr.text.contains("a value that is not one line"))
        #expect(try home.show("got/a") == "first-value\nlocation: shelf:ci/a#token\n")
        #expect(try home.show("got/b/y") == "y\nlocation: shelf:ci/b#y\n")
        // It came from there, so what comes after it may go there.
        let status = try passel("status", "--locations")
        #expect(status.contains("equal\texact\tgot/a\tshelf:ci/a#token"))
        try home.sandbox.passel("token", "set", "-s", "got/a", stdin: "second-value\n")
            .demand()
        #expect(try run("status", "--locations", "--exit-code").status == 4)
        #expect(try passel("push", "got").contains("updated\tgot/a"))
        #expect(try passel("push", "got").contains("equal\tgot/a"))
    }

    @Test func `another value in the store stays, and so does one in the place`() throws {
        try home.insert("ci/a", "store-value-1\nuser: bot\n")
        try Disk.write(#"{"p": {"f": "cGxhY2UtdmFsdWU="}}"#, to: shelf)
        try passel("location", "add", "ci/a", "shelf:p#f")
        let refused = try run("pull", "shelf:p#f")
        #expect(refused.status == 3 && refused.stdout.text.hasPrefix("differs\tci/a\t"))
        let foreign = try run("push", "ci/a")
        #expect(foreign.status == 3 && foreign.stdout.text.hasPrefix("foreign\tci/a\t"))
        #expect(Disk.read(shelf)?.text.contains("cGxhY2UtdmFsdWU=") == true)
        #expect(
            try passel("pull", "--dry-run", "--replace", "shelf:p#f").hasPrefix("would be replaced")
        )
        #expect(try passel("pull", "--replace", "shelf:p#f").hasPrefix("replaced\tci/a"))
        #expect(try home.show("ci/a") == "place-value\nuser: bot\nlocation: shelf:p#f\n")
        #expect(try run("pull", "shelf:gone").stderr.text.contains("no entry names shelf:gone"))
        let missing = try run("pull", "shelf:gone", "--into", "ci/new")
        #expect(missing.status == 3 && missing.stderr.text.contains("there is no such place"))
        #expect(try run("pull", "shelf:p/").status == 2)
    }
}
