import Foundation

/// Decrypts what tests look at, each ciphertext once per process.
public enum Plaintext {
    private static let cache = Cache()

    private final class Cache: @unchecked Sendable {
        // Unchecked: `known` is only touched under `lock`.
        let lock = NSLock()
        var known: [Bytes: Bytes] = [:]
    }

    /// Four megabytes: more than any entry that a test compares, less than a decompression bomb.
    private static let limit = "4194304"

    /// The plaintext of `ciphertext`, or nil when no key of the forge or of `homes` opens it.
    ///
    /// Of a plaintext above four megabytes only the beginning is returned.
    public static func of(_ ciphertext: Bytes, homes: [String] = []) -> Bytes? {
        if let known = cache.lock.withLock({ cache.known[ciphertext] }) { return known }
        // The first try is undisturbed enough for almost all; the second is for certain.
        let found =
            decrypt(ciphertext, [KeyForge.shared.home])
            ?? KeyForge.shared.undisturbed { decrypt(ciphertext, [KeyForge.shared.home] + homes) }
        if let found { cache.lock.withLock { cache.known[ciphertext] = found } }
        return found
    }

    private static func decrypt(_ ciphertext: Bytes, _ homes: [String]) -> Bytes? {
        for home in homes {
            let options = ["--homedir", home, "--batch", "--quiet", "--no-tty"]
            // A gpg that cannot be started decrypts nothing, which is what nil says.
            guard
                let outcome = try? Invocation.tool(
                    "gpg", options + ["--max-output", limit, "--decrypt"], input: ciphertext),
                outcome.status == 0 || outcome.stderr.text.contains("max-output")
            else { continue }
            return outcome.stdout
        }
        return nil
    }
}
