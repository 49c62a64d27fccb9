import PasselCore
import PasselTesting
import Testing

@testable import PasselGit

/// URLs taken apart, and what servers say made fit for a terminal.
@Suite struct RemoteAddressTests {
    @Test(arguments: [
        ("ssh://ann@host.example:2222/srv/a.git", "ssh ann host.example 2222 /srv/a.git"),
        ("ann@host.example:a/b.git", "ssh ann host.example 22 a/b.git"),
        ("host:/srv/a", "ssh - host 22 /srv/a"),
        ("git@[::1]:a", "ssh git ::1 22 a"),
        ("https://ann:p%40ss@HOST/a", "https ann HOST 443 /a"),
        ("http://host:8080", "http - host 8080 "),
        ("git://host/a", "git - host 9418 /a"),
        ("file:///srv/a", "local -  0 /srv/a"),
        ("/srv/a:b", "local -  0 /srv/a:b"),
        ("./a:b", "local -  0 ./a:b"),
        ("keybase::x/y", "other -  0 "),
        ("s3://bucket/x", "other - bucket 0 /x"),
    ]) func `a place has parts`(url: String, parts: String) {
        let address = RemoteAddress(Bytes(url.utf8))
        let user = address.user?.text ?? "-"
        let found = "\(address.kind) \(user) \(address.host.text) \(address.effectivePort)"
        let path = address.kind == .other && address.host.isEmpty ? "" : address.path.text
        #expect("\(found) \(path)" == parts)
    }

    @Test func `credentials are for one server`() {
        let here = RemoteAddress(Bytes("https://ann@host/a".utf8))
        for same in ["https://host/b", "https://HOST:443/", "https://bob@host/a"] {
            #expect(here.isSameServer(as: RemoteAddress(Bytes(same.utf8))))
        }
        for other in ["http://host/a", "https://host:8443/a", "https://host.evil/a", "host:a"] {
            #expect(!here.isSameServer(as: RemoteAddress(Bytes(other.utf8))))
        }
        #expect(RemoteAddress(Bytes("https://a:b%3ac@h/".utf8)).password?.text == "b:c")
    }

    @Test(arguments: [
        ("https://ann:secret@host/a", "https://ann@host/a"),
        ("see 'https://:secret@host/' and ssh://x:y@z", "see 'https://host/' and ssh://x@z"),
        ("https://host/a@b", "https://host/a@b"), ("ann@host:a", "ann@host:a"), ("://", "://"),
        ("plain \u{1b}[31mred\u{1b}[K", "plain \\x1b[31mred"),
        ("a\u{202e}b\u{7}  ", "a\\u{202e}b\\x07"),
    ]) func `a line is fit for a terminal`(line: String, shown: String) {
        #expect(RemoteText.sanitised(line.utf8).bytes.text == shown)
    }

    @Test func `progress takes the place of progress, and lines have an end`() {
        var told: [String] = []
        var text = RemoteText { told.append($0.bytes.text) }
        text.take("Receiving objects:  10%\rReceiving objects: 100%, done.\nremote: hi".utf8)
        #expect(told == ["Receiving objects:  10%", "Receiving objects: 100%, done."])
        text.take(Bytes(repeating: 0x61, count: 100_000))
        text.finish()
        #expect(told.last?.utf8.count == 2000)
        #expect(text.lines.count == 2)
        for number in 0..<500 { text.take("line \(number)\n".utf8) }
        #expect(text.lines.count == 100)
    }

    @Test(arguments: [
        ("ssh: Could not resolve hostname x: Name or service not known", "noSuchHost"),
        ("remote: Permission denied (publickey)\nfatal: early EOF", "cut"),
        ("fatal: fetch-pack: invalid index-pack output\nfatal: early EOF", "cut"),
        ("error: object 12: badTree\nfatal: fsck error in packed object", "damaged"),
        ("fatal: write error: No space left on device\nfatal: early EOF", "diskFull"),
        ("No ED25519 host key is known for x\nHost key verification failed.", "hostKeyUnknown"),
        ("@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @", "hostKeyChanged"),
        ("fatal: 'x' does not appear to be a git repository", "noRepository"),
        ("fatal: detected dubious ownership in repository at '/x'", "otherOwner"),
        ("something else", "nil"),
    ]) func `what git says tells what went wrong`(words: String, kind: String) {
        let lines = words.split(separator: "\n").map { Text($0.utf8) }
        let found = TransportFailure(lines).map { "\($0)" } ?? "nil"
        #expect(found == kind)
    }
}
