import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

struct SubjectNamesTests {
    private func sources(_ subject: String, _ name: String) -> [String] {
        (SubjectNames(Text(subject.utf8))?.sources(of: Bytes(name.utf8)) ?? []).map(\.text)
    }

    @Test(arguments: [
        // An entry, and one put into a folder.
        ("Rename a/b to c.", "c", ["a/b"]),
        ("Rename a/b to c.", "c/b", ["a/b/b", "a/b"]),
        // A folder, and one put into a folder.
        ("Rename a to b.", "b/x/y", ["a/x/y"]),
        ("Rename a to b.", "b/a/y", ["a/a/y", "a/y"]),
        // As typed.
        ("Rename a/ to ./b//c/.", "b/c/x", ["a/x"]),
        ("Rename a/b to /.", "b", ["a/b"]),
        ("Copy a to b.", "b", ["a"]),
        // A name that contains the word between the names.
        ("Rename x to y to z.", "z", ["x to y"]),
        ("Rename x to y to z.", "y to z", ["x"]),
        ("Rename a to b.", "c", []), ("Rename a to b.", "bc", []),
        ("Rename a to b", "b", []), ("Move a to b.", "b", []), ("Rename .", "", []),
    ]) func `a subject tells the old names`(subject: String, name: String, old: [String]) {
        #expect(sources(subject, name) == old)
    }
}
