import Foundation
import PasselTesting
import Testing

/// Debian's pass-otp, an extension that uses most of pass's functions.
@Suite struct OTPTests {
    private let secret = "JBSWY3DPEHPK3PXP"
    private var uri: String { "otpauth://totp/ACME:ann?secret=\(secret)&issuer=ACME" }

    @Test func `a key is inserted and gives the codes that oathtool gives`() throws {
        let home = try home()
        let inserted = try home.run("pass", "otp", "insert", "-f", "web/totp", input: uri + "\n")
        #expect(inserted.status == 0)
        #expect(try home.check("pass", "otp", "uri", "web/totp") == uri + "\n")
        // A code that was made just before the next half minute began may be the older one.
        var matches = false
        for _ in 0..<3 where !matches {
            let expected = try home.check("oathtool", "--totp", "-b", secret)
            matches =
                try home.check("pass", "otp", "web/totp") == expected
                && home.check("pass", "otp", "code", "web/totp") == expected
        }
        #expect(matches)
        #expect(try home.subjects(1) == ["Add OTP secret for web/totp to store."])
        #expect(try home.status() == "")
    }

    @Test func `a key is appended to an entry`() throws {
        let home = try home()
        try home.insert("web/site", "hunter2\nuser: alice\n")
        let appended = try home.run("pass", "otp", "append", "-f", "web/site", input: uri + "\n")
        #expect(appended.status == 0)
        #expect(try home.show("web/site") == "hunter2\nuser: alice\n\(uri)\n")
        #expect(try home.subjects(1) == ["Append OTP secret for web/site."])
    }

    @Test func `a counter is stepped and committed`() throws {
        let home = try home()
        let counting = "otpauth://hotp/ACME:bob?secret=\(secret)&issuer=ACME&counter=3"
        try home.run("pass", "otp", "insert", "-f", "web/hotp", input: counting + "\n").demand()
        let code = try home.check("pass", "otp", "web/hotp")
        // git's summary of the commit comes first.
        let expected = try home.check("oathtool", "--hotp", "-b", "-c", "4", secret)
        #expect(code.hasSuffix("\n" + expected))
        #expect(try home.show("web/hotp").contains("counter=4"))
        #expect(try home.subjects(1) == ["Increment HOTP counter for web/hotp."])
        #expect(try home.status() == "")
    }

    @Test func `a key is validated`() throws {
        let home = try home()
        #expect(try home.run("pass", "otp", "validate", uri).status == 0)
        let refused = try home.run("pass", "otp", "validate", "nonsense")
        #expect(refused.status == 1)
        #expect(refused.stderr.text == "Cannot parse OTP key URI: nonsense\n")
    }

    @Test func `a code goes to the clipboard`() throws {
        let home = try home()
        try home.run("pass", "otp", "insert", "-f", "web/totp", input: uri + "\n").demand()
        let display = try home.fakeDisplay(holding: "before")
        let copied = try home.run(
            "pass", "otp", "-c", "web/totp",
            environment: ["DISPLAY": display, "PASSWORD_STORE_CLIP_TIME": "1"])
        #expect(
            copied.stdout.text
                == "Copied OTP code for web/totp to clipboard. Will clear in 1 seconds.\n")
        #expect(home.clipboard().count == 6)
        #expect(home.clipboard(becomes: "before", within: 120))
    }

    @Test func `entries without a key and missing entries are refused`() throws {
        let home = try home()
        try home.insert("web/site", "hunter2\n")
        let keyless = try home.run("pass", "otp", "web/site")
        #expect(keyless.stderr.text == "web/site: OTP secret not found.\n")
        #expect(keyless.status == 1)
        let missing = try home.run("pass", "otp", "web/none")
        #expect(missing.stderr.text == "web/none: passfile not found.\n")
        #expect(missing.status == 1)
    }

    private func home() throws -> ClientHome {
        try ClientHome.require("oathtool")
        try ClientHome.require("/usr/lib/password-store/extensions/otp.bash")
        return try ClientHome()
    }
}
