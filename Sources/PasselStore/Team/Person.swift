public import PasselCore
import PasselPosix

/// Somebody who can be encrypted to: the key, and the file it travels in.
public struct Person: Sendable, Equatable {
    /// The key.
    public let key: PublicKey
    /// The key file.
    public let file: [UInt8]

    /// The fingerprint.
    public var fingerprint: Fingerprint { key.fingerprint }
    /// The first user id.
    public var name: Text { key.name }
}

extension Store {
    /// The one person that a name means: a fingerprint, a key id, or part of a user id.
    ///
    /// Looked for among the keys in the store and in the user's own keyring; of a key that is in
    /// both, what either knows.
    ///
    /// - Throws: a `Problem` when nobody or more than one is meant, listing them.
    public func person(_ name: Recipient) throws -> Person {
        let own = try cipher.keys([name], in: .own)
        let travelling = try TeamFiles(store: self).contents().flatMap { file in
            try cipher.keys(inFile: file).filter { $0.matches(name) }.map { (key: $0, file: file) }
        }
        var found: [Fingerprint] = []
        for key in own + travelling.map(\.key) where !found.contains(key.fingerprint) {
            found.append(key.fingerprint)
        }
        guard let fingerprint = found.first else {
            throw Problem(
                "there is no key for \(Text(name.bytes)), neither in the store nor in your keyring",
                hints: [
                    "let them publish it in the store: passel join",
                    "import it: gpg --import FILE",
                ])
        }
        guard found.count == 1 else {
            let names = (own + travelling.map(\.key)).map {
                "\($0.fingerprint.hex) \($0.name)" as Text
            }
            throw Problem(
                "\(Text(name.bytes)) means more than one key: \(names.joined(separator: ", "))",
                hints: ["name one by its whole fingerprint: \(fingerprint.hex)"])
        }
        return try person(fingerprint)
    }

    /// The person with this key, of whom the store or the user's keyring must know.
    func person(_ fingerprint: Fingerprint) throws -> Person {
        var files: [[UInt8]] = []
        if let file = try TeamFiles(store: self).keyFile(fingerprint) { files.append(file) }
        let own = try cipher.keys([fingerprint.recipient], in: .own)
        if !own.isEmpty { files.append(try cipher.export(fingerprint, from: .own)) }
        guard let first = files.first else {
            throw Problem(
                "there is no key \(fingerprint.hex), neither in the store nor in your keyring",
                hints: ["import it: gpg --import FILE"])
        }
        let isOne = files.count == 1 || files[0] == files[1]
        let found = try person(fingerprint, isOne ? first : cipher.merged(files))
        // What the user disabled, no file says.
        var key = found.key
        key.isDisabled = own.contains { $0.fingerprint == fingerprint && $0.isDisabled }
        return Person(key: key, file: found.file)
    }

    /// The person whose key this file holds.
    func person(_ fingerprint: Fingerprint, _ file: [UInt8]) throws -> Person {
        guard
            let key = try cipher.keys(inFile: file).first(where: { $0.fingerprint == fingerprint })
        else {
            throw Problem(
                "the key file of \(fingerprint.hex) cannot be read",
                hints: ["look at it: gpg --show-keys \(TeamFiles.keyFile(fingerprint))"])
        }
        return Person(key: key, file: file)
    }
}
