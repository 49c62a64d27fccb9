import PasselCore
import Testing

@Suite struct PercentEncodingTests {
    @Test(
        arguments: [
            ("a%41b", "aAb"), ("%3a%3A", "::"), ("100%", "100%"), ("%4", "%4"), ("%zz%41", "%zzA"),
            ("%%41", "%A"), ("%2541", "%41"), ("", ""),
        ])
    func `what others spell in their own way is read once, and what is no number is left`(
        _ text: String, _ meaning: String
    ) {
        #expect(PercentEncoding.decodeLeniently(text.utf8) == Array(meaning.utf8))
    }

    @Test(arguments: ["a%41b", "%c3%BC", "%C3", "%4", "%", "a b"])
    func `a word that is not spelled as ours are is refused`(_ word: String) {
        let isOurs = word == "%C3"
        #expect((PercentEncoding.decode(word.utf8) != nil) == isOurs)
    }

    @Test func `every byte comes back as it was`() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(PercentEncoding.decode(PercentEncoding.encode(bytes)) == bytes)
    }
}
