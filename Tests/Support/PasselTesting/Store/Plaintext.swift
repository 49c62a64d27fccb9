import Foundation

/// Decrypts what tests look at, each ciphertext once per process.
public enum Plaintext {
    private static let cache = Cache()

    private final class Cache: @unchecked Sendable {
        // Unchecked: `known` is only touched under `lock`.
        let lock = NSLock()
        var known: [Bytes: Bytes] = [:]
    }

    /// The plaintext of `ciphertext`, or nil when no key of the forge or of `homes` opens it.
    public static func of(_ ciphertext: Bytes, homes: [String] = []) -> Bytes? {
        if let known = cache.lock.withLock({ cache.known[ciphertext] }) { return known }
        for home in [KeyForge.shared.home] + homes {
            let options = ["--homedir", home, "--batch", "--quiet", "--no-tty", "--decrypt"]
            // A gpg that cannot be started decrypts nothing, which is what nil says.
            guard let outcome = try? Invocation.tool("gpg", options, input: ciphertext),
                outcome.status == 0
            else { continue }
            cache.lock.withLock { cache.known[ciphertext] = outcome.stdout }
            return outcome.stdout
        }
        return nil
    }
}
