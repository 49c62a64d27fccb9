import CPosix
import Glibc
import PasselCore
import PasselPosix

/// The user's editor, run by a second copy of this program that holds the plaintext file where no
/// disk sees it.
///
/// The plaintext goes to that copy and back through a socket; it is in no argument, variable or
/// file of ours.
struct Editor {
    let session: Session

    /// What the user saved; nothing when the editor left no file.
    func edit(_ old: Secret?, name: Path) throws -> Secret? {
        var ends: [Int32] = [-1, -1]
        guard passel_socket_pair(&ends) == 0 else { throw SystemError("open", "a socket") }
        let environment = session.settings.environment
        let arguments = [session.program, "--edit".bytes, fileName(name)]
        let pid = withArguments(arguments) { argv in
            withArguments(environment.entries) {
                passel_spawn("/proc/self/exe", argv, $0, nil, -1, -1, -1, ends[1], 0)
            }
        }
        close(ends[1])
        defer { close(ends[0]) }
        guard pid >= 0 else { throw SystemError("start", "the editor") }
        try send(old, ends[0])
        shutdown(ends[0], Int32(SHUT_WR))
        let answer = try receive(ends[0])
        let status = passel_wait(pid)
        guard status == 0 else { throw Problem.silent(status: status) }
        // "-" for no file, "+" and the content otherwise.
        guard answer.withBytes({ $0.first == UInt8(ascii: "+") }) else { return nil }
        return answer.slice(1..<answer.count)
    }

    /// Six random letters and the entry's name in one piece, as pass names it; editors show it.
    private func fileName(_ name: Path) -> [UInt8] {
        let flat = name.bytes.map { $0 == .slash ? UInt8(ascii: "-") : $0 }
        return "\(Random.name(length: 6))-".bytes + flat.suffix(200) + ".txt".bytes
    }

    private func send(_ old: Secret?, _ descriptor: Int32) throws {
        let message = Secret(joining: [
            Secret(plain: old == nil ? "-" : "+"), old ?? Secret(plain: ""),
        ])
        try message.withBytes { try Files.write($0, to: descriptor, name: "the editor") }
    }

    private func receive(_ descriptor: Int32) throws -> Secret {
        var reader = SecretReader(limit: Prompt.limit)
        _ = try reader.fill { read(descriptor, $0.baseAddress, $0.count) }
        return reader.secret
    }
}
