import Glibc
import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// Two machines with clones of one store, whose people sign without knowing of each other.
@Suite struct DivergenceTests {
    /// Ann and Bob are signers; each has a clone.
    private static func pair() throws -> (ann: Desk, bob: Desk) {
        let box = try StoreBox.team([.bob, .carol, .ann])
        try box.put("shop", "one")
        try box.add(.bob, .signer)
        let ann = Desk(box, root: box.root, own: .ann)
        let bob = Desk(box, root: box.sandbox.root + "/bob", own: .bob)
        try box.git("clone", "-q", box.root, bob.root)
        for (key, value) in [
            ("user.name", "Bob"), ("user.email", "bob@example.org"), ("commit.gpgsign", "false"),
            ("core.hooksPath", bob.root + "/.git/hooks"),
        ] { try box.git("-C", bob.root, "config", key, value) }
        _ = try bob.store.review()
        return (ann, bob)
    }

    @Test func `what two signers did at once is merged by the one whose roster stands`() throws {
        let (ann, bob) = try Self.pair()
        try ann.add(.carol)
        try bob.set("web", [.bob])
        try bob.put("web/mail", "two")
        try bob.merge(from: ann)
        #expect(try bob.store.review().differences.map(\.kind) == [.diverged])
        #expect(!(try bob.names()).filter { $0.hasPrefix(".passel/roster.conflict-") }.isEmpty)
        try bob.store.accept(bob.store.review())
        #expect(try bob.store.review().differences.isEmpty)
        #expect((try bob.names()).filter { $0.contains("conflict") } == [])
        try ann.pull(from: bob)
        try ann.store.accept(ann.store.review())
        try expectBoth(ann, bob)
    }

    @Test func `the one whose roster does not stand merges them as well`() throws {
        let (ann, bob) = try Self.pair()
        try ann.add(.carol)
        try bob.set("web", [.bob])
        try bob.put("web/mail", "two")
        try bob.merge(from: ann)
        try ann.pull(from: bob)
        #expect(message { try ann.put("shop", "three") }?.contains("roster") == true)
        #expect(try ann.store.review().differences.map(\.kind) == [.diverged])
        try ann.store.accept(ann.store.review())
        #expect(try ann.store.review().differences.isEmpty)
        try bob.pull(from: ann)
        try bob.store.accept(bob.store.review())
        try expectBoth(ann, bob)
    }

    @Test func `without a merge before, the roster that came takes part as it is`() throws {
        let (ann, bob) = try Self.pair()
        try ann.add(.carol)
        try bob.set("web", [.bob])
        // Bob gives up his commit, as somebody does whose push was refused, but has signed it.
        try bob.take(ann)
        #expect(try bob.store.review().differences.map(\.kind) == [.diverged])
        try bob.store.accept(bob.store.review())
        try ann.pull(from: bob)
        try ann.store.accept(ann.store.review())
        let roster = try #require(try ann.box(ann.store)?.roster?.roster)
        #expect(roster.folders["web"]?.keys.sorted() == [Somebody.bob.fingerprint])
        #expect(roster.folders[Roster.top]?.count == 3)
    }

    @Test func `whoever one of them took out cannot sign for both`() throws {
        let (ann, bob) = try Self.pair()
        try ann.remove(.bob)
        try bob.add(.carol)
        try bob.merge(from: ann)
        let review = try bob.store.review()
        #expect(review.differences.map(\.kind) == [.diverged])
        let obstacle = try #require(review.differences.first?.obstacle)
        #expect(obstacle.message.bytes.text.contains("ann"))
        #expect(message { try bob.store.accept(review) } != nil)
        try ann.pull(from: bob)
        try ann.store.accept(ann.store.review())
        let roster = try #require(try ann.box(ann.store)?.roster?.roster)
        #expect(
            roster.folders[Roster.top]?.keys.sorted()
                == [Somebody.ann.fingerprint, Somebody.carol.fingerprint].sorted())
        #expect(try ann.isRead("shop", by: [.ann, .carol]))
        // Who saw neither takes over the merged one.
        let carol = Desk(ann.owner, root: ann.owner.sandbox.root + "/carol", own: .carol)
        try ann.owner.git("clone", "-q", ann.root, carol.root)
        #expect(try carol.store.review().differences.isEmpty)
    }

    @Test func `refusing the other change signs for both, too`() throws {
        let (ann, bob) = try Self.pair()
        try ann.add(.carol)
        try bob.set("web", [.bob])
        try bob.merge(from: ann)
        try bob.store.refuse(bob.store.review())
        #expect(try bob.store.review().differences.isEmpty)
        try ann.pull(from: bob)
        try ann.store.accept(ann.store.review())
        let roster = try #require(try ann.box(ann.store)?.roster?.roster)
        #expect(roster.folders[Roster.top]?.count == 2)
    }

    private func expectBoth(
        _ ann: Desk, _ bob: Desk, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let rosters = try [ann, bob].map { try $0.box($0.store)?.roster?.roster }
        #expect(rosters[0] == rosters[1], sourceLocation: location)
        let roster = try #require(rosters[0])
        #expect(roster.generation == 3, sourceLocation: location)
        #expect(roster.merged != nil, sourceLocation: location)
        #expect(roster.folders[Roster.top]?.count == 3, sourceLocation: location)
        #expect(roster.folders["web"]?.count == 1, sourceLocation: location)
        #expect(try ann.isRead("shop", by: [.ann, .bob, .carol]), sourceLocation: location)
        #expect(try ann.isRead("web/mail", by: [.bob]), sourceLocation: location)
    }
}

