import PasselCore
import Testing

@Suite struct PyPIRCTests {
    private let file = PyPIRC()

    private let alone = """
        [distutils]
        index-servers =
            pypi
            corp

        [pypi]
        repository = https://upload.pypi.org/legacy/
        username = __token__
        password = one

        [corp]
        repository = https://pypi.corp.example/legacy/
        username = bot
        password = two

        """

    @Test func `a new file has its list and its sections`() throws {
        #expect(try file.merged(ExportSamples.pypi, ExportSamples.corp) == alone)
    }

    @Test func `without passwords there is no password line`() throws {
        let text = try PyPIRC(hasPasswords: false).merged(ExportSamples.pypi)
        #expect(
            text == """
                [distutils]
                index-servers =
                    pypi

                [pypi]
                repository = https://upload.pypi.org/legacy/
                username = __token__

                """)
    }

    private let grown = """
        # mine
        [distutils]
        index-servers = testpypi
          other
        [other]
        username:somebody
        password: hidden
          and more
        ; a note
        [pypi]
        # keep me
        ca_cert = /etc/ca.pem
        Password = old
          older

        [testpypi]
        username = t
        """

    @Test func `what is not ours stays byte for byte`() throws {
        let text = try file.merged(ExportSamples.pypi, into: grown)
        #expect(
            text == """
                # mine
                [distutils]
                index-servers = testpypi
                  other
                    pypi
                [other]
                username:somebody
                password: hidden
                  and more
                ; a note
                [pypi]
                # keep me
                ca_cert = /etc/ca.pem
                password = one
                repository = https://upload.pypi.org/legacy/
                username = __token__

                [testpypi]
                username = t
                """)
        let withReturns = grown.replacingLineEnds
        #expect(
            try file.merged(ExportSamples.pypi, into: withReturns) == text.replacingLineEnds)
    }

    @Test func `a section that is added can be removed again`() throws {
        for before in ["", "[other]\nusername = a", "# note\r\n[other]\r\nusername = a\r\n", grown]
        {
            let text = try file.merged(ExportSamples.corp, into: before)
            #expect(text != before)
            #expect(try file.removed("corp", from: text) == before)
            #expect(try file.partText("corp", of: text) != nil)
            #expect(try file.partText("corp", of: before) == nil)
        }
        let both = try file.merged(ExportSamples.pypi, ExportSamples.corp)
        #expect(try file.removed("pypi", from: file.removed("corp", from: both)) == "")
    }

    @Test func `of a section with more in it the login goes`() throws {
        let text = try file.merged(ExportSamples.pypi, into: grown)
        let rest = try file.removed("pypi", from: text)
        #expect(rest.contains("[pypi]\n# keep me\nca_cert = /etc/ca.pem\nrepository = "))
        #expect(!rest.contains("one"))
    }

    @Test func `a first list names the indexes that twine knew without one`() throws {
        let text = try file.merged(ExportSamples.corp, into: "[testpypi]\nusername = t\n")
        #expect(
            text.hasPrefix("[distutils]\nindex-servers =\n    testpypi\n    corp\n\n[testpypi]"))
    }

    @Test func `the order of sections in the list does not matter`() throws {
        let once = try file.merged(ExportSamples.pypi, ExportSamples.corp)
        #expect(try file.merged(ExportSamples.corp, ExportSamples.pypi, into: once) == once)
    }

    @Test(arguments: [
        ("a%b", "hatch takes a % for the start of a variable and stops"),
        ("a\nb", "it has several lines"), (" a", "it begins or ends in a blank"),
        ("a\t", "it has a control character"), ("", "it is empty"),
        ("a\rb", "it has a carriage return"),
    ])
    func `a value that cannot be held is refused`(_ value: String, _ reason: String) {
        let item = ExportSamples.item("x", value, url: "https://x.example/", user: "u")
        #expect(
            message { _ = try file.merged(item) }
                == "the value of ci/x cannot be in .pypirc: \(reason)")
    }

    @Test func `what an index needs is asked for`() {
        #expect(
            message { _ = try file.merged(ExportSamples.item("x", "v", user: "u")) }
                == "ci/x has no url, which .pypirc needs")
        #expect(
            message { _ = try file.merged(ExportSamples.item("x", "v", url: "https://x/")) }
                == "ci/x has no user name, which .pypirc needs")
        #expect(
            message { _ = try file.merged(ExportSamples.item("x", "v", url: "x", user: "u")) }
                == "the url of ci/x is not of the form https://HOST/PATH")
        let odd = ExportSamples.item("a]b", "v", url: "https://x/", user: "u")
        #expect(
            message { _ = try file.merged(odd) } == "a]b cannot be the name of an index in .pypirc")
    }

    @Test func `a file that nothing can read is not written to`() {
        let twice = "[pypi]\n[pypi]\n"
        #expect(
            message { _ = try file.merged(ExportSamples.pypi, into: twice) }
                == ".pypirc has the section [pypi] twice, so nothing can read it")
        #expect(
            message { _ = try file.merged(ExportSamples.pypi, into: "\u{feff}[pypi]\n") }
                == ".pypirc begins with a byte order mark, so nothing can read it")
    }
}

extension String {
    /// The text with CRLF for LF.
    var replacingLineEnds: String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    }
}
