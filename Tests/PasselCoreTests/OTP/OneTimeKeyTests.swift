import Foundation
import PasselTesting
import Testing

@testable import PasselCore

@Suite struct OneTimeKeyTests {
    private func key(_ secret: String, _ more: String = "", type: String = "totp") throws
        -> OneTimeKey
    {
        try OneTimeURI(Secret(plain: "otpauth://\(type)/a?secret=\(secret)\(more)")).key
    }

    private func base32(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (buffer, bits, text) = (0, 0, "")
        for byte in bytes {
            (buffer, bits) = (buffer << 8 | Int(byte), bits + 8)
            while bits >= 5 {
                bits -= 5
                text.append(letters[buffer >> bits & 31])
            }
        }
        return bits > 0 ? text + String(letters[buffer << (5 - bits) & 31]) : text
    }

    @Test func `counted passwords are those of RFC 4226`() throws {
        let key = try key(base32(Array("12345678901234567890".utf8)), "&counter=0", type: "hotp")
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489",
        ]
        #expect((0..<10).map { key.password(UInt64($0)).text } == expected)
    }

    @Test func `timed passwords are those of RFC 6238`() throws {
        let digits = "1234567890"
        func seed(_ count: Int) -> String {
            base32(Array(String(repeating: digits, count: 7).utf8.prefix(count)))
        }
        let table: [(Int64, String, String, String)] = [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ]
        for (time, sha1, sha256, sha512) in table {
            let eight = "&digits=8&algorithm="
            #expect(try key(seed(20), eight + "SHA1").password(at: time).text == sha1)
            #expect(try key(seed(32), eight + "sha256").password(at: time).text == sha256)
            #expect(try key(seed(64), eight + "SHA512").password(at: time).text == sha512)
        }
    }

    @Test func `200 random keys give what oathtool gives`() throws {
        var random = SmallRandom(seed: 6238)
        for round in 0..<200 {
            let secret = base32(random.bytes(count: Int.random(in: 1...80, using: &random)))
            let digits = [6, 7, 8][round % 3]
            let words: [String]
            let ours: String
            if round % 4 == 0 {
                let counter = UInt64.random(in: 0...(.max >> 1), using: &random)
                words = ["--hotp", "--counter=\(counter)"]
                ours = try key(secret, "&digits=\(digits)&counter=0", type: "hotp")
                    .password(counter).text
            } else {
                let hash = ["sha1", "sha256", "sha512"][round / 4 % 3]
                let period = Int.random(in: 1...300, using: &random)
                let second = Int64.random(in: 0...4_000_000_000, using: &random)
                words = ["--totp=\(hash)", "--time-step-size=\(period)s", "--now=@\(second)"]
                ours = try key(
                    secret, "&digits=\(digits)&algorithm=\(hash)&period=\(period)"
                ).password(at: second).text
            }
            let theirs = try Invocation.tool(
                "oathtool", ["-b", "--digits=\(digits)"] + words + [secret])
            #expect(theirs.stdout.text == ours + "\n", "\(words)")
        }
    }

    @Test func `Steam's passwords are five letters of its own`() throws {
        let key = try key(base32(Array("12345678901234567890".utf8)), "&encoder=steam")
        #expect(key.kind == .steam)
        // The truncated hash of RFC 4226 for 1 is 1094287082: its digits to the base of 26.
        var rest = 1_094_287_082
        let letters = Array("23456789BCDFGHJKMNPQRTVWXY")
        let expected = (0..<5).map { _ in
            defer { rest /= 26 }
            return letters[rest % 26]
        }
        #expect(key.password(1).text == String(expected))
    }

    @Test func `the parts of a URI are read`() throws {
        let secret = "JBSWY3DPEHPK3PXP"
        let key = try OneTimeURI(
            Secret(
                plain:
                    "otpauth://totp/ACME%20Co:ann+b@example.com?secret=\(secret)&issuer=X%26Y&digits=8&period=60"
            )
        ).key
        #expect(key.issuer == "X&Y" && key.account == "ann b@example.com")
        #expect(key.digits == 8 && key.period == 60 && key.algorithm == "SHA1")
        #expect(key.end(ofPasswordAt: 61) == 120)
        let alone = try OneTimeURI(Secret(plain: "otpauth://totp/ACME:ann?secret=\(secret)")).key
        #expect(alone.issuer == "ACME" && alone.account == "ann")
    }

    @Test(
        arguments: [
            ("nonsense", OneTimeURI.Flaw.form), ("otpauth://totp/a", .form),
            ("otpauth://totp/a?", .form), ("otpauth://yotp/a?secret=AA", .form),
            ("otpauth://totp/a b?secret=AA", .form), ("otpauth://totp/?secret=AA", .account),
            ("otpauth://totp/:?secret=AA", .account), ("otpauth://totp/a?x=1", .noSecret),
            ("otpauth://totp/a?secret=", .noSecret), ("otpauth://totp/a?secret=A1", .secret),
            ("otpauth://hotp/a?secret=AAAA", .counter),
            ("otpauth://hotp/a?secret=AAAA&counter=x", .counter),
            ("otpauth://totp/a?secret=AAAA&digits=9", .digits),
            ("otpauth://totp/a?secret=AAAA&period=0", .period),
            ("otpauth://totp/a?secret=AAAA&algorithm=MD5", .algorithm),
            ("otpauth://totp/a:b:c?secret=AAAA", .form),
        ])
    func `what is wrong with a URI is said`(text: String, flaw: OneTimeURI.Flaw) {
        #expect(throws: flaw) { try OneTimeURI(Secret(plain: text)) }
    }

    @Test func `a counter is stepped wherever it stands`() throws {
        for (before, after) in [
            ("otpauth://hotp/a?counter=9&secret=AAAA", "otpauth://hotp/a?counter=10&secret=AAAA"),
            ("otpauth://hotp/a?secret=AAAA&counter=3", "otpauth://hotp/a?secret=AAAA&counter=4"),
            ("otpauth://totp/a?secret=AAAA&counter=3", "otpauth://totp/a?secret=AAAA&counter=3"),
        ] { #expect(try OneTimeURI(Secret(plain: before)).stepped.text == after) }
    }

    @Test func `a URI is made of a secret`() throws {
        let made = OneTimeURI.assembled(
            secret: Secret(plain: "AAAA"), issuer: "A & B", account: "é")
        #expect(made.text == "otpauth://totp/A+%26+B:%C3%A9?secret=AAAA&issuer=A+%26+B")
        #expect(try OneTimeURI(made).key.account == "é")
    }
}
