import Foundation
import PasselTesting
import Testing

/// What every backend's program has to do, with something real behind it.
@Suite struct BackendConformanceTests {
    private typealias Kind = BackendSubject.Kind

    @Test(arguments: BackendSubject.Kind.allCases)
    func `a value is put there, replaced, and read back`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        #expect(try subject.open().can.contains("read") == Kind.reading.contains(kind))
        let nothing = try subject.read("ci/pypi#token")
        #expect(nothing.isNothing, "\(nothing.text)")
        let created = try subject.write(Bytes("first".utf8), "ci/pypi#token", after: nothing)
        #expect(created.problem == nil, "\(created.text)")
        let first = try subject.read("ci/pypi#token")
        #expect(try subject.stored("ci/pypi#token")?.text == "first")
        #expect(!first.isNothing && (first.value != nil) == Kind.reading.contains(kind))
        let updated = try subject.write(Bytes("second".utf8), "ci/pypi#token", after: first)
        #expect(updated.problem == nil, "\(updated.text)")
        let second = try subject.read("ci/pypi#token")
        #expect(try subject.stored("ci/pypi#token")?.text == "second")
        // What the answers to changes said is the state that a look finds.
        #expect(first.text.contains("\"version\"") == created.text.contains("\"version\""))
        #expect(
            second.members["version"] as? String == updated.members["version"] as? String)
    }

    @Test(arguments: BackendSubject.Kind.free)
    func `other fields of the place stay`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        for field in ["a", "b", "c"] {
            let before = try subject.read("ci/x#\(field)")
            #expect(
                try subject.write(Bytes(field.utf8), "ci/x#\(field)", after: before).problem == nil)
        }
        for field in ["a", "b", "c"] {
            #expect(try subject.read("ci/x#\(field)").value?.text == field)
        }
    }

    @Test(
        arguments: BackendSubject.Kind.allCases,
        [
            "line\n", "\n", "two\nlines\n", "crlf\r\n", " blanks ", "\"quotes\" \\ and \\n",
            "\u{0}",
            "süß-ключ-🔑", "{\"a\":[1]}", "\u{7f}\u{1b}[0m",
        ])
    func `every byte comes back`(_ kind: BackendSubject.Kind, _ value: String) throws {
        let subject = try BackendSubject(kind)
        let place = "p#f"
        let written = try subject.write(Bytes(value.utf8), place, after: subject.read(place))
        #expect(written.problem == nil, "\(written.text)")
        #expect(try subject.stored(place) == Bytes(value.utf8))
    }

    @Test(arguments: BackendSubject.Kind.allCases)
    func `what is long comes back`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        let largest = try subject.open().members["largest"] as? Int ?? .max
        let value = Bytes(repeating: UInt8(ascii: "l"), count: min(60_000, largest))
        let written = try subject.write(value, "p#f", after: subject.read("p#f"))
        #expect(written.problem == nil, "\(written.text)")
        #expect(try subject.stored("p#f") == value)
    }

    @Test(arguments: BackendSubject.Kind.allCases)
    func `what is not text comes back, or is refused`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        let value: Bytes = [0x80, 0x00, 0xff, 0x0a]
        let written = try subject.write(value, "p#f", after: subject.read("p#f"))
        if written.problem == nil {
            #expect(try subject.stored("p#f") == value)
        } else {
            #expect(written.problem == "validation")
            #expect(try subject.read("p#f").isNothing)
        }
    }

    @Test(
        arguments: BackendSubject.Kind.free,
        [
            "a b#c", "é/ü#ß", "q?x=1&y#f", "100%#%41", "a+b#c+d", "x~y@z#f.g-h_i", "a:b#c:d",
            "h#x#f", "quote\"s#\"f\"", "back\\slash#f",
        ])
    func `odd names are kept apart`(_ kind: BackendSubject.Kind, _ place: String) throws {
        let subject = try BackendSubject(kind)
        let written = try subject.write(Bytes("v".utf8), place, after: subject.read(place))
        guard written.problem == nil else {
            #expect(written.problem == "validation", "\(written.text)")
            return
        }
        #expect(try subject.read(place).value?.text == "v")
        #expect(try subject.list() == [place])
    }

    @Test(arguments: BackendSubject.Kind.paths, ["../x#f", "a//b#f", "a/./b#f", "/a#f", "a/#f"])
    func `a place that could be another is refused`(
        _ kind: BackendSubject.Kind, _ place: String
    ) throws {
        let subject = try BackendSubject(kind)
        #expect(try subject.read(place).problem == "validation")
        let written = try subject.write(Bytes("v".utf8), place, after: nil)
        #expect(written.problem == "validation")
    }

    @Test(arguments: BackendSubject.Kind.free)
    func `what is there is listed, whole and in order`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        #expect(try subject.list() == [])
        for place in ["b#x", "a/deep/er#f", "a#f", "b#y"] {
            #expect(
                try subject.write(Bytes("v".utf8), place, after: subject.read(place)).problem
                    == nil)
        }
        #expect(try subject.list().sorted() == ["a#f", "a/deep/er#f", "b#x", "b#y"])
        #expect(try subject.list("a/") == ["a/deep/er#f"])
    }

    @Test(arguments: BackendSubject.Kind.servers)
    func `what is taken away is gone, and nothing else`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        for place in ["p#a", "p#b"] {
            _ = try subject.write(Bytes("v".utf8), place, after: subject.read(place))
        }
        #expect(try subject.delete("p#a", after: subject.read("p#a")).problem == nil)
        #expect(try subject.read("p#a").isNothing)
        #expect(try subject.stored("p#b")?.text == "v")
        #expect(try subject.delete("p#b", after: subject.read("p#b")).problem == nil)
        let gone = try subject.read("p#b")
        #expect(gone.isNothing)
        if !Kind.flat.contains(kind) { #expect(try subject.list() == []) }
        // And it can be there again.
        #expect(try subject.write(Bytes("w".utf8), "p#b", after: gone).problem == nil)
        #expect(try subject.stored("p#b")?.text == "w")
    }

    @Test(arguments: BackendSubject.Kind.comparing)
    func `what somebody else wrote meanwhile stays`(_ kind: BackendSubject.Kind) throws {
        let subject = try BackendSubject(kind)
        let seen = try subject.read("p#f")
        _ = try subject.write(Bytes("theirs".utf8), "p#f", after: seen)
        let late = try subject.write(Bytes("ours".utf8), "p#f", after: seen)
        #expect(late.problem == "conflict")
        let theirs = try subject.read("p#f")
        _ = try subject.write(Bytes("theirs again".utf8), "p#f", after: theirs)
        #expect(try subject.write(Bytes("ours".utf8), "p#f", after: theirs).problem == "conflict")
        if kind != .shelf {
            #expect(try subject.delete("p#f", after: theirs).problem == "conflict")
        }
        #expect(try subject.read("p#f").value?.text == "theirs again")
    }

    @Test(arguments: BackendSubject.Kind.allCases)
    func `it lives through requests that are none, and ends with its input`(
        _ kind: BackendSubject.Kind
    ) throws {
        let subject = try BackendSubject(kind)
        let answers = try subject.ask(
            ["do": "dance"].merging(subject.named("p#f")) { $1 },
            ["do": "read"].merging(subject.named("p#f")) { $1 })
        #expect(answers[1].problem == "unsupported")
        #expect(answers[2].isNothing)
    }
}
