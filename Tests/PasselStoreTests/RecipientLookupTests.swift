import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct RecipientLookupTests {
    private func names(_ box: StoreBox, _ folder: String) throws -> [String] {
        try box.store.recipients(of: Path(box.path(folder))).map(\.bytes.text)
    }

    @Test func `the nearest list counts, and it alone`() throws {
        let box = try StoreBox(history: false)
        try box.list("bob\n", "team")
        try box.list("carol\n", "team/a/b")
        #expect(try names(box, "") == ["ann"])
        #expect(try names(box, "web/none") == ["ann"])
        #expect(try names(box, "team") == ["bob"])
        #expect(try names(box, "team/a") == ["bob"])
        #expect(try names(box, "team/a/b/c/") == ["carol"])
        #expect(try names(box, "teams") == ["ann"])
    }

    @Test func `above the store nothing is looked for`() throws {
        let box = try StoreBox("outer/store", history: false)
        Disk.remove(box.path(".gpg-id"))
        try Disk.write("mallory\n", to: box.sandbox.root + "/outer/.gpg-id")
        #expect(throws: NotInitialised.self) { try names(box, "web") }
        #expect(throws: NotInitialised.self) { try names(box, "") }
    }

    @Test func `a folder called .gpg-id is no list`() throws {
        let box = try StoreBox(history: false)
        try Disk.makeFolder(box.path("web/.gpg-id"))
        #expect(try names(box, "web") == ["ann"])
    }

    @Test func `a list that names nobody is refused, not passed over`() throws {
        let box = try StoreBox(history: false)
        try box.list("# nobody yet\n", "team")
        #expect(
            message { _ = try names(box, "team") }
                == "\(box.path("team/.gpg-id")) names nobody to encrypt to")
    }

    @Test func `a key from the environment stands in for every list`() throws {
        let box = try StoreBox(history: false)
        try box.list("bob\n", "team")
        Disk.remove(box.path(".gpg-id"))
        box.settings.recipientsOverride = [Recipient("dan".utf8), Recipient("eve".utf8)]
        box.settings.signingKeys = [Recipient("SIGNER".utf8)]
        #expect(try names(box, "team") == ["dan", "eve"])
        #expect(try names(box, "") == ["dan", "eve"])
    }

    @Test func `a list needs the signature of a configured key`() throws {
        let box = try StoreBox(history: false)
        let signer = String(repeating: "AB", count: 20)
        box.settings.signingKeys = [Recipient(signer.utf8)]
        let file = box.path(".gpg-id")
        #expect(message { _ = try names(box, "") } == "Signature for \(file) does not exist.")
        try box.write("\(signer)\nann\n", ".gpg-id.sig")
        #expect(try names(box, "web") == ["ann"])
        try box.write("\(signer)\nann\nmallory\n", ".gpg-id.sig")
        #expect(message { _ = try names(box, "") } == "Signature for \(file) is invalid.")
        try box.write("CD" + signer.dropFirst(2) + "\nann\n", ".gpg-id.sig")
        #expect(message { _ = try names(box, "") } == "Signature for \(file) is invalid.")
    }

    @Test(arguments: ["ab", "0xAB", "ann", "signer@example.org"])
    func `only a full fingerprint in capitals counts`(spelling: String) throws {
        let box = try StoreBox(history: false)
        let key = spelling == "ab" ? String(repeating: "ab", count: 20) : spelling
        box.settings.signingKeys = [Recipient(key.utf8)]
        try box.write("\(key)\nann\n", ".gpg-id.sig")
        #expect(message { _ = try names(box, "") } != nil)
    }

    @Test func `a link to a list is a list`() throws {
        let box = try StoreBox(history: false)
        try box.write("bob\n", "lists/team")
        try box.link("../lists/team", "web/.gpg-id")
        #expect(try names(box, "web") == ["bob"])
    }
}