/// Somebody's clone of a store in a box.
final class Desk {
    let owner: StoreBox
    let root: String
    private let own: Somebody

    init(_ owner: StoreBox, root: String, own: Somebody) {
        self.owner = owner
        self.root = root
        self.own = own
    }

    var store: Store {
        var settings = Store.Settings(
            root: Path(root), environment: ProcessEnvironment(owner.sandbox.environment))
        settings.stateFolder = Path(owner.sandbox.root + "/state-\(own.name)")
        if own.name == "ann" { settings.stateFolder = owner.settings.stateFolder }
        settings.now = { MemoryCipher.now }
        var cipher = MemoryCipher()
        let others = [Somebody.ann, .bob, .carol].filter { $0.name != own.name }
        cipher.ownKeys = Array((others + [own]).map(\.keyFile).joined())
        return Store(
            settings, cipher: cipher, observer: Store.Observer(told: { _ in }, warned: { _ in }))
    }

    func box(_ store: Store) throws -> Pins? { try store.storedPins?.load(settling: false) }

    func add(_ person: Somebody) throws {
        var draft = try store.draft()
        draft.add(
            try store.person(person.fingerprint.recipient), as: Roster.Membership(.member),
            to: Roster.top)
        try store.perform(TeamChange(draft, subject: "Add \(person.name)."))
    }

    func remove(_ person: Somebody) throws {
        var draft = try store.draft()
        draft.removeEverywhere(person.fingerprint)
        try store.perform(TeamChange(draft, subject: "Remove \(person.name)."))
    }

    func set(_ folder: Path, _ people: [Somebody]) throws {
        var draft = try store.draft()
        draft.set(
            try people.map { try store.person($0.fingerprint.recipient) },
            as: Roster.Membership(.signer), in: folder)
        try store.perform(TeamChange(draft, subject: "Set \(folder)."))
    }

    func put(_ name: String, _ text: String) throws {
        try Disk.makeFolder(Path("\(root)/\(name)").parent.repaired)
        try store.put(
            Secret(plain: text), in: Path("\(root)/\(name).gpg"), known: .anything,
            subject: "Add \(name).")
    }

    func isRead(_ name: String, by people: [Somebody]) throws -> Bool {
        let bytes = try #require(Disk.read("\(root)/\(name).gpg"))
        return try EncryptedMessage(bytes).recipients.sorted()
            == people.map(\.fingerprint.keyID).sorted()
    }

    func names() throws -> [String] {
        try git("ls-files").split(separator: "\n").map(String.init)
    }

    @discardableResult
    func git(_ words: String...) throws -> String {
        owner.sandbox.directory = root
        let outcome = try owner.sandbox.run("git", ["-C", root] + words)
        guard outcome.status == 0 else {
            throw TestingProblem("git \(words): \(outcome.stderr.text)")
        }
        return outcome.stdout.trimmed.text
    }

    func pull(from other: Desk) throws {
        try git("pull", "-q", "--ff-only", other.root, "main")
    }

    /// Goes to what somebody else has.
    func take(_ other: Desk) throws {
        try git("fetch", "-q", other.root, "main")
        try git("reset", "-q", "--hard", "FETCH_HEAD")
    }

    /// Merges what somebody else has as a sync does.
    func merge(from other: Desk) throws {
        try git("fetch", "-q", other.root, "main")
        let repository = try #require(try store.repository(around: Path(root)))
        let ours = try #require(GitID(hex: try git("rev-parse", "HEAD").utf8))
        let theirs = try #require(GitID(hex: try git("rev-parse", "FETCH_HEAD").utf8))
        let plan = try StoreMerge(
            store: store, repository: repository, ours: ours, theirs: theirs, label: "origin"
        ).plan()
        try git("merge", "-q", "-s", "ours", "--no-commit", "FETCH_HEAD")
        for step in plan.steps {
            switch step {
            case .write(let path, let content, _):
                try Disk.makeFolder(path.parent.repaired)
                try Disk.write(content, to: path.bytes)
            case .remove(let path): Disk.remove(path.repaired)
            default: Issue.record("a plan only writes and removes")
            }
        }
        try git("add", "-A")
        try git("commit", "-q", "-m", "Merge origin.")
    }
}
