import PasselCore
import PasselGPG
import PasselPosix
import PasselTesting
import Testing

/// Session keys: told when asked for, good for one message, and nowhere in clear.
@Suite struct SessionKeyTests {
    private let home: GPGHome
    private let ann: Key

    init() throws {
        home = try GPGHome()
        ann = try home.box.makeKey("ann")
    }

    /// gpg as users have it, with standard error for what it says.
    private func gpg(_ options: String...) -> GPG { home.gpg(options, quiet: false, batch: true) }

    private func message(_ text: String, _ options: String...) throws -> Bytes {
        let arguments = ["--batch", "--quiet", "--yes", "-o", "-", "-e", "-r", ann.fingerprint]
        let outcome = try home.box.run("gpg", arguments + options, input: .bytes(Bytes(text.utf8)))
        try #require(outcome.status == 0)
        return outcome.stdout
    }

    @Test func `a message is decrypted by its session key alone`() throws {
        for options in [["-a"], ["--compress-algo", "zlib"], ["--throw-keyids"]] {
            let content = try message("hunter2\n", try #require(options.first), options.last ?? "")
            let opened = try gpg().openMessage(content, name: "a")
            #expect(opened.plaintext.text == "hunter2\n")
            let key = try #require(opened.sessionKey)
            var environment = home.box.environment
            environment["GNUPGHOME"] = Bytes((home.box.root + "/nowhere").utf8)
            let keyless = GPG(
                program: "gpg", userOptions: [], batch: true,
                environment: ProcessEnvironment(environment))
            #expect(throws: Problem.self) { try keyless.decrypt(content, name: "a") }
            #expect(try keyless.decrypt(content, with: key, name: "a").text == "hunter2\n")
        }
    }

    @Test func `it opens no other message, and none that was tampered with`() throws {
        let (one, other) = (try message("one"), try message("other"))
        let key = try #require(try gpg().openMessage(one, name: "a").sessionKey)
        #expect(throws: Problem.self) { try gpg().decrypt(other, with: key, name: "a") }
        var accepted = 0
        for place in (one.count - 40)..<one.count {
            var bad = one
            bad[place] ^= 1
            if (try? gpg().decrypt(bad, with: key, name: "a")) != nil { accepted += 1 }
        }
        #expect(accepted == 0)
        #expect(throws: Problem.self) { try gpg().decrypt([], with: key, name: "a") }
    }

    @Test func `a log file of the user's does not keep it`() throws {
        let log = home.box.root + "/users.log"
        try home.add("log-file \(log)\n")
        let content = try message("hunter2")
        let key = try #require(try gpg().openMessage(content, name: "a").sessionKey)
        #expect(try gpg().decrypt(content, with: key, name: "a").text == "hunter2")
        let logged = Disk.read(log) ?? []
        let digits = key.spelling.text.split(separator: ":").last.map(String.init) ?? ""
        #expect(digits.count == 64 && !logged.includes(Bytes(digits.utf8)))
    }

    @Test func `without status lines there is none, and all works`() throws {
        let opened = try gpg("--status-fd", "2").openMessage(message("hunter2"), name: "a")
        #expect(opened.plaintext.text == "hunter2" && opened.sessionKey == nil)
    }

    @Test(arguments: [
        "", "9", "9:", "9:12", ":" + String(repeating: "A", count: 64),
        "9:" + String(repeating: "G", count: 64), "9:" + String(repeating: "A", count: 64) + "\n",
        "1234:" + String(repeating: "A", count: 64),
    ])
    func `what is no session key is none`(_ text: String) {
        #expect(SessionKey(Secret(plain: text)) == nil)
    }
}
