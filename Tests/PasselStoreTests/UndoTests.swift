import PasselCore
import PasselTesting
import Testing

@testable import PasselStore

/// Changes that fail on their way and must leave nothing behind.
@Suite struct UndoTests {
    private func box(history: Bool) throws -> StoreBox {
        let box = try StoreBox(history: history)
        for name in ["shop", "web/shop"] { try box.entry(name, "old " + name) }
        try box.link("shop.gpg", "alias.gpg")
        if history { try box.commitAll() }
        return box
    }

    private func state(_ box: StoreBox) -> [String] {
        box.names.map { name in
            "\(name) \(Disk.read(box.path(name))?.hex ?? "") \(String(describing: Disk.facts(box.path(name))))"
        }
    }

    private func attempt(_ box: StoreBox, _ steps: [FileChange]) -> String? {
        message {
            try box.store.exclusively {
                try Change(store: box.store, steps: steps) { _ in "Never." }.perform()
            }
        }
    }

    @Test(arguments: [true, false]) func `a step that fails undoes those before it`(
        history: Bool
    ) throws {
        let box = try box(history: history)
        try Disk.makeFolder(box.path("folder.gpg/inner"))
        func path(_ name: String) -> Path { Path(box.path(name)) }
        // A file cannot take the place of a folder.
        let failing = FileChange.write(path("folder.gpg"), [1], mode: .fresh)
        let changes: [[FileChange]] = [
            [],
            [.write(path("shop.gpg"), [1], mode: .kept)],
            [.write(path("new.gpg"), [1], mode: .fresh)],
            [.write(path("alias.gpg"), [1], mode: .fresh)],
            [.remove(path("shop.gpg")), .remove(path("alias.gpg"))],
            [.move(path("web"), path("site"))],
            [.move(path("shop.gpg"), path("web/shop.gpg"))],
            [.link(path("shop.gpg"), target: [0x78]), .link(path("fresh.gpg"), target: [0x79])],
            [.move(path("web"), path("site")), .write(path("site/shop.gpg"), [1], mode: .fresh)],
        ]
        let before = state(box)
        for steps in changes {
            #expect(attempt(box, steps + [failing])?.contains("folder.gpg") == true)
            #expect(state(box) == before, "\(steps)")
            if history { #expect(try box.subjects() == ["Begin.", "Begin."]) }
            try box.expectSettled()
        }
    }

    @Test func `removing what is not there fails and undoes`() throws {
        let box = try box(history: true)
        let before = state(box)
        let steps: [FileChange] = [
            .write(Path(box.path("shop.gpg")), [1], mode: .kept), .remove(Path(box.path("none"))),
        ]
        #expect(attempt(box, steps) != nil)
        #expect(state(box) == before)
        try box.expectSettled()
    }

    @Test func `a first commit that is undone leaves no branch`() throws {
        let box = try StoreBox(history: false)
        try box.begin(box.root)
        try Disk.makeFolder(box.path("folder.gpg"))
        let steps: [FileChange] = [
            .write(Path(box.path("shop.gpg")), [1], mode: .kept),
            .write(Path(box.path("folder.gpg")), [1], mode: .fresh),
        ]
        #expect(attempt(box, steps) != nil)
        #expect(!box.exists("shop.gpg"))
        #expect(throws: (any Error).self) { try box.git("rev-parse", "--verify", "HEAD") }
    }

    @Test func `no steps are no change, but what was to be told is told`() throws {
        let box = try box(history: true)
        try Change(store: box.store, steps: [], lines: ["done"], completing: { ["and more"] }) {
            _ in
            "Never."
        }.perform()
        #expect(box.told == ["done", "and more"])
        #expect(try box.subjects() == ["Begin.", "Begin."])
    }

    @Test func `what git cannot write stops the change before it begins`() throws {
        let box = try box(history: true)
        let before = state(box)
        // A name that git refuses.
        try Disk.makeFolder(box.path("git~1"))
        let steps: [FileChange] = [
            .write(Path(box.path("shop.gpg")), [1], mode: .kept),
            .write(Path(box.path("git~1/x.gpg")), [1], mode: .kept),
        ]
        #expect(attempt(box, steps) != nil)
        Disk.remove(box.path("git~1"))
        #expect(state(box) == before)
        try box.expectSettled()
    }
}
