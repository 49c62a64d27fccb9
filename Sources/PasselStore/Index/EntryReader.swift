import PasselCore
import PasselPosix

/// Reads many entries: those of others are not given to gpg, those that the index knows need none
/// of the user's keys, and the index learns of the rest.
final class EntryReader {
    private let store: Store
    let index: StoreIndex?
    private let verification: Verification?
    private lazy var ownKeys = Result { try store.cipher.secretKeys() }
    private var canDecrypt: Bool

    /// So many entries are decrypted before the index is told of them.
    private static let batch = 32

    /// An entry's file as it is encrypted.
    struct Item: Sendable {
        let file: Path
        let name: Text
        let content: [UInt8]
        let id: MessageID
    }

    /// A reader of a store's entries; the index is opened, or made if there is none.
    ///
    /// - Throws: a `Problem` when the user's key cannot be used at the moment.
    init(_ store: Store) throws {
        self.store = store
        verification = try store.verification()
        index = try store.openIndexForReading()
        canDecrypt = index != nil
    }

    /// The entry's file; why it cannot be read.
    func item(_ file: Path) -> Result<Item, Unread> {
        do {
            let content = try Files.read(file)
            try verification?.require(file, content)
            return .success(
                Item(
                    file: file, name: store.entryName(file), content: content,
                    id: MessageID(of: content)))
        } catch let error as SystemError {
            return .failure(.failed(error.problem))
        } catch let problem as Problem {
            return .failure(.failed(problem))
        } catch {
            return .failure(.failed(Problem("it cannot be read")))
        }
    }

    /// Decrypts entries, on two threads, and gives what `body` makes of each to `told`, in their
    /// order.
    ///
    /// No more plaintext is in memory than `body` works on.
    ///
    /// - Throws: a `Problem` when the user's key cannot be used at the moment: the other entries
    ///   would ask for it, too.
    func read<R: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Text, Secret) -> R,
        told: (Item, Result<R, Unread>) throws -> Void
    ) throws {
        var start = 0
        while start < items.count {
            // The first one alone: it asks for the passphrase.
            let end = canDecrypt ? min(items.count, start + Self.batch) : start + 1
            try readBatch(Array(items[start..<end]), body, told)
            start = end
        }
    }

    private func readBatch<R: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Text, Secret) -> R,
        _ told: (Item, Result<R, Unread>) throws -> Void
    ) throws {
        let refusals = items.map(refusal)
        let work = zip(items, refusals).filter { $0.1 == nil }.map(\.0)
        let job = Job(MessageReader(store.cipher, index), index, body)
        let done = Parallel.map(work, width: 2) { item in
            Result<Job<R>.Done, any Error> { try job.run(item) }
        }
        // What the index does not learn now it learns the next time.
        try? index?.add(done.compactMap { try? $0.get().row })
        var next = done.makeIterator()
        for (item, refusal) in zip(items, refusals) {
            if let refusal {
                try told(item, .failure(refusal))
                continue
            }
            switch next.next() {
            case .success(let done):
                canDecrypt = true
                try told(item, .success(done.result))
            case .failure(let error):
                try refuseUnusableKey(error)
                let problem = error as? Problem ?? Problem("it cannot be decrypted")
                try told(item, .failure(.failed(problem)))
            case nil: break
            }
        }
    }

    /// What is done with one entry on whatever thread.
    private struct Job<R: Sendable>: Sendable {
        let reader: MessageReader
        let rows: IndexRows?
        let hashKey: Secret?
        let body: @Sendable (Text, Secret) -> R

        struct Done: Sendable {
            let result: R
            /// What is new to the index.
            let row: Secret?
        }

        init(
            _ reader: MessageReader, _ index: StoreIndex?,
            _ body: @escaping @Sendable (Text, Secret) -> R
        ) {
            self.reader = reader
            rows = index?.rows
            hashKey = index?.anchor.hashKey
            self.body = body
        }

        func run(_ item: Item) throws -> Done {
            let message = try reader.open(item.content, name: item.name)
            var row: Secret?
            if let hashKey, rows?.has(item.id, sessionKey: message.sessionKey != nil) != true {
                row = IndexRow.encode(
                    item.id, EntryText(message.plaintext), sessionKey: message.sessionKey,
                    hashKey: hashKey)
            }
            return Done(result: body(item.name, message.plaintext), row: row)
        }
    }

    /// Why gpg need not be asked: it is no message, or for nobody here.
    private func refusal(_ item: Item) -> Unread? {
        if index?.rows.has(item.id, sessionKey: true) == true { return nil }
        let message: EncryptedMessage
        do {
            message = try EncryptedMessage(item.content)
        } catch {
            return .failed(Problem("\(error.description)"))
        }
        // What is wrong with the keyring shows when gpg is asked.
        guard let keys = try? ownKeys.get(), !keys.isEmpty else { return nil }
        let own = keys.reduce(into: Set<KeyID>()) { $0.formUnion($1.readerIDs) }
        return message.recipients.contains { $0 == .hidden || own.contains($0) }
            ? nil : .forOthers
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

extension Store {
    /// The index for reading many entries, made if there is none; nothing where there can be none.
    ///
    /// What is wrong with its files ends nothing: the entries are there all the same.
    fileprivate func openIndexForReading() throws -> StoreIndex? {
        do {
            return try index(making: true)
        } catch let error as SystemError {
            observer.warned(
                Problem("there is no index, so this takes longer: \(error.problem.message)"))
            return nil
        }
    }
}
