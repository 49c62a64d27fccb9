public import PasselCore
import PasselPosix

extension Store {
    /// What is known of every entry at and below `name`, without its secret.
    ///
    /// Entries that cannot be read are told apart. The first one that could be read but for its
    /// key, such as for want of a passphrase, ends it: the others would ask again.
    ///
    /// - Throws: a `Problem` when there is neither an entry nor a folder of that name, or the
    ///   user's key cannot be used at the moment; `NotInitialised` without a store.
    public func catalogue(below name: Path = "") throws -> Catalogue {
        var catalogue = Catalogue()
        let reader = try EntryReader(self)
        for file in try entryFiles(below: name) {
            let entry = Path(entryName(file).bytes)
            do {
                let text = EntryText(try reader.read(file))
                catalogue.entries.append(IndexedEntry(entry, text))
            } catch let problem as EntryReader.Unreadable {
                catalogue.unreadable.append((entry, problem.problem))
            }
        }
        return catalogue
    }

    /// The files of the entry `name` and of those below the folder `name`, sorted by path.
    private func entryFiles(below name: Path) throws -> [Path] {
        guard FileStatus.isFolder(root) else { throw NotInitialised() }
        let files = try entryFiles()
        guard !name.isEmpty else { return files }
        let (entry, folder) = (file(name), path(name))
        let found = files.filter { $0 == entry || $0.isWithin(folder) }
        guard !found.isEmpty || FileStatus.isFolder(folder) else {
            throw Problem(
                "\(name) is not in the store",
                hints: ["passel find \(ShellWord.text(name.name))"])
        }
        return found
    }
}

/// Decrypts one entry after the other, without asking gpg for what is for others.
private final class EntryReader {
    private let store: Store
    private let verification: Verification?
    private lazy var ownKeys = Result { try store.cipher.secretKeys() }
    private var canDecrypt = false

    /// Thrown for an entry that cannot be read.
    struct Unreadable: Error {
        let problem: Problem
    }

    init(_ store: Store) throws {
        self.store = store
        verification = try store.verification()
    }

    func read(_ file: Path) throws -> Secret {
        let name = store.entryName(file)
        let content: [UInt8]
        do {
            content = try Files.read(file)
            try verification?.require(file, content)
            guard try mayBeOurs(EncryptedMessage(content)) else {
                throw Problem("it is not encrypted to you")
            }
        } catch let flaw as EncryptedMessage.Flaw {
            throw Unreadable(problem: Problem("\(flaw.description)"))
        } catch let error as SystemError {
            throw Unreadable(problem: error.problem)
        } catch let problem as Problem {
            throw Unreadable(problem: problem)
        }
        do {
            let secret = try store.cipher.decrypt(content, name: name)
            canDecrypt = true
            return secret
        } catch {
            try refuseUnusableKey(error)
            throw Unreadable(problem: Problem("it cannot be decrypted"))
        }
    }

    /// Whether one of the user's keys is named, or somebody is who is not named.
    private func mayBeOurs(_ message: EncryptedMessage) -> Bool {
        // What is wrong with the keyring shows when gpg is asked.
        guard let keys = try? ownKeys.get(), !keys.isEmpty else { return true }
        let own = keys.reduce(into: Set<KeyID>()) { $0.formUnion($1.readerIDs) }
        return message.recipients.contains { $0 == .hidden || own.contains($0) }
    }

    /// Tells a message that cannot be decrypted from a key that cannot be used now.
    private func refuseUnusableKey(_ error: any Error) throws {
        guard !canDecrypt, let keys = try? ownKeys.get(), !keys.isEmpty else { return }
        for key in keys {
            // A key that cannot even be encrypted to says nothing about the passphrase.
            guard
                let probe = try? store.cipher.encrypt(
                    Secret(plain: "probe"), to: [key.fingerprint.recipient])
            else { continue }
            if (try? store.cipher.decrypt(probe, name: "probe")) != nil {
                canDecrypt = true
                return
            }
        }
        throw error as? Problem ?? Problem("your key cannot be used at the moment")
    }
}

extension IndexedEntry {
    /// What is known of the entry `name` that holds `text`.
    init(_ name: Path, _ text: EntryText) {
        let secret = text.units.first.map(text.value) ?? Secret(plain: "")
        let finding = text.isOpaque ? nil : secret.tokenFinding
        self.init(
            name: name, fields: text.fields, metadata: TokenMetadata(text),
            recognisedKind: finding?.kind, claimedEnd: finding?.expires,
            lastFour: secret.lastFour)
    }
}
