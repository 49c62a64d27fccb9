import PasselCore
import PasselPosix
import PasselStore

/// An entry with a key to one-time passwords: the first line that begins with `otpauth://`.
struct OneTimeEntry {
    let entry: StoredEntry
    private let place: Int?

    /// Reads an entry, with a key or without.
    init(_ name: Path, session: Session) throws {
        entry = try StoredEntry(name, session: session)
        let text = entry.text
        place = text.units.firstIndex { OneTimeURI.isOne(text.content(of: $0)) }
    }

    /// Whether it has a key, right or wrong.
    var hasURI: Bool { place != nil }

    /// The key.
    ///
    /// - Throws: pass-otp's message when there is none, or none that can be used.
    func uri() throws -> OneTimeURI {
        guard let place else { throw Problem.pass("\(entry.name): OTP secret not found.") }
        let line = entry.text.content(of: entry.text.units[place])
        let end = line.withBytes { $0.firstIndex { $0 <= 0x20 } ?? $0.count }
        do {
            return try OneTimeURI(line.slice(0..<end))
        } catch {
            throw error.problem
        }
    }

    /// The content with another key; the line is replaced, or added as the last one.
    func content(with uri: Secret) -> Secret {
        let source = entry.text.source
        if let place {
            let content = entry.text.units[place].content
            return Secret(joining: [
                source.slice(0..<content.lowerBound), uri,
                source.slice(content.upperBound..<source.count),
            ])
        }
        let end = Secret(plain: "\n")
        let needsEnd = source.withBytes { $0.last != .newline && !$0.isEmpty }
        return Secret(joining: [source, needsEnd ? end : Secret(plain: ""), uri, end])
    }
}

extension OneTimeURI.Flaw {
    /// pass-otp's message, but without the key, which must not get into logs.
    var problem: Problem { Problem.pass(Text(rawValue.utf8)) }
}

/// What `otp insert` and `otp append` take, and how they get a key.
struct OneTimeInput {
    static let force = Flag("force", letter: "f", "replace what is there without asking")
    static let echo = Flag("echo", letter: "e", "show what is typed")
    static let secret = Flag("secret", letter: "s", "take a secret in Base32 instead of an URI")
    static let issuer = Option("issuer", letter: "i", .text, "who asks for the passwords")
    static let account = Option("account", letter: "a", .text, "whose they are")

    let session: Session
    let arguments: Arguments

    /// The key that the user types or pipes in.
    func read(for name: Text) throws -> OneTimeURI {
        guard arguments[Self.secret] else {
            return try parsed(try line("otpauth:// URI", for: name, mismatch: "URIs"))
        }
        let issuer = arguments[Self.issuer].flatMap { $0.bytes.isEmpty ? nil : $0 }
        let account = arguments[Self.account].flatMap { $0.bytes.isEmpty ? nil : $0 }
        guard issuer != nil || account != nil else {
            throw Problem.pass("Missing one of either '--issuer' or '--account'")
        }
        let secret = try line("secret", for: name, mismatch: "secrets")
        return try parsed(
            OneTimeURI.assembled(secret: secret.withoutBlanks, issuer: issuer, account: account))
    }

    private func parsed(_ uri: Secret) throws -> OneTimeURI {
        do {
            return try OneTimeURI(uri)
        } catch {
            throw error.problem
        }
    }

    private func line(_ what: Text, for name: Text, mismatch: Text) throws -> Secret {
        let prompt = Prompt(output: session.output)
        guard Prompt.isInteractive, !arguments[Self.echo] else {
            return try prompt.visible("Enter \(what) for \(name): ")
        }
        let first = try prompt.pasted("Enter \(what) for \(name): ")
        let second = try prompt.pasted("Retype \(what) for \(name): ")
        guard first == second else {
            throw Problem.pass("Error: the entered \(mismatch) do not match.")
        }
        return first
    }
}

extension Secret {
    /// Without blanks between groups of letters.
    fileprivate var withoutBlanks: Secret {
        withBytes { bytes in
            Secret(capacity: bytes.count) { memory in
                var used = 0
                for byte in bytes where !byte.isBlank {
                    memory[used] = byte
                    used += 1
                }
                return used
            }
        }
    }
}
