import PasselTesting
import Testing

@testable import PasselCore

/// Places in files of the forms in which tools keep tokens.
@Suite struct FilePlacesTests {
    private static let parts: [(FilePlaces, Text)] = [
        (.pypirc, "pypi"), (.dotenv, "TOKEN"), (.envrc, "TOKEN"), (.netrc, "example.org"),
        (.npmrc, "//example.org/npm/"), (.docker, "ghcr.io"),
    ]

    private func item(_ files: FilePlaces, _ part: Text, _ value: String) -> ExportItem {
        ExportItem(
            name: part, entry: "e", reference: "e", value: Secret(plain: value), kind: "npm",
            url: files.url(of: part) ?? "https://upload.example.org/", username: "ann")
    }

    @Test func `what is written into a part is read from it, and from no other`() throws {
        let values = [
            "plain", "it's", "\"quoted\"", "$HOME `id` \\n", "two words", "a#b;c", "é\u{1F511}",
            "x=y:z@w", "two\nlines", "'''", "\\", "a'\nexport OTHER='b", "end\r",
        ]
        var read = 0
        for (files, part) in Self.parts {
            guard case .merged(let maker) = try files.form.maker() else {
                throw TestingProblem("\(files) is no form of many values")
            }
            for value in values {
                let item = item(files, part, value)
                // What a form cannot hold it refuses.
                guard let file = try? maker.content(with: [item], in: Secret(plain: "")) else {
                    continue
                }
                #expect(try files.value(of: part, in: file) == item.value, "\(files) \(value)")
                #expect(try files.value(of: "OTHER", in: file) == nil, "\(files) \(value)")
                read += 1
            }
        }
        #expect(read > 35)
    }

    private static let foreign: [(FilePlaces, String, String, String?)] = [
        (FilePlaces.pypirc, "pypi", "[pypi]\nPassword: t 1\n", "t 1"),
        (.pypirc, "pypi", "[pypi]\npassword =\n", nil), (.pypirc, "pypi", "", nil),
        (.dotenv, "A", "A=1\nexport A='2 3'\n", "2 3"),
        (.netrc, "h", "machine h\n  login a\n  password \"p q\"\n", "p q"),
        (.netrc, "h", "machine other password p\ndefault login a password q\n", nil),
        (.npmrc, "//h/", "//h/:_authToken = \"t\"\n", "t"),
        (.npmrc, "//h/", "//h/:_authToken=${T}\n", nil),
        (.npmrc, "//h/", "//h/:username=a\n//h/:_password=cHE=\n", "pq"),
        (.docker, "h", #"{"auths":{"h":{"username":"a","password":"p"}}}"#, "p"),
        (.docker, "h", #"{"auths":{"h":{"auth":"YTpw","identitytoken":"i"}}}"#, "i"),
        (.docker, "h", #"{"auths":{"h":{}}}"#, nil), (.docker, "h", #"{"auths":7}"#, nil),
        (.envrc, "A", "export A='outside'\n", nil), (.file, "", "v\n", "v\n"),
    ]

    @Test(arguments: foreign)
    func `what others wrote is read`(
        _ files: FilePlaces, _ part: String, _ file: String, _ value: String?
    ) throws {
        let found = try files.value(of: Text(part.utf8), in: Secret(plain: file))
        #expect(found == value.map { Secret(plain: $0) })
    }

    @Test(arguments: [
        (FilePlaces.envrc, "# >>> passel export >>>\nrm -rf /\n# <<< passel export <<<\n"),
        (.envrc, "# >>> passel export >>>\nexport A='x\n# <<< passel export <<<\n"),
        (.envrc, "# >>> passel export >>>\nexport A='x' B\n# <<< passel export <<<\n"),
        (.envrc, "# >>> passel export >>>\nuse passel A=a\n# <<< passel export <<<\n"),
        (.docker, "[]]"), (.dotenv, "A='x"), (.pypirc, "[A]\n[A]\n"),
    ])
    func `a file that is not what it should be is no place`(_ files: FilePlaces, _ file: String) {
        #expect(throws: Problem.self) { try files.value(of: "A", in: Secret(plain: file)) }
    }

    @Test func `a location names one part, and one that its form knows`() throws {
        for (files, part) in Self.parts {
            let name = files.rawValue
            #expect(try files.part(Location("\(name):/f#\(part)".utf8)) == part)
            #expect(throws: BackendFailure.self) { try files.part(Location("\(name):/f".utf8)) }
            #expect(FilePlaces(try Location("\(name):/f".utf8).backend) == files)
        }
        #expect(try FilePlaces.file.part(Location("file:/f".utf8)) == nil)
        #expect(throws: BackendFailure.self) {
            try FilePlaces.file.part(Location("file:/f#a".utf8))
        }
        for name in ["PATH", "LD_PRELOAD", "1A", "a-b"] {
            for files in [FilePlaces.dotenv, .envrc] {
                #expect(throws: BackendFailure.self, "\(name)") {
                    try files.part(Location("\(files.rawValue):/f#\(name)".utf8))
                }
            }
        }
        #expect(!(try Location("vault:a".utf8).backend.isOfFiles))
    }
}
