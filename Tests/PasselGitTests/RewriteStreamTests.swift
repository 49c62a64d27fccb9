import PasselCore
import PasselGit
import Testing

@Suite struct RewriteStreamTests {
    private static let forgotten = String(repeating: "ab", count: 20)
    private static let kept = String(repeating: "cd", count: 20)
    /// A commit whose message has a line like one that takes a file in, and one without a message.
    private static let stream = """
        reset refs/heads/main
        commit refs/heads/main
        author a <a@example.org> 1 +0000
        data 52
        M 100644 \(forgotten) x
        M 100644 \(forgotten) web/a site.gpg
        M 100644 \(kept) other.gpg
        D gone.gpg

        commit refs/heads/main
        data 0
        M 100644 \(forgotten) "\\303\\274.gpg"

        """
    private static let wanted = """
        reset refs/heads/main
        commit refs/heads/main
        author a <a@example.org> 1 +0000
        data 52
        M 100644 \(forgotten) x
        D web/a site.gpg
        M 100644 \(kept) other.gpg
        D gone.gpg

        commit refs/heads/main
        data 0
        D "\\303\\274.gpg"

        """

    @Test(arguments: [1, 2, 7, 51, 52, 53, 4096])
    func `a file that is forgotten is taken away, wherever the stream is cut`(
        _ size: Int
    ) throws {
        let id = try #require(GitID(hex: Self.forgotten.utf8))
        var stream = RewriteStream(without: [id])
        let bytes = Array(Self.stream.utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = bytes[start..<min(start + size, bytes.count)]
            result += piece.withUnsafeBytes { stream.filter($0) }
        }
        #expect(String(decoding: result, as: UTF8.self) == Self.wanted)
    }
}
