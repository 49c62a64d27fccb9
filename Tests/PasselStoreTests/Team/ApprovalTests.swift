import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct ApprovalTests {
    private func box() throws -> StoreBox {
        let box = try StoreBox.team([.ann])
        for name in ["shop", "web/mail", "web/prod/db"] { try box.put(name, name) }
        return box
    }

    @discardableResult
    private func approve(
        _ box: StoreBox, _ person: Somebody, folders: [Path] = [], role: Role? = nil,
        force: Bool = false
    ) throws -> Approval {
        box.become(.ann)
        let approval = try box.store.approval(
            of: box.request(person), folders: folders, role: role, force: force)
        try box.store.approve(approval)
        return approval
    }

    private func refusal(_ box: StoreBox, _ person: Somebody) -> String? {
        message { try approve(box, person) }
    }

    @Test func `approving adds them and closes the request, in one commit`() throws {
        let box = try box()
        try box.join(.bob)
        let before = try box.subjects().count
        let approval = try approve(box, .bob)
        #expect(approval.entries == ["shop", "web/mail", "web/prod/db"])
        #expect(approval.sight == .current && !approval.isMember)
        #expect(try box.subjects().count == before + 1)
        #expect(try box.subjects().first == "Let bob join the store.")
        for name in ["shop", "web/mail", "web/prod/db"] {
            #expect(try box.isRead(name, by: [.ann, .bob]))
        }
        #expect(!box.exists(".passel/requests"))
        #expect(box.exists(".public-keys/\(Somebody.bob.fingerprint.hex)"))
        #expect(try box.store.requests().isEmpty)
        try box.expectSettled()
        try box.put("new")
        #expect(try box.isRead("new", by: [.ann, .bob]))
    }

    @Test func `a folder is approved where a folder was asked for`() throws {
        let box = try box()
        try box.join(.bob, ["web"])
        let approval = try approve(box, .bob)
        #expect(approval.entries == ["web/mail", "web/prod/db"])
        #expect(try box.isRead("shop", by: [.ann]) && box.isRead("web/mail", by: [.ann, .bob]))
        #expect(try box.subjects().first == "Let bob join web.")
    }

    @Test func `the signer decides on folder and role`() throws {
        let box = try box()
        try box.join(.bob)
        try approve(box, .bob, folders: ["web/prod"], role: .machine)
        #expect(try box.isRead("web/mail", by: [.ann]))
        #expect(try box.isRead("web/prod/db", by: [.ann, .bob]))
        let roster = try #require(try box.pins()?.roster?.roster)
        #expect(roster.folders["web/prod"]?[Somebody.bob.fingerprint]?.role == .machine)
    }

    @Test func `a folder below one that is approved gets no list of its own`() throws {
        let box = try box()
        try box.join(.bob, [".", "web"])
        try approve(box, .bob)
        #expect(!box.exists("web/.gpg-id"))
        #expect(try box.isRead("web/mail", by: [.ann, .bob]))
    }

    @Test func `a folder that is gone by then cannot be approved`() throws {
        let box = try box()
        try box.join(.bob, ["web"])
        try box.store.remove(Path(box.path("web")), subject: "x")
        #expect(refusal(box, .bob) == "there is no folder web in the store")
        try approve(box, .bob, folders: ["."])
        #expect(try box.isRead("shop", by: [.ann, .bob]))
    }

    @Test func `who belongs to it by then is not added twice`() throws {
        let box = try box()
        try box.join(.bob)
        box.cipher.ownKeys = Somebody.bob.keyFile + Somebody.ann.keyFile
        try box.add(.bob, .signer)
        let roster = Disk.read(box.path(".passel/roster"))
        #expect(try approve(box, .bob).isMember)
        #expect(Disk.read(box.path(".passel/roster")) == roster)
        #expect(try box.subjects().first == "Close the request of bob.")
        #expect(!box.exists(".passel/requests"))
    }

    @Test func `two requests are approved one after the other`() throws {
        let box = try box()
        try box.join(.bob)
        try box.join(.carol, ["web"])
        try approve(box, .bob)
        let second = try approve(box, .carol)
        #expect(second.sight == .earlier)
        #expect(try box.isRead("shop", by: [.ann, .bob]))
        #expect(try box.isRead("web/mail", by: [.ann, .bob, .carol]))
        try box.expectSettled()
    }

    // MARK: What is not sound

    @Test func `a request signed by another key is refused`() throws {
        let box = try box()
        try box.forge(.bob, signer: .carol) { $0 }
        #expect(refusal(box, .bob)?.contains("not signed by the key that asks") == true)
        #expect(try box.request(.bob).isSigned == false)
    }

    @Test func `a request that was altered is refused`() throws {
        let box = try box()
        try box.join(.bob)
        let content = try #require(Disk.read(box.path(.bob))).text
        try Disk.write(
            Bytes(content.replacing("role member", with: "role signer").utf8),
            to: Bytes(box.path(.bob).utf8))
        #expect(refusal(box, .bob)?.contains("not signed by the key that asks") == true)
    }

    @Test func `a key file that was swapped is refused`() throws {
        let box = try box()
        try box.join(.bob)
        let keyFile = box.path(".public-keys/\(Somebody.bob.fingerprint.hex)")
        try Disk.write(Somebody.carol.keyFile, to: Bytes(keyFile.utf8))
        #expect(refusal(box, .bob)?.contains("not the one that was signed") == true)
        #expect(try box.request(.bob).person == nil)
        Disk.remove(keyFile)
        #expect(refusal(box, .bob)?.contains("did not come with it") == true)
    }

    @Test func `a request under another key's name is refused`() throws {
        let box = try box()
        try box.join(.bob)
        for suffix in ["", ".sig"] {
            let content = try #require(Disk.read(box.path(.bob) + suffix))
            try Disk.write(content, to: Bytes((box.path(.carol) + suffix).utf8))
        }
        #expect(refusal(box, .carol)?.contains("speaks for another key") == true)
    }

    @Test func `a key file of two keys is refused`() throws {
        let box = try box()
        let both = Somebody.bob.keyFile + Somebody.carol.keyFile
        let digest = Digest(of: Somebody.bob.keyFile).hex
        try box.forge(.bob) { $0.replacing(digest, with: Digest(of: both).hex) }
        let keyFile = box.path(".public-keys/\(Somebody.bob.fingerprint.hex)")
        try Disk.write(both, to: Bytes(keyFile.utf8))
        #expect(refusal(box, .bob)?.contains("holds another key") == true)
    }

    @Test(arguments: ["folder ..", "folder .\nfolder .", "role king", "folder .git"])
    func `a request that is not canonical is refused`(_ line: String) throws {
        let box = try box()
        let key = line.hasPrefix("role") ? "role member" : "folder ."
        try box.forge(.bob) { $0.replacing(key, with: line) }
        #expect(refusal(box, .bob)?.hasPrefix("the request cannot be used: ") == true)
    }

    @Test func `a link in a request's place is refused`() throws {
        let box = try box()
        try box.join(.bob)
        let content = try #require(Disk.read(box.path(.bob)))
        try Disk.write(content, to: Bytes(box.path("elsewhere").utf8))
        Disk.remove(box.path(.bob))
        try box.link("../../elsewhere", ".passel/requests/\(Somebody.bob.fingerprint.hex)")
        #expect(refusal(box, .bob)?.contains("no ordinary file") == true)
    }

    @Test(arguments: ["revoked", "ok 5"])
    func `a key that cannot be used is refused by name`(_ words: String) throws {
        let box = try box()
        let file = "key \(Somebody.bob.fingerprint.hex) bob \(words)\n"
        let digest = Digest(of: Somebody.bob.keyFile).hex
        try box.forge(.bob) { $0.replacing(digest, with: Digest(of: Bytes(file.utf8)).hex) }
        let keyFile = box.path(".public-keys/\(Somebody.bob.fingerprint.hex)")
        try Disk.write(Bytes(file.utf8), to: Bytes(keyFile.utf8))
        #expect(refusal(box, .bob)?.hasPrefix("cannot encrypt to bob: ") == true)
    }

    @Test func `a roster that the store never had is noticed`() throws {
        let box = try box()
        try box.forge(.bob) {
            $0.replacing("roster -", with: "roster " + String(repeating: "0a", count: 32))
        }
        box.become(.ann)
        #expect(try box.store.approval(of: box.request(.bob)).sight == .unknown)
    }

    @Test func `an earlier roster of the store is known`() throws {
        let box = try box()
        try box.join(.bob)
        try approve(box, .bob)
        try box.join(.carol)
        box.cipher.ownKeys = Somebody.ann.keyFile
        var draft = try box.store.draft()
        draft.removeEverywhere(Somebody.bob.fingerprint)
        try box.store.perform(TeamChange(draft, subject: "x"))
        #expect(try box.store.approval(of: box.request(.carol)).sight == .earlier)
    }

    @Test func `a request from before somebody left does not bring them back`() throws {
        let box = try box()
        try box.join(.bob)
        let files = try ["", ".sig"].map { try #require(Disk.read(box.path(.bob) + $0)) }
        try approve(box, .bob)
        box.become(.ann)
        var draft = try box.store.draft()
        draft.removeEverywhere(Somebody.bob.fingerprint)
        try box.store.perform(TeamChange(draft, subject: "x"))
        try box.forge(.bob) { _ in files[0].text }
        #expect(refusal(box, .bob) == "bob asked before they left the team, not since")
        try box.join(.bob)
        #expect(try approve(box, .bob).sight == .current)
        #expect(try box.isRead("shop", by: [.ann, .bob]))
    }

    @Test func `an old request is approved by force`() throws {
        let box = try box()
        try box.join(.bob)
        try approve(box, .bob)
        box.become(.ann)
        var draft = try box.store.draft()
        draft.removeEverywhere(Somebody.bob.fingerprint)
        try box.store.perform(TeamChange(draft, subject: "x"))
        try box.forge(.bob) { $0 }
        #expect(refusal(box, .bob) != nil)
        try approve(box, .bob, force: true)
        #expect(try box.isRead("shop", by: [.ann, .bob]))
    }

    // MARK: Refusing

    @Test func `refusing takes request and key out of the store`() throws {
        let box = try box()
        let names = box.names
        try box.join(.bob)
        box.become(.ann)
        try box.store.refuse(box.request(.bob))
        #expect(box.names == names)
        #expect(try box.subjects().first == "Refuse the request of bob.")
        try box.expectSettled()
    }

    @Test func `refusing leaves the key of somebody who belongs to it`() throws {
        let box = try box()
        try box.join(.bob)
        try approve(box, .bob, folders: ["web"])
        try box.join(.bob)
        box.become(.ann)
        try box.store.refuse(box.request(.bob))
        #expect(box.exists(".public-keys/\(Somebody.bob.fingerprint.hex)"))
        #expect(try box.isRead("web/mail", by: [.ann, .bob]))
        try box.put("web/mail", "again")
    }

    @Test func `refusing leaves the key of somebody in a bare list`() throws {
        let box = try box()
        try box.list("ann\n\(Somebody.carol.fingerprint.hex)\n", "web")
        try box.commitAll()
        try box.forge(.carol) { $0 }
        box.become(.ann)
        try box.store.refuse(box.request(.carol))
        #expect(box.exists(".public-keys/\(Somebody.carol.fingerprint.hex)"))
    }

    @Test func `what cannot be read can be refused`() throws {
        let box = try box()
        try box.forge(.bob) { _ in "garbage" }
        box.become(.ann)
        try box.store.refuse(box.request(.bob))
        #expect(try box.store.requests().isEmpty)
        try box.expectSettled()
    }
}
