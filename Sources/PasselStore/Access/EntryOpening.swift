import PasselCore
import PasselPosix

/// What came of trying to decrypt an entry.
enum EntryOpening: Sendable {
    case opened
    /// It is for none of the user's keys.
    case foreign
    /// It is no message that could be decrypted, or no file that can be read.
    case noMessage(Text)
    /// It is for the user and could not be decrypted.
    case failed(Text)
}

extension Store {
    /// Tries to decrypt the entries in these files by the user's keys alone, on two threads.
    ///
    /// What the index knows is not made use of: it may be gone with this machine.
    ///
    /// - Throws: a `Problem` when the user's keys cannot be listed.
    func opening(_ files: [Path]) throws -> [EntryOpening] {
        let own = try cipher.secretKeys().reduce(into: Set<KeyID>()) { $0.formUnion($1.readerIDs) }
        let counter = observer.reading?(files.count)
        defer { counter?.end() }
        let cipher = cipher
        let items = files.map { (file: $0, name: entryName($0)) }
        return Parallel.map(items, width: 2) { item in
            defer { counter?.advance(by: 1) }
            do {
                let content = try Files.read(item.file)
                guard let message = try? EncryptedMessage(content) else {
                    return .noMessage("it is no encrypted message")
                }
                guard message.recipients.contains(where: { $0 == .hidden || own.contains($0) })
                else { return .foreign }
                _ = try cipher.decrypt(content, name: item.name)
                return .opened
            } catch let error as SystemError {
                return .noMessage(error.problem.message)
            } catch let problem as Problem where problem.form == .own {
                return .failed(problem.message)
            } catch {
                return .failed("gpg cannot decrypt it")
            }
        }
    }
}
