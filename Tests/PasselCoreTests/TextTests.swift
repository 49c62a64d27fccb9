import PasselCore
import Testing

@Suite struct TextTests {
    @Test func `an interpolated name keeps its exact bytes`() {
        let name: [UInt8] = [0x61, 0xFF, 0x0D, 0x0A, 0xC3]
        let text: Text = "Error: \(name) is gone."
        #expect(text.bytes == Array("Error: ".utf8) + name + Array(" is gone.".utf8))
    }

    @Test func `paths, texts, strings and numbers are interpolated as they are spelled`() {
        let path: Path = "/a//b/"
        let inner: Text = "x\r\ny"
        let text: Text = "\(path) \(inner) \("é") \(-7) \(UInt64.max)"
        #expect(text.bytes == Array("/a//b/ x\r\ny é -7 18446744073709551615".utf8))
    }

    @Test func `texts that look alike but have other bytes differ`() {
        let composed: Text = "\u{e9}"
        let decomposed: Text = "e\u{301}"
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test func `texts are joined and added byte by byte`() {
        let pieces: [Text] = ["a", "", "c"]
        #expect(pieces.joined(separator: ", ").bytes == Array("a, , c".utf8))
        #expect([Text]().joined(separator: ", ").bytes == [])
        var sum: Text = "a\r" + "\n"
        sum += "b"
        #expect(sum.bytes == [0x61, 0x0D, 0x0A, 0x62])
    }

    @Test func `a problem knows how it is told`() {
        let own = Problem("it failed", hints: ["try again"], status: 3)
        let known = Problem.pass("Error: no.")
        let silent = Problem.silent(status: 2)
        #expect(own.form == .own && own.status == 3 && own.hints == ["try again"])
        #expect(known.form == .pass && known.status == 1 && known.message == "Error: no.")
        #expect(silent.form == .silent && silent.status == 2 && silent.message == "")
    }
}

@Suite struct BytesTests {
    @Test func `only the blanks at the ends are trimmed`() {
        let bytes = Array(" \t a b\t\u{b}\n ".utf8)
        #expect(bytes.trimmingBlanks == Array("a b\t\u{b}\n".utf8))
        #expect(Array(" \t ".utf8).trimmingBlanks == [])
        #expect([UInt8]().trimmingBlanks == [])
    }

    @Test func `hexadecimal digits are upper case and two for each byte`() {
        #expect([0x00, 0x0F, 0xA5, 0xFF].hex == "000FA5FF")
    }

    @Test func `exactly twenty-two bytes are hexadecimal digits`() {
        let values = (UInt8.min...UInt8.max).compactMap(\.hexValue)
        #expect(values == Array(0...15) + Array(10...15))
        #expect(UInt8(ascii: "f").hexValue == 15)
        #expect(UInt8(ascii: "G").hexValue == nil)
    }

    @Test func `lower case changes ASCII capitals only`() {
        let changed = (UInt8.min...UInt8.max).filter { $0.asciiLowercased != $0 }
        #expect(changed == Array(UInt8(ascii: "A")...UInt8(ascii: "Z")))
    }

    @Test func `bytes end with a suffix or they do not`() {
        #expect(Array("x.gpg".utf8).ends(with: ".gpg"))
        #expect(!Array("gpg".utf8).ends(with: ".gpg"))
        #expect([UInt8]().ends(with: ""))
    }
}
