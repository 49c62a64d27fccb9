import Foundation
import Testing

@testable import PasselCore

@Suite struct JSONPlacesTests {
    private func read<Result>(_ text: String, _ body: (JSONPlaces?) -> Result) -> Result {
        Array(text.utf8).withUnsafeBytes { body(JSONPlaces($0)) }
    }

    @Test(
        arguments: [
            "{}", "[]", " null ", "true", "false", "0", "-0", "1.5e+3", "\"\"",
            "[1,[2,{\"a\":[]}]]",
            "{\"a\":1,\"b\":{\"a\":2}}", "\"\\u00e9\\n\\\"\"", "\t[\r\n1 , 2 ]\n",
        ])
    func `JSON is read`(text: String) { #expect(read(text) { $0 != nil }) }

    @Test(
        arguments: [
            "", " ", "{", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "01", "1.",
            ".5", "+1", "1e", "nul", "nullx", "'a'", "\"", "\"\\x\"", "\"\\u12\"", "\"\n\"",
            "[1] 2",
            "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[1 2]", "NaN", "// c\n1",
        ])
    func `what is not, or twice in one object, is refused`(text: String) {
        #expect(read(text) { $0 == nil })
    }

    @Test func `bytes that are no UTF-8 are no JSON, wherever they stand`() {
        for bad: [UInt8] in [[0xcb], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xff, 0xfe]] {
            for (before, after) in [("{\"", "\":1}"), ("[\"", "\"]"), ("[1]", "")] {
                let text = Array(before.utf8) + bad + Array(after.utf8)
                #expect(text.withUnsafeBytes { JSONPlaces($0) == nil }, "\(before)")
            }
        }
    }

    @Test func `members, texts and numbers are found`() {
        let text =
            #"{"a":"x\u00e9\ud83d\ude00\ud800!","n":1700003600.9,"e":17e8,"l":["p","q"],"m":[1]}"#
        read(text) { json in
            #expect(json?.text(json?["a"]) == "xé😀\u{fffd}!")
            #expect(json?.integer(json?["n"]) == 1_700_003_600)
            #expect(json?.integer(json?["e"]) == 1_700_000_000)
            #expect(json?.texts(json?["l"]) == ["p", "q"])
            #expect(json?.texts(json?["a"])?.count == 1)
            #expect(json?.texts(json?["m"]) == nil)
            #expect(json?["z"] == nil && json?.text(json?["n"]) == nil)
        }
        read("1e400") { #expect($0?.integer($0?.root) == nil) }
        read("-9223372036854775808") { #expect($0?.integer($0?.root) == .min) }
    }

    @Test func `depth and parts have bounds`() {
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(read(deep) { $0 == nil })
        let wide = "[" + String(repeating: "1,", count: 20_000) + "1]"
        #expect(read(wide) { $0 == nil })
    }

    @Test func `it agrees with another reader on mutations`() {
        var random = SmallRandom(seed: 99)
        let seed =
            #"{"iss":"a","aud":["b","c"],"exp":17.5e2,"x":{"y":[null,true,-1]},"s":"\u0041"}"#
        for _ in 0..<3000 {
            var bytes = Array(seed.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = "{}[]\",:0123e.\\au -".utf8.randomElement(using: &random) ?? 0
            }
            let ours = bytes.withUnsafeBytes { JSONPlaces($0) != nil }
            let theirs =
                (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed))
                != nil
            // Ours refuses keys that are there twice; it must never accept more.
            if ours { #expect(theirs, "\(String(decoding: bytes, as: UTF8.self))") }
        }
    }
}
