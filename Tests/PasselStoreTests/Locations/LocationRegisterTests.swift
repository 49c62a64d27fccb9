import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct LocationRegisterTests {
    private let box: StoreBox
    private let file: String

    init() throws {
        box = try StoreBox(history: false)
        let state = box.sandbox.root + "/state"
        try Disk.makeFolder(state)
        box.settings.stateFolder = Path(state)
        file = StateFolder(Path(state), store: Path(box.root)).file("locations").description
    }

    private let value = Secret(plain: "register-secret-1")

    private func location(_ text: String) throws -> Location { try Location(Bytes(text.utf8)) }

    @Test func `what was agreed to and seen is remembered, for one entry and one place`() throws {
        let (here, there) = (try location("v:a#b"), try location("v:a#c"))
        #expect(try !box.store.locationRegister().isAgreed(here, of: "ci/a"))
        try box.store.changeLocationRegister { $0.agree(to: here, of: "ci/a", at: 5) }
        var register = try box.store.locationRegister()
        #expect(register.isAgreed(here, of: "ci/a"))
        #expect(!register.isAgreed(here, of: "ci/b") && !register.isAgreed(there, of: "ci/a"))
        #expect(register.lastTime(in: here, of: "ci/a") == nil)
        #expect(!register.isLast(value, in: here, of: "ci/a"))

        try box.store.changeLocationRegister { $0.note(value, in: here, of: "ci/a", at: 7) }
        // To agree again takes nothing away.
        try box.store.changeLocationRegister { $0.agree(to: here, of: "ci/a", at: 9) }
        register = try box.store.locationRegister()
        #expect(register.isLast(value, in: here, of: "ci/a"))
        #expect(register.lastTime(in: here, of: "ci/a") == 7)
        #expect(!register.isLast(Secret(plain: "another"), in: here, of: "ci/a"))
        #expect(!register.isLast(value, in: there, of: "ci/a"))

        try box.store.changeLocationRegister { $0.forget(here, of: "ci/a") }
        #expect(try !box.store.locationRegister().isAgreed(here, of: "ci/a"))
    }

    @Test func `neither names nor values stand in the file`() throws {
        let here = try location("vault:secret/place#field")
        try box.store.changeLocationRegister { $0.note(value, in: here, of: "ci/entry", at: 7) }
        let text = try #require(Disk.read(file)?.text)
        for word in ["register", "secret/place", "field", "ci/entry", "vault"] {
            #expect(!text.contains(word), "\(word)")
        }
        #expect(text.hasPrefix("passel locations 1\nsecret "))
        #expect(Disk.facts(file)?.mode == 0o600)
    }

    @Test(arguments: ["", "passel locations 2\n", "passel locations 1\nsecret 12\n", "hello\n"])
    func `a damaged one is told with what to do`(content: String) throws {
        try box.store.changeLocationRegister { _ in }
        try Disk.write(content, to: file)
        let problem = #expect(throws: Problem.self) { _ = try box.store.locationRegister() }
        #expect(problem?.message.description.contains("locations is damaged") == true)
        #expect(problem?.hints.count == 1)
    }

    @Test func `without a place to remember it is a problem`() {
        box.settings.stateFolder = nil
        #expect(throws: Problem.self) { _ = try box.store.locationRegister() }
    }
}
