import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

/// What references stand for, and what it costs to know it.
@Suite struct ReferenceValueTests {
    private func texts(_ box: IndexBox, _ references: String...) throws -> [String] {
        let read = try references.map { try #require(Reference(Bytes($0.utf8))) }
        return try box.store.values(of: read).map { value in
            value.withBytes { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func box() throws -> IndexBox {
        let box = try IndexBox(["web/a", "web/b", "mail"])
        try box.entry("ci/db", "hunter2\r\nUser: ann \r\nuser: bob\r\nnote: two\r\n words\r\n")
        try box.entry("ci/key", "-----BEGIN X KEY-----\nabc\n-----END X KEY-----\nurl: u\n")
        _ = box.cipher.taken
        return box
    }

    @Test func `a secret, a field and a block are found`() throws {
        let box = try box()
        #expect(
            try texts(box, "ci/db", "ci/db#user", "ci/db#NOTE", "ci/key", "web/a#url", "ci/db") == [
                "hunter2", "ann", "two\r\n words",
                "-----BEGIN X KEY-----\nabc\n-----END X KEY-----", "https://web/a", "hunter2",
            ])
    }

    @Test func `several cost one operation with the key when the index is warm`() throws {
        let box = try box()
        _ = try texts(box, "web/a", "web/b", "mail")
        _ = box.cipher.taken
        _ = try texts(box, "web/a", "web/b#url", "mail", "web/a#url")
        #expect(box.cipher.taken == (1, 3))
    }

    @Test func `one alone costs one, and no index is made for it`() throws {
        let box = try box()
        #expect(try texts(box, "web/a", "web/a#url") == ["secret of web/a", "https://web/a"])
        #expect(box.cipher.taken == (1, 0))
        #expect(Disk.read(box.file("index")) == nil)
    }

    @Test func `none costs nothing`() throws {
        let box = try box()
        #expect(try box.store.values(of: []).isEmpty)
        #expect(box.cipher.taken == (0, 0))
    }

    @Test(arguments: [
        ("web/c", "web/c is not in the store"), ("web", "web is not in the store"),
        ("web/a#usr", "web/a has no field usr"), ("web/a#otp", "web/a has no field otp"),
    ])
    func `what is not there is told`(reference: String, expected: String) throws {
        let box = try box()
        #expect(message { _ = try texts(box, "mail", reference) } == expected)
    }

    @Test func `what is missing is told before the key is asked for`() throws {
        let box = try box()
        _ = message { _ = try texts(box, "mail", "web/c") }
        #expect(box.cipher.taken == (0, 0))
    }

    @Test func `what others wrote for themselves is told by name`() throws {
        let box = try box()
        try box.entry("theirs", "x\n", for: IndexBox.somebody)
        #expect(
            message { _ = try texts(box, "mail", "theirs") }
                == "theirs: it is not encrypted to you")
    }

    @Test func `a key to passwords gives the one of now`() throws {
        let box = try box()
        box.settings.now = { 59 }
        let seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        try box.entry("otp", "x\notp: other\notpauth://totp/a?secret=\(seed)&digits=8\n")
        try box.entry("counts", "x\notpauth://hotp/a?secret=\(seed)&counter=1\n")
        try box.entry("plain", "x\notp: other\n")
        // RFC 6238 appendix B.
        #expect(
            try texts(box, "otp#otp", "plain#otp", "otp#OTP") == ["94287082", "other", "94287082"])
        #expect(
            message { _ = try texts(box, "counts#otp") }
                == "counts has a key that counts: its passwords come from otp code only")
    }

    @Test func `the entries of a folder are found, and the one of its name`() throws {
        let box = try box()
        try box.entry("web", "x\n")
        #expect(try box.store.entryNames(below: "web") == ["web/a", "web/b", "web"])
        #expect(try box.store.entryNames(below: "mail") == ["mail"])
        #expect(message { _ = try box.store.entryNames(below: "no") } == "no is not in the store")
    }
}
