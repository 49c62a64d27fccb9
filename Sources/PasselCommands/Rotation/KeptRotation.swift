import PasselCore
import PasselPosix
import PasselStore

/// What the store keeps of a rotation of one entry, in the entry beside it.
struct KeptRotation {
    let side: RotationRecord.Side
    /// The name of the entry that keeps it.
    let name: Path
    let record: RotationRecord
    /// What the entry held when it was read.
    let known: Store.Known

    /// What is kept of a rotation of this entry; nothing where none is under way.
    ///
    /// - Throws: a `Problem` when an entry with such a name keeps something else, or cannot be read.
    init?(of entry: Path, session: Session) throws {
        for side in RotationRecord.Side.allCases {
            let name = side.name(beside: entry)
            guard let ciphertext = try Files.readIfPresent(session.store.file(name)) else {
                continue
            }
            let text = try session.store.read(
                session.store.file(name), name: Text(name.bytes))
            guard let record = RotationRecord(text) else {
                let word = ShellWord.text(name.bytes)
                throw Problem(
                    "\(name) is in the way: a rotation of \(entry) would be kept there",
                    hints: ["\(session.program) mv \(word) OTHER-NAME"])
            }
            self.side = side
            self.name = name
            self.record = record
            known = .ciphertext(ciphertext)
            return
        }
        return nil
    }
}

extension Session {
    /// Those of some entries whose places are a rotation's business, each with what to say of it.
    func rotations(of entries: [Path]) throws -> [Path: Problem] {
        var names: [Path: Path] = [:]
        for entry in Set(entries) {
            let name = RotationRecord.Side.next.name(beside: entry)
            if try FileStatus(of: store.file(name)) != nil { names[name] = entry }
        }
        guard !names.isEmpty else { return [:] }
        var found: [Path: Problem] = [:]
        for (name, text) in try store.texts(of: Array(names.keys)) {
            guard let entry = names[name] else { continue }
            // An entry of another kind by that name is none of a rotation's.
            if case .success(let text) = text, RotationRecord(text.source) == nil { continue }
            let word = ShellWord.text(entry.bytes)
            found[entry] = Problem(
                "\(entry) is being rotated",
                hints: ["\(program) rotate \(word) --resume", "\(program) rotate \(word) --abort"])
        }
        return found
    }
}
