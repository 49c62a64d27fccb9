public import PasselCore
import PasselGit
import PasselPosix

/// A store that was fetched from elsewhere into a folder beside its place, and waits for consent.
public struct Cloning {
    /// Where it will be.
    public let place: Path
    /// Its people, as it says itself.
    public let people: TeamListing
    /// What was found of its newest commit.
    public let gate: GateReport
    /// How many entries it has.
    public let entries: Int

    private let store: Store
    private let url: Text
    private let head: GitID
    private let workshop: Workshop

    /// What the remote is called that it came from.
    public static let remote: Text = "origin"

    /// Fetches a store, looks at it and unpacks it beside the root of `store`.
    ///
    /// - Throws: a `Problem`, and nothing is left behind, when something is in the place already, when
    ///   it cannot be fetched, or when what is there must not come in.
    public init(
        _ url: Text, to store: Store, heard: @escaping (_ line: Text) -> Void
    ) throws {
        self.store = store
        self.url = url
        place = store.root
        try Self.refuseTaken(place)
        workshop = try Workshop(beside: place, prefix: Workshop.cloning)
        do {
            var settings = store.settings
            settings.root = workshop.store
            settings.stateFolder = workshop.state
            let inner = Store(
                settings, cipher: store.cipher,
                observer: Store.Observer(told: { _ in }, warned: { _ in }))
            let timeout = try store.settings.configuration.timeout
            let found = try Transport.clone(
                url, as: Self.remote, into: workshop.store, reference: Self.quarantine,
                environment: store.settings.environment, timeout: timeout, told: heard)
            guard let head = found.head else {
                throw Problem(
                    "\(Store.withoutPassword(url)) has no commit yet",
                    hints: [
                        "begin a store: passel init YOUR-GPG-ID", "passel git init",
                        "and hand it on: passel remote add origin \(ShellWord.text(url.bytes))",
                    ])
            }
            self.head = head
            gate = try Gate(store: inner, repository: found.repository)
                .inspect(head, from: Self.remote, ours: nil)
            guard !gate.isRefused else { throw Self.refusal(gate, url) }
            let contents = try inner.firstContents(of: head, found.repository)
            entries = contents.outcomes.count { $0.subject == .entry }
            try inner.exclusively {
                try Change(
                    store: inner, steps: contents.steps,
                    arrival: Arrival(way: .arriving(head), ours: nil), subject: { _ in "" }
                ).perform()
                // A roster that none of its own signers signed goes no further.
                _ = try inner.pins()
            }
            people = try inner.teamListing()
            try Self.follow(found.branch, head, found.repository)
        } catch is NotInitialised {
            workshop.remove()
            throw Problem(
                "\(Store.withoutPassword(url)) is no password store: no list says for whom it is",
                hints: ["look at it: git clone \(ShellWord.text(url.bytes)) elsewhere"])
        } catch {
            workshop.remove()
            throw error
        }
    }

    private static func refuseTaken(_ place: Path) throws {
        guard let status = try FileStatus(of: place) else { return }
        guard status.kind == .folder, try Files.names(in: place).isEmpty else {
            throw Problem(
                "\(place) exists already, and something is in it",
                hints: ["put it elsewhere: passel clone URL DIR"])
        }
    }

    private static func refusal(_ gate: GateReport, _ url: Text) -> Problem {
        let shown = gate.refusals.prefix(5).joined(separator: "; ")
        let more: Text = gate.refusals.count > 5 ? " and \(gate.refusals.count - 5) more" : ""
        return Problem(
            "\(Store.withoutPassword(url)) is refused: \(shown)\(more)",
            hints: ["ask whoever keeps it about that"])
    }

    private static let quarantine = "refs/passel/incoming/origin"

    /// What git remembers of the remote, so that plain `git pull` and `git push` work, too.
    private static func follow(
        _ branch: String, _ head: GitID, _ repository: GitRepository
    ) throws {
        try repository.setReference(
            "refs/remotes/origin/\(branch)", to: head, from: nil, log: "passel clone")
    }

    /// Puts the store in its place and acknowledges its people.
    public func finish() throws {
        do {
            try DurableFile.move(workshop.store, to: place)
            try DurableFile.flush(place.parent)
        } catch {
            workshop.remove()
            throw error
        }
        workshop.remove()
        let quiet = Store(
            store.settings, cipher: store.cipher,
            observer: Store.Observer(told: { _ in }, warned: { _ in }))
        try quiet.exclusively {
            _ = try quiet.pins()
            guard var heads = try quiet.verifiedHeads() else { return }
            heads.set(head, of: Self.remote)
            try heads.save()
        }
        guard let folder = quiet.storedPins?.folder else { return }
        var states = try RemoteStates(in: folder)
        var state = RemoteStates.State()
        state.success = store.settings.now()
        state.head = head
        states.states[Self.remote] = state
        try states.save(in: folder)
    }

    /// Leaves nothing behind.
    public func discard() { workshop.remove() }
}
