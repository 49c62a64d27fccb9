import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// What the security log hears of entries that are replaced, moved and removed, and what it costs.
@Suite struct TokenWatchTests {
    private static let token = "first-of-all-1a2b\nkind: own\n"
    private static let other = "second-of-all-3c4d\nkind: own\n"
    private static let password = "hunter2\nurl: https://x.example\n"

    /// A store with a token and a password; where there is a log, an event of the token is in it.
    private func box(log: Bool = true, index: Bool = true) throws -> IndexBox {
        let box = try IndexBox(history: true)
        try box.entry("web/shop", Self.password)
        try box.entry("ci/own", Self.token)
        try box.box.commitAll()
        if log { try box.put("ci/other", Self.other) }
        if index { _ = try box.store.catalogue() }
        _ = box.cipher.taken
        return box
    }

    @Test func `a store without tokens pays nothing and gets no log`() throws {
        let box = try box(log: false)
        try box.relocate("ci/own", to: "ci/moved", isMove: true)
        try box.relocate("ci/moved", to: "ci/copy", isMove: false)
        try box.put("ci/copy", Self.password)
        try box.remove("ci/moved.gpg")
        try box.remove("web/")
        #expect(box.cipher.taken == (0, 0))
        #expect(!box.box.exists(".passel"))
        try box.box.expectSettled()
    }

    @Test func `what the index knows to be no token is not looked at`() throws {
        let box = try box()
        try box.relocate("web/shop", to: "web/moved", isMove: true)
        try box.relocate("web/moved", to: "web/copy", isMove: false)
        try box.put("web/copy", Self.password)
        try box.remove("web/moved.gpg")
        try box.remove("web/")
        #expect(box.cipher.taken == (0, 0))
        #expect(try box.events() == ["added ci/other - 3c4d"])
    }

    @Test func `nor is anything on a machine that never met an event`() throws {
        let box = try box(index: false)
        Disk.remove(box.file("log"))
        try box.remove("ci/own.gpg")
        try box.put("ci/other", Self.password)
        #expect(box.cipher.taken == (0, 0))
        #expect(try box.events() == ["added ci/other - 3c4d"])
    }

    @Test(arguments: [true, false])
    func `a token that is moved, copied, replaced or removed is told`(
        index: Bool
    ) throws {
        let box = try box(index: index)
        try box.relocate("ci/own", to: "ci/moved", isMove: true)
        #expect(try box.box.subjects().first == "Rename ci/own to ci/moved.")
        #expect(try box.box.git("show", "--format=", "--name-only").contains(".passel/log/"))
        #expect(box.cipher.taken == (1, 0))
        try box.relocate("ci/moved", to: "ci/copy", isMove: false)
        try box.put("ci/copy", Self.password)
        try box.remove("ci/moved.gpg")
        #expect(
            try box.events() == [
                "added ci/other - 3c4d", "moved ci/moved ci/own - 1a2b",
                "copied ci/copy ci/moved - 1a2b", "replaced ci/copy 1a2b -",
                "removed ci/moved 1a2b -",
            ])
        try box.box.expectSettled()
    }

    @Test func `a folder's tokens are told with one operation for all of them`() throws {
        let box = try box()
        for number in 0..<20 {
            try box.entry(
                "ci/\(10 + number)", "number-\(10 + number)-of-1a\(10 + number)\nkind: own\n")
        }
        try box.box.commitAll()
        _ = try box.store.catalogue(complete: true)
        _ = box.cipher.taken
        try box.relocate("ci", to: "cd", isMove: true)
        #expect(box.cipher.taken == (1, 22))
        try box.remove("cd/")
        #expect(box.cipher.taken == (1, 22))
        let events = try box.events()
        #expect(events.count == 1 + 22 + 22)
        #expect(events[1] == "moved cd/10 ci/10 - 1a10")
        #expect(events.last == "removed cd/own 1a2b -")
        // Each names the one before it, and no more.
        #expect(try box.store.securityLog().heads.count == 1)
        #expect(try box.store.securityLog(checkingHistory: true).flaws.isEmpty)
    }

    @Test func `many that the index does not know are not looked at, which is told`() throws {
        let box = try box(index: false)
        for number in 0..<17 { try box.entry("many/\(number)", Self.token) }
        try box.box.commitAll()
        _ = box.takeWarnings
        try box.remove("many/")
        #expect(box.cipher.taken == (0, 0))
        #expect(
            box.takeWarnings.contains { $0.hasPrefix("17 of the entries are not in the index") })
        #expect(!box.box.exists("many"))
    }

    @Test func `what cannot be told is done all the same`() throws {
        let box = try box()
        try box.box.list("nobody\n", "ci")
        try box.box.commitAll()
        try box.remove("ci/own.gpg")
        #expect(!box.box.exists("ci/own.gpg"))
        #expect(
            box.takeWarnings.contains { $0.hasPrefix("it is not in the security log what becomes") }
        )
    }

    @Test func `settling a conflict says which token went`() throws {
        let kept = "ci/own.conflict-1a2b3c4d"
        for (resolution, expected) in [
            (ConflictResolution.ours, "removed \(kept) 5e6f -"),
            (.theirs, "replaced ci/own \(kept) 1a2b 5e6f"),
            (.keepBoth, "moved ci/own-2 \(kept) - 5e6f"),
        ] {
            let box = try box()
            try box.entry(kept, "third-of-all-5e6f\nkind: own\n")
            try box.box.commitAll()
            try box.store.resolve("ci/own", resolution)
            #expect(try box.events() == ["added ci/other - 3c4d", expected])
        }
    }

    @Test func `undoing brings tokens back and takes them away`() throws {
        let box = try box()
        try box.remove("ci/own.gpg")
        _ = try box.store.undo(nil)
        try box.relocate("ci/own", to: "ci/new", isMove: true)
        _ = try box.store.undo(nil)
        #expect(
            try box.events() == [
                "added ci/other - 3c4d", "removed ci/own 1a2b -", "restored ci/own - 1a2b",
                "moved ci/new ci/own - 1a2b", "moved ci/own ci/new - 1a2b",
            ])
    }
}

extension IndexBox {
    fileprivate func put(_ name: Path, _ text: String) throws {
        let store = store
        try store.put(
            Secret(plain: text), in: store.file(name), known: .anything, subject: "Change.")
    }

    fileprivate func remove(_ name: Path) throws {
        let store = store
        try store.remove(store.path(name), subject: "Remove.")
    }

    fileprivate func relocate(_ old: Path, to new: Path, isMove: Bool) throws {
        let store = store
        try store.relocate(Relocation(old, to: new, isMove: isMove, in: store))
    }

    /// What the log has, the oldest first.
    fileprivate func events() throws -> [String] {
        try store.securityLog().events.map { event in
            let source = event.source.map { "\($0) " as Text } ?? ""
            let (old, new) = (event.oldLastFour ?? "-", event.newLastFour ?? "-")
            return "\(event.event) \(event.entry) \(source)\(old) \(new)"
        }
    }
}
