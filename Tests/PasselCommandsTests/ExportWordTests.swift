import PasselCore
import Testing

@testable import PasselCommands

@Suite struct ExportWordTests {
    @Test(
        arguments: [
            ("ci/pypi", nil, "ci/pypi"), ("A=ci/pypi#user", "A", "ci/pypi#user"),
            ("tls.crt=passel://web/cert", "tls.crt", "web/cert"),
            ("passel://a=b", nil, "a=b"), ("A=b=c", "A", "b=c"),
        ] as [(String, String?, String)])
    func `a name may stand before a reference`(
        _ typed: String, _ name: String?, _ reference: String
    ) throws {
        let word = try #require(ExportWord(typed.bytes))
        #expect(word.name?.description == name)
        #expect(word.reference.spelling.description == reference)
    }

    @Test(arguments: ["", "=ci/pypi", "A=", "A=..", "../x"])
    func `what refers to nothing is none`(_ typed: String) {
        #expect(ExportWord(typed.bytes).map { _ in true } == nil)
    }
}
