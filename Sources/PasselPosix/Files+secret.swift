import CPosix
import Glibc
public import PasselCore

extension Files {
    /// What a file holds that is secret.
    ///
    /// - Parameters:
    ///   - limit: how many bytes are read at most.
    ///   - following: whether a link may lead to it.
    /// - Throws: `SystemError`; a `Problem` when there is more in it.
    public static func secret(in path: Path, limit: Int, following: Bool) throws -> Secret {
        // What is never written to, such as a named pipe, must not hold up one that may be swapped.
        let flags = O_RDONLY | O_CLOEXEC | (following ? 0 : O_NOFOLLOW | O_NONBLOCK)
        let descriptor = path.withCString { passel_open($0, flags, 0) }
        guard descriptor >= 0 else { throw SystemError("read", path) }
        defer { close(descriptor) }
        var reader = SecretReader(limit: limit)
        do {
            let end = try reader.fill { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard end == 0 else { throw SystemError("read", path) }
        } catch is SecretReader.TooLarge {
            throw Problem("\(path) is too large: \(limit >> 20) MiB are read at most")
        }
        return reader.secret
    }
}
