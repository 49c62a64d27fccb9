import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct InitialiseTests {
    private func box() throws -> StoreBox {
        let box = try StoreBox()
        for name in ["shop", "web/mail", ".hidden/x"] { try box.entry(name, name) }
        try box.commitAll()
        return box
    }

    private func initialise(_ box: StoreBox, _ ids: [String], _ folder: String = "") throws {
        try box.store.initialise(ids.map { Array($0.utf8) }, folder: Path(folder))
    }

    @Test func `a list and all entries below it are one commit`() throws {
        let box = try box()
        try initialise(box, ["ann", "bob"])
        #expect(Disk.read(box.path(".gpg-id"))?.text == "ann\nbob\n")
        for name in ["shop", "web/mail", ".hidden/x"] {
            #expect(try box.isFor(name, "ann", "bob") && box.text(name) == name)
        }
        #expect(try box.subjects().first == "Set GPG id to ann, bob.")
        #expect(
            try box.git("show", "--format=", "--name-only", "HEAD").split(separator: "\n").count
                == 4)
        #expect(box.told.first == "Password store initialized for ann, bob")
        try box.expectSettled()
    }

    @Test func `a folder of its own is not touched by the one above`() throws {
        let box = try box()
        try initialise(box, ["bob"], "web")
        #expect(try box.isFor("web/mail", "bob") && box.isFor("shop", "ann"))
        #expect(try box.subjects().first == "Set GPG id to bob (web).")
        try initialise(box, ["carol"])
        #expect(try box.isFor("web/mail", "bob") && box.isFor("shop", "carol"))
        try box.expectSettled()
    }

    @Test func `nothing to do is no commit`() throws {
        let box = try box()
        try initialise(box, ["ann"])
        #expect(try box.subjects() == ["Begin.", "Begin."])
        #expect(box.told == ["Password store initialized for ann"])
    }

    @Test func `entries that others should read are put right without a new list`() throws {
        let box = try box()
        try box.entry("odd", "odd", for: "mallory")
        try box.commitAll()
        try initialise(box, ["ann"])
        #expect(try box.isFor("odd", "ann"))
        #expect(try box.subjects().first == "Reencrypt password store using new GPG id ann.")
    }

    @Test func `if one entry cannot be read nothing changes`() throws {
        let box = try box()
        try box.entry("web/locked", "locked away")
        try box.commitAll()
        #expect(
            message { try initialise(box, ["bob"]) }
                == "nothing was changed, because these cannot be encrypted anew: web/locked")
        #expect(Disk.read(box.path(".gpg-id"))?.text == "ann\n")
        #expect(try box.isFor("shop", "ann"))
        try box.expectSettled()
    }

    @Test func `if a reader is unknown nothing changes`() throws {
        let box = try box()
        #expect(message { try initialise(box, ["ann", "nobody"]) } != nil)
        #expect(Disk.read(box.path(".gpg-id"))?.text == "ann\n")
        try box.expectSettled()
    }

    @Test func `without its own list a folder follows the one above`() throws {
        let box = try box()
        try initialise(box, ["bob"], "web")
        try initialise(box, [], "web")
        #expect(!box.exists("web/.gpg-id"))
        #expect(try box.isFor("web/mail", "ann"))
        #expect(try box.subjects().first == "Deinitialize \(box.path("web/.gpg-id")) (web).")
        #expect(box.told.contains("removed '\(box.path("web/.gpg-id"))'"))
        try box.expectSettled()
        #expect(
            message { try initialise(box, [], "web") }
                == "Error: \(box.path("web/.gpg-id")) does not exist and so cannot be removed.")
    }

    @Test func `the last list above entries cannot be taken away`() throws {
        let box = try box()
        #expect(throws: NotInitialised.self) { try initialise(box, []) }
        #expect(box.exists(".gpg-id"))
        try box.expectSettled()
    }

    @Test func `an emptied folder goes with its list`() throws {
        let box = try box()
        try initialise(box, ["bob"], "new/team")
        #expect(
            box.told.prefix(2) == [
                "mkdir: created directory '\(box.path("new"))'",
                "mkdir: created directory '\(box.path("new/team"))'",
            ])
        try initialise(box, [], "new/team")
        #expect(!box.exists("new"))
        try box.expectSettled()
    }

    @Test func `hidden readers are encrypted anew only when the list changed`() throws {
        let box = try box()
        try initialise(box, ["ann", "hidden-one"])
        let before = Disk.read(box.path("shop.gpg"))
        try initialise(box, ["ann", "hidden-one"])
        #expect(Disk.read(box.path("shop.gpg")) == before)
        try initialise(box, ["ann", "hidden-two"])
        #expect(Disk.read(box.path("shop.gpg")) != before)
    }

    @Test func `a new list is signed`() throws {
        let box = try box()
        let signer = String(repeating: "AB", count: 20)
        box.settings.signingKeys = [Recipient(signer.utf8)]
        try initialise(box, ["ann", "bob"])
        #expect(Disk.read(box.path(".gpg-id.sig"))?.text == "\(signer)\nann\nbob\n")
        #expect(try box.git("show", "--format=", "--name-only", "HEAD").contains(".gpg-id.sig"))
        try initialise(box, ["carol"], "web")
        try initialise(box, [], "web")
        #expect(!box.exists("web/.gpg-id.sig"))
        try box.expectSettled()
    }

    @Test func `a file is no folder`() throws {
        let box = try box()
        try box.write("", "file")
        #expect(
            message { try initialise(box, ["bob"], "file") }
                == "Error: \(box.path("file")) exists but is not a directory.")
    }

    @Test func `history begins with everything that is there`() throws {
        let box = try StoreBox(history: false)
        try box.entry("shop", "x")
        try box.write("notes", "README")
        try box.link("shop.gpg", "alias.gpg")
        try box.begin(box.root)
        try box.store.beginHistory()
        #expect(
            try box.subjects() == [
                "Configure git repository for gpg file diff.",
                "Add current contents of password store.",
            ])
        #expect(Disk.read(box.path(".gitattributes"))?.text == "*.gpg diff=gpg\n")
        try box.expectSettled()
        try box.store.beginHistory()
        #expect(try box.subjects().count == 2)
    }
}
