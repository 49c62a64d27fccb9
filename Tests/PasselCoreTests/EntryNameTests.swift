import PasselCore
import Testing

@Suite struct EntryNameTests {
    @Test(arguments: ["..", "../a", "a/..", "a/../b", "/..", "..//", "a//../", "./.."])
    func `a component of two dots is refused in pass's words`(name: String) throws {
        let problem = try #require(throws: Problem.self) {
            try EntryName.refuseSneaky(Path(name))
        }
        #expect(
            problem.message == "Error: You've attempted to pass a sneaky path to pass. Go home.")
        #expect(problem.form == .pass)
    }

    @Test(arguments: ["", "/", ".", "...", "..a", "a..", "a/..b/c", ".git", "a/ ..", "\\.."])
    func `other dots are ordinary names`(name: String) throws {
        try EntryName.refuseSneaky(Path(name))
    }

    @Test(arguments: ["", "/", "//"]) func `an empty name cannot be stored`(name: String) {
        #expect(throws: Problem.self) { try EntryName.refuseUnstorable(Path(name)) }
    }

    @Test(arguments: [".git", "a/.git", ".git/hooks/pre-commit", "a/.GIT/b", ".GiT"])
    func `nothing is stored in git's own folder`(name: String) {
        #expect(throws: Problem.self) { try EntryName.refuseUnstorable(Path(name)) }
    }

    @Test(arguments: [".passel/x", "/.passel", "./.Passel/a/b", ".public-keys/x", ".PUBLIC-KEYS"])
    func `nothing is stored among the team's own files`(name: String) {
        #expect(throws: Problem.self) { try EntryName.refuseUnstorable(Path(name)) }
    }

    @Test(arguments: [
        "a", "/a", "a/.passel", ".passel-2", ".public-keys.d/x", "a/", "a b/c'd", ".gitattributes",
        ".github/x", "git", "a.git", "-f", "a\nb",
        "e\u{301}",
    ]) func `anything else can be stored`(name: String) throws {
        try EntryName.refuseUnstorable(Path(name))
    }

    @Test func `a part may be as long as its file name allows`() throws {
        let longest = String(repeating: "x", count: 251)
        try EntryName.refuseUnstorable(Path("a/\(longest)/b"))
        #expect(throws: Problem.self) { try EntryName.refuseUnstorable(Path("a/\(longest)x")) }
    }

    @Test func `bytes that are no text can be stored`() throws {
        try EntryName.refuseUnstorable(Path([0xFF, 0x80, 0x2F, 0x01]))
    }
}
