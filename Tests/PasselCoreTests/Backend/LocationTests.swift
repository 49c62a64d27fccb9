import PasselCore
import PasselTesting
import Testing

@Suite struct LocationTests {
    @Test(
        arguments: [
            ("vault:secret/ci/pypi#token", "vault", "secret/ci/pypi", "token"),
            ("file:~/.config/x/token", "file", "~/.config/x/token", nil),
            ("github:owner/repo#PYPI_API_TOKEN", "github", "owner/repo", "PYPI_API_TOKEN"),
            // The last # divides; one at the end says that the place has one.
            ("vault:a#b#c", "vault", "a#b", "c"), ("file:/a#b#", "file", "/a#b", nil),
            ("vault:a#", "vault", "a", nil),
            // The first : ends the name, others belong to the place.
            ("k8s:ns:name#key", "k8s", "ns:name", "key"), ("file:a b", "file", "a b", nil),
            ("vault:süß/é#ключ", "vault", "süß/é", "ключ"), ("a-1:/x", "a-1", "/x", nil),
        ] as [(String, String, String, String?)])
    func `a location names a backend, a place and perhaps a field`(
        text: String, backend: String, place: String, field: String?
    ) throws {
        let location = try Location(Bytes(text.utf8))
        #expect(location.backend.text == Text(backend.utf8))
        #expect(location.place == Text(place.utf8))
        #expect(location.field == field.map { Text($0.utf8) })
        #expect(try Location(location.spelling.bytes) == location)
    }

    @Test(arguments: [
        "", ":", "vault", "vault:", "vault:#token", ":place", "Vault:a", "1a:b", "va ult:a",
        "https://example.org/x", "vault: a", "vault:a ", "vault:a# b", "vault:a\nb", "vault:a\0",
        "vault:a\u{1b}[2J", "vault:a\u{202e}b", "vault:a#b\u{200b}",
        "\(String(repeating: "n", count: 33)):x", "vault:" + String(repeating: "x", count: 1019),
    ])
    func `what names no place is refused with a word on it`(text: String) {
        let problem = #expect(throws: Problem.self) { _ = try Location(Bytes(text.utf8)) }
        #expect(problem?.message.bytes.isEmpty == false)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: Problem.self) { _ = try Location(Bytes("vault:a".utf8) + [0xff]) }
    }

    /// Every text of up to six of these letters: read, spelled and read again it is the same.
    @Test func `what is read is spelled so that it is read again`() {
        let letters = Bytes("a:#/ ".utf8)
        var texts: [Bytes] = [[]]
        var read = 0
        for _ in 0..<6 {
            texts = texts.flatMap { text in letters.map { text + [$0] } }
            for text in texts {
                // Most of them are no locations.
                guard let location = try? Location(text) else { continue }
                read += 1
                let again = try? Location(location.spelling.bytes)
                #expect(again == location, "\(String(decoding: text, as: UTF8.self))")
            }
        }
        #expect(read > 400)
    }

    @Test(
        arguments: [
            ("secret/ci/", "secret/ci/pypi", "token", "v:secret/ci/pypi#token"),
            ("secret/ci/", "secret/ci/a/b", nil, "v:secret/ci/a/b"),
            ("secret/ci/", "secret/other", "token", nil), ("secret/ci/", "secret/ci/", nil, nil),
            ("secret/ci/", "secret/ci/deeper/", nil, nil),
            ("secret/ci/", "secret/ci/a\u{1b}b", nil, nil),
            ("secret/ci/", "secret/ci/ a ", nil, nil), ("secret/ci", "secret/ci/a", nil, nil),
        ] as [(String, String, String?, String?)])
    func `only what lies below a folder is taken as that`(
        folder: String, place: String, field: String?, found: String?
    ) throws {
        let location = try Location(Bytes("v:\(folder)".utf8)).below(
            Text(place.utf8), field: field.map { Text($0.utf8) })
        #expect(location?.spelling == found.map { Text($0.utf8) })
    }

    @Test func `entries that want one place for themselves are found`() throws {
        func target(_ entry: Path, _ location: String) throws -> (entry: Path, location: Location) {
            (entry, try Location(Bytes(location.utf8)))
        }
        let targets = [
            try target("a", "v:p#X"), try target("b", "v:p#x"), try target("a", "v:p#X"),
            try target("c", "w:p#X"), try target("d", "w:p#X"),
        ]
        #expect(LocationCollision.all(in: targets).map(\.entries) == [["c", "d"]])
        let caseless = LocationCollision.all(in: targets) {
            Text($0.spelling.bytes.map(\.asciiLowercased))
        }
        #expect(caseless.map(\.entries) == [["a", "b"], ["c", "d"]])
        #expect(caseless[0].problem.message.description.contains("a and b"))
    }
}
