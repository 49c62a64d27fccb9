import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

extension StoreBox {
    /// Sits somebody down at the keyboard, with a keyring of their own key only.
    func become(_ person: Somebody) { cipher.ownKeys = person.keyFile }

    @discardableResult
    func join(
        _ person: Somebody, _ folders: [Path] = [], _ role: Role = .member
    ) throws -> Joining {
        become(person)
        let key = try #require(store.ownKeys().first)
        return try store.join(with: key, folders: folders, role: role)
    }

    func request(_ person: Somebody) throws -> JoinRequest {
        try store.request(person.fingerprint.recipient)
    }

    func path(_ person: Somebody) -> String { path(".passel/requests/\(person.fingerprint.hex)") }

    /// Puts a request into the store that says what it likes.
    func forge(_ person: Somebody, signer: Somebody? = nil, _ change: (String) -> String) throws {
        let file = RequestFile(
            key: person.fingerprint, digest: Digest(of: person.keyFile),
            name: Bytes(person.name.utf8), folders: [], role: .member, roster: nil)
        let content = Bytes(change(file.content.text).utf8)
        try Disk.makeFolder(path(".passel/requests"))
        try Disk.makeFolder(path(".public-keys"))
        try Disk.write(content, to: Bytes(path(person).utf8))
        try Disk.write(
            cipher.sign(content, by: (signer ?? person).fingerprint),
            to: Bytes((path(person) + ".sig").utf8))
        try Disk.write(
            person.keyFile, to: Bytes(path(".public-keys/\(person.fingerprint.hex)").utf8))
        try commitAll()
    }
}

@Suite struct JoinTests {
    private func box() throws -> StoreBox {
        let box = try StoreBox.team([.ann])
        for name in ["shop", "web/mail", "web/prod/db"] { try box.put(name, name) }
        return box
    }

    @Test func `asking puts the key and a signed request into the store, in one commit`() throws {
        let box = try box()
        let before = try box.subjects().count
        let joining = try box.join(.bob)
        #expect(joining.state == .asked && joining.folders == [Roster.top])
        #expect(joining.signers.isEmpty)
        #expect(try box.subjects().first == "Ask to join: bob.")
        #expect(try box.subjects().count == before + 1)
        let bob = Somebody.bob.fingerprint.hex
        #expect(
            try box.git("show", "--format=", "--name-only", "HEAD").split(separator: "\n") == [
                ".passel/requests/\(bob)", ".passel/requests/\(bob).sig", ".public-keys/\(bob)",
            ])
        #expect(try box.isRead("shop", by: [.ann]))
        let request = try box.request(.bob)
        #expect(request.flaw == nil && request.isSigned && request.name == "bob")
        #expect(request.committed?.by == "Ann <ann@example.org>")
        #expect(request.file?.roster == nil)
        try box.expectSettled()
    }

    @Test func `asking again changes nothing, asking for other things does`() throws {
        let box = try box()
        try box.join(.bob)
        let before = try box.subjects().count
        #expect(try box.join(.bob).state == .unchanged)
        #expect(try box.subjects().count == before)
        #expect(try box.join(.bob, ["web"], .machine).state == .updated)
        #expect(try box.subjects().count == before + 1)
        #expect(try box.request(.bob).file?.folders == ["web"])
        #expect(try box.request(.bob).file?.role == .machine)
        try box.expectSettled()
    }

    @Test func `a damaged request is replaced`() throws {
        let box = try box()
        try box.join(.bob)
        try Disk.write(Bytes("x".utf8), to: Bytes((box.path(.bob) + ".sig").utf8))
        try box.commitAll()
        #expect(try box.request(.bob).flaw != nil)
        #expect(try box.join(.bob).state == .updated)
        #expect(try box.request(.bob).flaw == nil)
    }

    @Test func `whoever reads it already is told so`() throws {
        let box = try box()
        let before = try box.subjects().count
        #expect(try box.join(.ann).state == .member)
        #expect(try box.join(.ann, ["web"]).state == .member)
        box.cipher.ownKeys = Somebody.bob.keyFile + Somebody.ann.keyFile
        try box.add(.bob, to: "web")
        #expect(try box.join(.bob, ["web/prod"]).state == .member)
        #expect(try box.subjects().count == before + 1)
        let joining = try box.join(.bob)
        #expect(joining.state == .asked)
        #expect(joining.signers.map(\.fingerprint) == [Somebody.ann.fingerprint])
        #expect(joining.signers.map(\.name) == ["ann"])
    }

    @Test func `somebody who reads may ask for another role`() throws {
        let box = try box()
        box.cipher.ownKeys = Somebody.bob.keyFile + Somebody.ann.keyFile
        try box.add(.bob)
        #expect(try box.join(.bob, [], .signer).state == .asked)
        #expect(try box.join(.bob, [], .member).state == .member)
    }

    @Test(arguments: ["nowhere", "..", ".passel", "shop", ".git", "../x"])
    func `a folder that is none cannot be asked for`(_ folder: String) throws {
        let box = try box()
        try box.join(.bob)
        #expect(
            message { try box.join(.bob, [Path(folder)]) }
                == "there is no folder \(folder) in the store")
    }

    @Test func `no acknowledged team is needed`() throws {
        let box = try box()
        try box.list("ann\nmallory\n")
        try box.commitAll()
        #expect(try box.join(.bob).state == .asked)
        #expect(message { try box.put("shop") } != nil)
    }

    @Test func `without history it works, too`() throws {
        let box = try StoreBox.team([.ann], history: false)
        #expect(try box.join(.bob).state == .asked)
        #expect(try box.request(.bob).flaw == nil)
        #expect(try box.request(.bob).committed == nil)
        try box.expectSettled()
    }

    @Test func `a link does not lead requests out of the store`() throws {
        let box = try box()
        try Disk.makeFolder(box.sandbox.root + "/elsewhere")
        try box.link(box.sandbox.root + "/elsewhere", ".passel")
        #expect(message { try box.join(.bob) }?.contains("is not a folder") == true)
        #expect(Disk.names(in: Bytes((box.sandbox.root + "/elsewhere").utf8)).isEmpty)
    }

    @Test func `a request is found by what is known of it`() throws {
        let box = try box()
        try box.join(.bob)
        try box.join(.carol)
        box.become(.ann)
        #expect(try box.store.requests().map(\.name) == ["bob", "carol"])
        for word in ["bob", "BO", "0x" + Somebody.bob.fingerprint.hex.suffix(16)] {
            #expect(try box.store.request(Recipient(word.utf8)).name == "bob")
        }
        #expect(
            message { _ = try box.store.request(Recipient("o".utf8)) }?.contains("more") == true)
        #expect(
            message { _ = try box.store.request(Recipient("dave".utf8)) }
                == "nobody called dave asks to join")
    }

    @Test func `files that are no requests are passed over`() throws {
        let box = try box()
        #expect(try box.store.requests().isEmpty)
        try box.join(.bob)
        try box.write("x", ".passel/requests/README")
        try box.write("x", ".passel/requests/" + Somebody.carol.fingerprint.hex.lowercased())
        #expect(try box.store.requests().count == 1)
    }
}
