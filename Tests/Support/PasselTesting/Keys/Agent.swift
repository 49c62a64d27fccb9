import Foundation
import Glibc

/// The gpg-agent that serves one GnuPG home.
enum Agent {
    /// Ends the agent of `home`, if one runs.
    ///
    /// Says what `gpgconf --kill` says, without starting gpgconf, which takes longer than a test's
    /// gpg call; falls back to it where the socket is not inside the home.
    static func kill(home: String) {
        if Disk.facts(home + "/S.dirmngr") != nil {
            _ = say("KILLDIRMNGR\n", to: home + "/S.dirmngr")
        }
        let socketPath = home + "/S.gpg-agent"
        if Disk.facts(socketPath) != nil {
            if say("KILLAGENT\n", to: socketPath) { return }
        } else if Disk.facts("/run/user/\(getuid())/gnupg") == nil {
            return
        }
        // Without gpgconf there is no agent either.
        _ = try? Invocation.tool("gpgconf", ["--homedir", home, "--kill", "all"])
    }

    private static func say(_ line: String, to path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Bytes(path.utf8) + [0]
        guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let connection = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard connection >= 0 else { return false }
        defer { close(connection) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, size) == 0
            }
        }
        guard connected else { return false }
        var timeout = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(
            connection, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var buffer = Bytes(repeating: 0, count: 256)
        guard read(connection, &buffer, buffer.count) > 0 else { return false }
        _ = Bytes(line.utf8).withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
        return read(connection, &buffer, buffer.count) > 0
    }
}
