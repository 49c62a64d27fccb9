import PasselCore
import PasselGPG
import PasselTesting
import Testing

@Suite struct DecryptionTests {
    private let home: GPGHome
    private let ann: Key

    init() throws {
        home = try GPGHome()
        ann = try home.box.makeKey("ann")
    }

    private func message(_ text: String, _ options: String...) throws -> Bytes {
        let arguments = ["--batch", "--quiet", "--yes", "-o", "-", "-e", "-r", ann.fingerprint]
        let outcome = try home.box.run(
            "gpg", arguments + options, input: .bytes(Bytes(text.utf8)))
        try #require(outcome.status == 0)
        return outcome.stdout
    }

    @Test func `armoured, compressed and hidden messages are read`() throws {
        for options in [["-a"], ["--compress-algo", "zlib"], ["--throw-keyids"]] {
            let message = try message("hunter2", try #require(options.first), options.last ?? "")
            #expect(try home.gpg().decrypt(message, name: "a").text == "hunter2")
        }
    }

    @Test func `nothing comes back of a message that was tampered with`() throws {
        let original = try message(String(repeating: "hunter2 ", count: 2000))
        let start = original.count - 200
        var accepted = 0
        for index in [start, start + 90, original.count - 21, original.count - 1] {
            var changed = original
            changed[index] ^= 1
            if (try? home.gpg().decrypt(changed, name: "a")) != nil { accepted += 1 }
        }
        #expect(accepted == 0)
        #expect(try home.gpg().decrypt(original, name: "a").count == 16_000)
    }

    @Test(arguments: [0, 1, 20, 100]) func `nothing comes back of a message that was cut off`(
        missing: Int
    ) throws {
        let original = try message(String(repeating: "hunter2 ", count: 2000))
        let cut = Bytes(original.dropLast(missing + 1))
        let problem = try #require(throws: Problem.self) {
            try home.gpg().decrypt(cut, name: "web/shop")
        }
        #expect(problem.message == "web/shop: the file is cut off" && problem.status == 2)
        #expect(home.said == "", "gpg never saw it")
    }

    @Test func `what is not encrypted to a key is refused before gpg sees it`() throws {
        let cases: [(Bytes, String)] = [
            ([], "a: the file is empty"),
            (Bytes("hunter2\n".utf8), "a: not an OpenPGP message"),
            (
                try home.plain("--store", stdin: Bytes("hunter2".utf8)).stdout,
                "a: the file is not encrypted; anybody could have put it there"
            ),
            (
                try home.plain(
                    "--pinentry-mode", "loopback", "--passphrase", "p", "-c",
                    stdin: Bytes("hunter2".utf8)
                ).stdout, "a: encrypted with a passphrase, not to keys"
            ),
            (
                try message("x") + message("y"), "a: something follows the encrypted message"
            ),
        ]
        for (bytes, text) in cases {
            let problem = try #require(throws: Problem.self) {
                try home.gpg().decrypt(bytes, name: "a")
            }
            #expect(problem.message.bytes.text == text)
            #expect(problem.form == .own && !problem.hints.isEmpty)
        }
        #expect(home.said == "")
    }

    @Test func `without the secret key the status is gpg's and nothing is said twice`() throws {
        let message = try message("hunter2")
        try home.box.forget("ann")
        let problem = try #require(throws: Problem.self) {
            try home.gpg().decrypt(message, name: "a")
        }
        #expect(problem.form == .silent && problem.status == 2)
        #expect(home.said.contains("No secret key"))
    }

    @Test func `no message and no hint holds the plaintext`() throws {
        let original = try message("hunter2")
        var changed = original
        changed[changed.count - 1] ^= 1
        let error = #expect(throws: Problem.self) { try home.gpg().decrypt(changed, name: "a") }
        #expect(!String(reflecting: error).contains("hunter2"))
        #expect(!home.said.contains("hunter2"))
    }

    @Test func `a bomb of compressed zeros is not unpacked into memory`() throws {
        let zeros = try home.box.run(
            "sh",
            [
                "-c",
                "head -c 90000000 /dev/zero | gpg --batch -q -e -r \(ann.fingerprint) -o -"
                    + " --compress-algo zlib -z 9",
            ])
        try #require(zeros.status == 0 && zeros.stdout.count < 1_000_000)
        let problem = try #require(throws: Problem.self) {
            try home.gpg().decrypt(zeros.stdout, name: "bomb")
        }
        #expect(problem.message == "bomb: decrypts to more than 64 MiB, which no entry does")
    }
}
