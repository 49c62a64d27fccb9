import PasselCore
import PasselTesting
import Synchronization
import Testing

@testable import PasselStore

@Suite struct ResumableWorkTests {
    private let names = (0..<70).map { "e\($0)" }

    /// A store of many entries in which bob could not be added, because one cannot be read.
    private func interrupted() throws -> StoreBox {
        let box = try StoreBox.team([.carol, .bob, .ann])
        for name in names { try box.entry(name, "text of \(name)") }
        try box.entry("bad", "locked")
        try box.commitAll()
        #expect(
            message { try box.add(.bob) }
                == "nothing was changed, because you cannot read these: bad")
        return box
    }

    /// Bob is added after all.
    private func finish(_ box: StoreBox) throws {
        try box.entry("bad", "good")
        try box.commitAll()
        try box.add(.bob)
        for name in names + ["bad"] { #expect(try box.isRead(name, by: [.ann, .bob])) }
        #expect(box.text("bad") == "good")
        try box.expectSettled()
    }

    private func folder(_ box: StoreBox) throws -> Path {
        try #require(box.store.storedPins).folder.file("reencrypted")
    }

    /// What is kept, by name.
    private func kept(_ box: StoreBox) throws -> [String: [UInt8]] {
        let folder = try folder(box)
        let files = Disk.walk(folder.bytes).map(\.text)
        return Dictionary(
            uniqueKeysWithValues: files.map { ($0, Disk.read("\(folder)/\($0)") ?? []) })
    }

    private func content(_ box: StoreBox, _ name: String) -> [UInt8] {
        Disk.read(box.path(name + ".gpg")) ?? []
    }

    @Test func `what was encrypted before an interruption is taken over`() throws {
        let box = try interrupted()
        let kept = Set(try kept(box).values)
        #expect(kept.count == names.count)
        try finish(box)
        for name in names {
            #expect(kept.contains(content(box, name)) && box.text(name) == "text of \(name)")
        }
        #expect(Disk.facts(try folder(box).bytes) == nil)
    }

    @Test func `the work of few entries is not kept`() throws {
        let box = try StoreBox.team([.bob, .ann])
        for name in names.prefix(62) { try box.entry(name, "text") }
        try box.entry("bad", "locked")
        try box.commitAll()
        #expect(message { try box.add(.bob) } != nil)
        #expect(Disk.facts(try folder(box).bytes) == nil)
    }

    @Test func `what is damaged, cut off or for others is made again`() throws {
        let box = try interrupted()
        let folder = try folder(box)
        let found = try kept(box).sorted { $0.key < $1.key }
        try Disk.write(found[0].value.dropLast() + [0], to: Bytes("\(folder)/\(found[0].key)".utf8))
        try Disk.write(
            [UInt8](found[1].value.dropLast(5)), to: Bytes("\(folder)/\(found[1].key)".utf8))
        try Disk.write([], to: Bytes("\(folder)/\(found[2].key)".utf8))
        let foreign = try box.cipher.encrypt(
            Secret(plain: "foreign"), to: [Recipient("carol".utf8)])
        let job = found[3].key.prefix { $0 != "-" }
        try Disk.write(foreign, to: Bytes("\(folder)/\(job)-\(Digest(of: foreign).hex)".utf8))
        Disk.remove("\(folder)/\(found[3].key)")
        try finish(box)
        let contents = Set(names.map { content(box, $0) })
        #expect(found[4...].allSatisfy { contents.contains($0.value) })
        #expect(found[..<4].allSatisfy { !contents.contains($0.value) })
        for name in names { #expect(box.text(name) == "text of \(name)") }
    }

    @Test func `an entry that changed meanwhile is encrypted from what it holds now`() throws {
        let box = try interrupted()
        try box.entry("e3", "changed")
        try finish(box)
        #expect(box.text("e3") == "changed" && box.text("e4") == "text of e4")
    }

    @Test func `work for other people takes the place of what was kept`() throws {
        let box = try interrupted()
        let before = try kept(box)
        #expect(message { try box.add(.carol) } != nil)
        let after = try kept(box)
        #expect(after.count == names.count && Set(after.keys).isDisjoint(with: before.keys))
        try finish(box)
    }

    @Test func `another change leaves what was kept`() throws {
        let box = try interrupted()
        let before = try kept(box)
        try box.put("new")
        #expect(try kept(box) == before)
        try finish(box)
    }

    @Test(arguments: InterruptedChange.Stage.allCases)
    func `once its change is decided nothing is kept`(_ stage: InterruptedChange.Stage) throws {
        let box = try interrupted()
        let result = try #require(try kept(box).values.first)
        let path = Path(box.path("e0.gpg"))
        try InterruptedChange(box: box, steps: [.write(path, result, mode: .fresh)])
            .run(until: stage)
        try box.store.exclusively {}
        let isDecided = stage.rawValue >= InterruptedChange.Stage.published.rawValue
        #expect(try kept(box).isEmpty == isDecided)
    }

    @Test func `work that hides its readers is not kept`() throws {
        let listed = Audience.listed([Recipient("ann".utf8)], folder: Roster.top)
        let id = KeyID(7)
        #expect(ResumableWork.Job([1], for: listed, [.hidden]) == nil)
        let job = try #require(ResumableWork.Job([1], for: listed, [id]))
        #expect(job == ResumableWork.Job([1], for: listed, [id]))
        #expect(job != ResumableWork.Job([2], for: listed, [id]))
        #expect(job != ResumableWork.Job([1], for: listed, [KeyID(8)]))
        #expect(job != ResumableWork.Job([1], for: .given([Recipient("ann".utf8)]), [id]))
    }

    @Test func `a machine without a place for its state does the work all the same`() throws {
        let box = try interrupted()
        try box.entry("bad", "good")
        box.settings.stateFolder = nil
        try box.store.initialise([Array("ann".utf8), Array("bob".utf8)], folder: "")
        for name in names { #expect(box.text(name) == "text of \(name)") }
    }

    @Test func `progress is told of the entries that are left`() throws {
        final class Counter: StepCounter {
            let steps = Mutex<[Int]>([])
            func advance(by count: Int) { steps.withLock { $0.append(count) } }
            func end() { steps.withLock { $0.append(0) } }
        }
        let box = try interrupted()
        try box.entry("bad", "good")
        try box.entry("e1", "changed")
        let counter = Counter()
        let store = Store(
            box.settings, cipher: box.cipher,
            observer: Store.Observer(
                told: { _ in }, warned: { _ in },
                progress: { count in
                    #expect(count == 2)
                    return counter
                }))
        var draft = try store.draft()
        draft.add(
            try store.person(Somebody.bob.fingerprint.recipient), as: Roster.Membership(.member),
            to: Roster.top)
        try store.perform(TeamChange(draft, subject: "Add bob."))
        #expect(counter.steps.withLock { $0 } == [1, 1, 0])
    }
}
