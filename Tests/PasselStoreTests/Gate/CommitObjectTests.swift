import PasselCore
import Testing

@testable import PasselStore

struct CommitObjectTests {
    private let tree = String(repeating: "1", count: 40)
    private let parent = String(repeating: "2", count: 40)
    private let people = """
        author Ann <ann@example.org> 1700000000 +0100
        committer Bob <bob@example.org> 1700000001 +0100

        """
    private let signature = """
        gpgsig -----BEGIN PGP SIGNATURE-----
        \u{20}
         wsBcBAABCAAQ
         =abcd
         -----END PGP SIGNATURE-----

        """

    @Test func `A commit is read`() throws {
        let text = "tree \(tree)\nparent \(parent)\nparent \(tree)\n\(people)\nSubject.\n"
        let commit = try #require(CommitObject(Array(text.utf8)))
        #expect(commit.tree == Array(tree.utf8))
        #expect(commit.parents == [Array(parent.utf8), Array(tree.utf8)])
        #expect(commit.time == 1_700_000_001)
        #expect(commit.signature == nil)
        #expect(commit.payload == Array(text.utf8))
    }

    @Test func `The signature is apart from what it signs`() throws {
        let (head, rest) = ("tree \(tree)\n\(people)", "encoding x\n\nSubject.\n")
        let commit = try #require(CommitObject(Array((head + signature + rest).utf8)))
        #expect(commit.payload == Array((head + rest).utf8))
        guard case .openPGP(let bytes) = commit.signature else { return #expect(Bool(false)) }
        #expect(bytes == [0xc2, 0xc0, 0x5c, 0x04, 0x00, 0x01, 0x08, 0x00, 0x10])
    }

    @Test func `The signature over other ids is left out, too`() throws {
        let other = "gpgsig-sha256 -----BEGIN PGP SIGNATURE-----\n abc\n"
        let head = "tree \(tree)\n\(people)"
        let commit = try #require(CommitObject(Array((head + other + signature + "\nS\n").utf8)))
        #expect(commit.payload == Array((head + "\nS\n").utf8))
    }

    @Test func `A signature in the message, twice, or of another kind is none of ours`() throws {
        let head = "tree \(tree)\n\(people)"
        let inMessage = try #require(CommitObject(Array((head + "\n" + signature).utf8)))
        #expect(inMessage.signature == nil)
        let twice = try #require(CommitObject(Array((head + signature + signature + "\nS").utf8)))
        #expect(twice.signature == .damaged)
        for (kind, expected) in [
            ("SSH SIGNATURE", CommitObject.Signature.foreign), ("SIGNED MESSAGE", .foreign),
            ("PGP MESSAGE", .damaged),
        ] {
            let text = head + "gpgsig -----BEGIN \(kind)-----\n x\n\nS"
            #expect(CommitObject(Array(text.utf8))?.signature == expected)
        }
    }

    @Test(arguments: [
        "", "\n", "tree\n", "tree 12\n\n", "parent x\ntree y\n", " tree x", "tree \u{0}",
        "tree 1111111111111111111111111111111111111111\nparent 12\n\n",
    ])
    func `What is no commit is none`(text: String) {
        #expect(CommitObject(Array(text.utf8)) == nil)
    }

    @Test func `A commit may end anywhere`() {
        let text = Array("tree \(tree)\nparent \(parent)\n\(people)\(signature)\nSubject.\n".utf8)
        for count in 0...text.count { _ = CommitObject(Array(text[..<count])) }
        #expect(CommitObject(Array("tree \(tree)".utf8))?.parents == [])
    }
}
