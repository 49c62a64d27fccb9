import PasselCore
import PasselGit
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

extension StoreBox {
    /// A store of ann's with history; bob is the one who leaves.
    static func leaving(history: Bool = true) throws -> StoreBox {
        let box = try StoreBox.team([.bob, .carol, .ann], history: history)
        try box.list("ann\nbob\n")
        if history { try box.commitAll() }
        return box
    }

    /// Writes an entry as another program would, for these readers.
    func message(_ name: String, _ text: String, for readers: [String]) throws {
        try Disk.makeFolder(Path(path(name)).parent.repaired)
        let message = try cipher.encrypt(
            Secret(plain: text), to: readers.map { Recipient($0.utf8) })
        try Disk.write(message, to: Bytes(path(name + ".gpg").utf8))
    }

    /// A commit of everything.
    func commit(_ subject: String = "Change.") throws {
        try git("add", "-A", ".")
        try git("commit", "-q", "--allow-empty", "-m", subject)
    }

    func move(_ old: String, _ new: String) throws {
        try Disk.makeFolder(Path(path(new)).parent.repaired)
        try git("mv", old, new)
    }

    /// Renames an entry as passel does.
    func rename(_ old: String, _ new: String) throws {
        try Disk.makeFolder(Path(path(new)).parent.repaired)
        let relocation = try Relocation(Path(old), to: Path(new), isMove: true, in: store)
        try store.relocate(relocation)
    }

    /// What bob could ever read, as `name -> now`, with a `?` where that is a guess or the readers
    /// are hidden.
    func readable(_ person: Somebody = .bob) throws -> [String] {
        try store.offboarding(of: person.fingerprint.recipient).list.items.map { item in
            let doubt = item.isCertain && item.place.guesses.isEmpty ? "" : "?"
            return "\(item.name.text) -> \(item.place.name?.text ?? "")\(doubt)"
        }.sorted()
    }

    /// The state of every entry of the list, as `name state`.
    func states(_ person: Somebody = .bob) throws -> [String] {
        let status = try #require(
            try store.offboardingStatus(of: person.fingerprint.recipient).first)
        return status.items.map { item in
            switch item.state {
            case .closed: "\(item.name) closed"
            case .done(let day): "\(item.name) done \(day.spelling)"
            case .open(let reason): "\(item.name) \(reason.rawValue)"
            }
        }
    }

    @discardableResult
    func offboard(_ person: Somebody = .bob) throws -> OffboardingList {
        let offboarding = try store.offboarding(of: person.fingerprint.recipient)
        try store.offboard(offboarding)
        return offboarding.list
    }
}
