import PasselCore
import PasselGPG
import PasselPosix
import PasselStore

/// What git runs to show an entry in a difference: `--textconv FILE`.
///
/// Fields are shown unless they are secrets themselves, everything else only by a mark that tells
/// whether it is another.
struct TextConversion {
    let session: Session

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        guard arguments.count == 1, let file = arguments.first.map({ Path($0) }) else {
            throw OptionProblem(usage: "Usage: \(session.program) --textconv FILE")
        }
        let content = try Files.read(file)
        guard !content.isEmpty else { return 0 }
        let secret: Secret
        do {
            secret = try session.gpg.decrypt(content, name: Text(file.name))
        } catch is Problem {
            // A difference of much else must not fail by it.
            session.output.line("(cannot be read) \(String(Digest(of: content).hex.prefix(8)))")
            return 0
        }
        let store = try GitCaller(session: session).store()
        for change in EntryDifference(from: nil, to: secret).changes {
            guard let value = change.new else { continue }
            switch change.part {
            case .field(let key) where !Self.isSecret(key):
                // plaintext: a field's value, which the difference is about.
                session.output.line("\(key): \(value.withBytes { Array($0) })")
            case .field(let key): session.output.line("\(key): \(try store.mark(of: value))")
            case .secret: session.output.line("secret \(try store.mark(of: value))")
            case .otpauth: session.output.line("otpauth \(try store.mark(of: value))")
            case .text: session.output.line("text \(try store.mark(of: value))")
            }
        }
        return 0
    }

    /// What a field's key says that it holds a secret by.
    private static let secretWords = [
        "pass", "secret", "token", "key", "pin", "code", "recover", "seed", "otp", "cvv", "cvc",
    ]

    private static func isSecret(_ key: Text) -> Bool {
        let lower = key.bytes.map(\.asciiLowercased)
        return secretWords.contains { lower.includes(Array($0.utf8)) }
    }
}
