import Foundation
import Testing

@testable import PasselCore

@Suite struct EncodingTests {
    @Test func `base64 goes there and back for every length`() throws {
        var random = SmallRandom(seed: 7)
        for length in 0..<200 {
            let bytes = random.bytes(count: length)
            let padded = Data(bytes).base64EncodedString()
            let text = String(padded.prefix { $0 != "=" })
            #expect(Base64.encode(bytes, .standard).text == text)
            #expect(Base64.decode(padded.utf8, .standard)?.bytes == bytes)
            #expect(Base64.decode(text.utf8, .standard)?.bytes == bytes)
            let url = String(text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
            #expect(Base64.encode(bytes, .url).text == url)
            #expect(Base64.decode(url.utf8, .url)?.bytes == bytes)
        }
    }

    @Test(arguments: ["A", "AAAAA", "AA=A", "AA===", "A===", "AAAA=", "AA A", "AA\nAA", "A-A_"])
    func `other base64 is refused`(text: String) {
        #expect(Base64.decode(text.utf8, .standard) == nil)
    }

    @Test func `line ends are skipped only where they may be`() {
        #expect(Base64.decode("YW\r\nJj\n".utf8, .standard, hasLines: true)?.text == "abc")
    }

    // RFC 4648 §10.
    @Test(
        arguments: [
            ("MY======", "f"), ("MZXQ====", "fo"), ("MZXW6===", "foo"), ("MZXW6YQ=", "foob"),
            ("mzxw6ytb", "fooba"), ("MZXW 6YTB-OI", "foobar"),
        ])
    func `base32 is read as people spell it`(text: String, meaning: String) {
        #expect(Base32.decode(text.utf8)?.text == meaning)
    }

    @Test(arguments: ["", "=", "A", "MZXW1", "MZXW6YTB0I", "MZXWé"])
    func `other base32 is refused`(text: String) {
        #expect(Base32.decode(text.utf8) == nil)
    }

    // BIP 173.
    @Test(
        arguments: [
            ("A12UEL5L", true), ("a12uel5l", true),
            (
                "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
                true
            ),
            ("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", true), ("A12UEL5l", false),
            ("A1G7SGD8", false), ("10a06t8", false), ("1qzzfhee", false), ("pzry9x0s0muk", false),
        ])
    func `bech32 is checked`(text: String, isValid: Bool) {
        #expect(Bech32.isValid(Array(text.utf8)) == isValid)
    }

    @Test func `the CRC is the one of Ethernet`() {
        #expect(CRC32.of("123456789".utf8) == 0xCBF4_3926)
    }

    // RFC 4231 §4.3, RFC 2202 §3; keys longer than a block: RFC 4231 §4.7, RFC 2202 §3 test 6.
    @Test func `keyed hashes are those of the RFCs`() {
        func code(_ hash: HMAC.Hash, _ key: [UInt8], _ message: String) -> String {
            key.withUnsafeBytes { HMAC.code(hash, key: $0, message: Array(message.utf8)) }
                .bytes.hex.lowercased()
        }
        let jefe = Array("Jefe".utf8)
        let question = "what do ya want for nothing?"
        #expect(code(.sha1, jefe, question) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
        #expect(
            code(.sha256, jefe, question)
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(code(.sha512, jefe, question).hasPrefix("164b7a7bfcf819e2e395fbe73b56e0a387bd6422"))
        let long = "Test Using Larger Than Block-Size Key - Hash Key First"
        #expect(
            code(.sha1, [UInt8](repeating: 0xAA, count: 80), long)
                == "aa4ae5e15272d00e95705637ce8a3b55ed402112")
        #expect(
            code(.sha256, [UInt8](repeating: 0xAA, count: 131), long)
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        #expect(code(.sha1, [], "") == "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d")
        #expect(
            code(.sha256, [], "")
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }
}

extension Secret {
    /// For tests: the bytes in the open.
    var bytes: [UInt8] { withBytes { Array($0) } }
    /// For tests: the text in the open.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
