import PasselCore
import PasselPosix

/// Decrypts messages, by their session keys as far as the open index knows them; safe on any
/// thread.
struct MessageReader: Sendable {
    let cipher: any Cipher
    private let rows: IndexRows
    private let wantsSessionKeys: Bool

    /// - Parameter wantsSessionKeys: whether an index that is not open wants them.
    init(_ cipher: any Cipher, _ index: StoreIndex?, wantsSessionKeys: Bool = false) {
        self.cipher = cipher
        rows = index?.rows ?? IndexRows()
        self.wantsSessionKeys = index?.anchor.keepsSessionKeys ?? wantsSessionKeys
    }

    /// The plaintext, and the session key if the index did not know it but wants to.
    func open(_ content: [UInt8], name: Text) throws -> OpenedMessage {
        if let plaintext = known(content, name: name) {
            return OpenedMessage(plaintext: plaintext, sessionKey: nil)
        }
        guard wantsSessionKeys else {
            return OpenedMessage(
                plaintext: try cipher.decrypt(content, name: name), sessionKey: nil)
        }
        return try cipher.openMessage(content, name: name)
    }

    /// The plaintext.
    func decrypt(_ content: [UInt8], name: Text) throws -> Secret {
        try known(content, name: name) ?? cipher.decrypt(content, name: name)
    }

    private func known(_ content: [UInt8], name: Text) -> Secret? {
        guard let key = rows.sessionKey(of: MessageID(of: content)) else { return nil }
        // What does not work with it is decrypted as if it were not known, which tells what is
        // wrong.
        return try? cipher.decrypt(content, with: key, name: name)
    }
}

extension Store {
    /// What decrypts these messages: with the index, if it knows at least two of them.
    ///
    /// For a single one opening the index would save nothing.
    func messageReader(for contents: @autoclosure () throws -> [[UInt8]]) rethrows -> MessageReader
    {
        if let index = indexes.current { return MessageReader(cipher, index) }
        guard let notes = indexNotes(), notes.wantsSessionKeys else {
            return MessageReader(cipher, nil)
        }
        guard notes.known(try contents().map { MessageID(of: $0) }).sessionKeys >= 2 else {
            return MessageReader(cipher, nil, wantsSessionKeys: true)
        }
        do {
            return MessageReader(cipher, try index(making: false))
        } catch {
            // The messages tell why they cannot be decrypted; nobody is asked for the index again.
            indexes.state = .absent
            return MessageReader(cipher, nil)
        }
    }
}
