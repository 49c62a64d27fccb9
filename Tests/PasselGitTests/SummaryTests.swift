import PasselCore
import PasselGit
import PasselTesting
import Testing

/// The lines that `git commit` prints.
@Suite struct SummaryTests {
    static let cases: [(String, [[GitChange]])] = [
        ("a first file", [[file("a.gpg", "1")]]),
        ("a changed file", [[file("a", "1")], [file("a", "2")]]),
        (
            "removed and made",
            [[file("a", "one"), file("b", "1")], [nothing("a"), file("c/d", "two")]]
        ),
        (
            "renamed",
            [
                [file("web/shop.gpg", "content of it")],
                [nothing("web/shop.gpg"), file("web/new.gpg", "content of it")],
            ]
        ),
        (
            "moved",
            [
                [file("a/b/shop.gpg", "content of it"), file("x", "1")],
                [nothing("a/b/shop.gpg"), file("c/shop.gpg", "content of it")],
            ]
        ),
        (
            "moved up",
            [
                [file("a/shop.gpg", "content of it"), file("x", "1")],
                [nothing("a/shop.gpg"), file("shop.gpg", "content of it")],
            ]
        ),
        (
            "moved deeper",
            [
                [file("a/shop.gpg", "content of it"), file("x", "1")],
                [nothing("a/shop.gpg"), file("a/b/shop.gpg", "content of it")],
            ]
        ),
        (
            "a folder moved",
            [
                [file("old/one.gpg", "content 1"), file("old/two.gpg", "content 2")],
                [
                    nothing("old/one.gpg"), nothing("old/two.gpg"),
                    file("new/one.gpg", "content 1"),
                    file("new/two.gpg", "content 2"),
                ],
            ]
        ),
        ("a link", [[link("l.gpg", "a.gpg")]]),
        (
            "names to be quoted",
            [
                [
                    file("é.gpg", "1"), file("a\"b", "1"), file("a\tb", "1"),
                    file("with space", "1"),
                ]
            ]
        ),
        (
            "a quoted rename",
            [
                [file("é.gpg", "content of it")],
                [nothing("é.gpg"), file("ü.gpg", "content of it")],
            ]
        ),
        ("names that are no text", [[GitChange([0xFF, 0x2E], .file([0x31], executable: false))]]),
        ("binary", [[GitChange([0x62], .file([0, 1, 2, 255], executable: false))]]),
    ]

    @Test(arguments: cases) func `the lines are git's`(_ case: String, steps: [[GitChange]]) throws
    {
        let ours = try GitBox()
        let theirs = try GitBox()
        for step in steps {
            let commit = try ours.commit(step, "Do it.")
            for change in step.filter(\.removes) { try theirs.apply(change) }
            for change in step.filter({ !$0.removes }) { try theirs.apply(change) }
            try theirs.git("add", "-A", ".")
            let printed = try theirs.run("git", ["commit", "-m", "Do it."]).stdout.text
            let summary = try ours.open().summary(of: commit).bytes.text
            #expect(withoutID(summary) == withoutID(printed))
        }
    }

    @Test func `a detached head is named`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")])
        try box.git("checkout", "-q", "--detach")
        let commit = try box.commit([file("a", "2")], "Do it.")
        let summary = try box.open().summary(of: commit).bytes.text
        #expect(summary.hasPrefix("[detached HEAD \(commit.id.hex.prefix(7))] Do it.\n"))
    }

    private func withoutID(_ text: String) -> String {
        text.replacing(/\ [0-9a-f]{7,}\]/, with: " ID]")
    }
}
