import PasselCore
import Testing

@Suite struct RequestFileTests {
    private static let key = String(repeating: "A1", count: 20)
    private static let digest = String(repeating: "0f", count: 32)
    private static let text = """
        passel request 1
        key \(key) \(digest) Bob%20%3Cbob@example.org%3E
        folder .
        folder team/%20x
        role member
        roster \(digest)

        """

    private func flaw(_ text: String) -> String? {
        do {
            _ = try RequestFile(Array(text.utf8))
            return nil
        } catch let problem as Problem {
            return problem.message.description
        } catch {
            return "\(error)"
        }
    }

    @Test func `a request is read as it was written`() throws {
        let request = try RequestFile(
            key: #require(Fingerprint(Self.key.utf8)), digest: #require(Digest(Self.digest.utf8)),
            name: Array("Bob <bob@example.org>".utf8), folders: ["team/ x", ".", "."],
            role: .member, roster: Digest(Self.digest.utf8))
        #expect(String(decoding: request.content, as: UTF8.self) == Self.text)
        #expect(try RequestFile(request.content) == request)
        #expect(request.folders == [".", "team/ x"])
    }

    @Test func `whoever names no folder asks for the whole store`() throws {
        let request = try RequestFile(
            key: #require(Fingerprint(Self.key.utf8)), digest: #require(Digest(Self.digest.utf8)),
            name: [], folders: [], role: .machine, roster: nil)
        #expect(request.folders == [Roster.top])
        #expect(try RequestFile(request.content) == request)
    }

    @Test(arguments: [
        ("passel request 1", "passel request 2"), ("role member", "role king"),
        ("role member", "role  member"), ("folder .", "folder .."), ("folder .", "folder /"),
        ("folder .", "folder a//b"), ("folder .", "folder .git"), ("folder .", "folder a/../b"),
        ("folder .", "folder %2E"), ("folder .", "folder zz"), ("folder .", "folder .\nfolder ."),
        ("folder .\nfolder team/%20x\n", ""), ("role member\n", ""),
        ("role member", "role member\nrole member"), ("roster ", "roster x"),
        ("roster ", "hello\nroster "), ("key A1", "key a1"), (" 0f0f", " 0F0f"),
        ("Bob%20", "Bob "), ("Bob%20", "Bob%2"), ("\nfolder .", "\n\nfolder ."),
        ("\nfolder .", "\r\nfolder ."), ("key A1", "key 0xA1"),
    ])
    func `any other spelling is refused`(_ old: String, _ new: String) {
        #expect(flaw(Self.text) == nil)
        let changed = Self.text.replacing(old, with: new, maxReplacements: 1)
        #expect(changed != Self.text)
        #expect(flaw(changed)?.hasPrefix("the request cannot be used: ") == true)
    }

    @Test func `a line feed at the end is needed`() {
        #expect(flaw(String(Self.text.dropLast())) != nil)
        #expect(flaw(Self.text + "\n") != nil)
        #expect(flaw("") != nil)
        #expect(flaw(String(repeating: "folder a\n", count: 10_000)) != nil)
    }

    @Test func `it lies under the fingerprint`() throws {
        let key = try #require(Fingerprint(Self.key.utf8))
        #expect(RequestFile.path(key).description == ".passel/requests/\(Self.key)")
        #expect(RequestFile.signaturePath(key).description == ".passel/requests/\(Self.key).sig")
    }
}
