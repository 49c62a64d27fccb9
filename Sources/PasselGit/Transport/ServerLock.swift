import PasselCore

/// A lock file on a server that keeps a push from moving the branch.
struct ServerLock {
    /// Where it is, as the server names it.
    private let file: [UInt8]

    /// Nothing when that is not why the server refused.
    ///
    /// - Parameters:
    ///   - refusal: why the branch was not moved, in git's words.
    ///   - lines: what the server said besides.
    init?(refusal: [UInt8], lines: [Text]) {
        guard refusal.includes(Array("failed to update ref".utf8)) else { return nil }
        for line in lines where line.bytes.starts(with: "remote:".utf8) {
            // Unable to create '/srv/store.git/./refs/heads/main.lock': File exists.
            let words = line.bytes.split(separator: UInt8(ascii: "'")).map { Array($0) }
            if let file = words.first(where: { $0.first == .slash && $0.ends(with: ".lock") }) {
                self.file = file
                return
            }
        }
        return nil
    }

    /// The failure as it is told to the user.
    func problem(_ remote: GitRemote) -> Problem {
        let name = RemoteText.sanitised(remote.name.bytes)
        let again: Text = "passel sync --remote \(name)"
        let address = RemoteAddress((remote.pushURL ?? remote.url).bytes)
        let parts = file.split(separator: .slash).filter { $0 != [UInt8(ascii: ".")] }
        let path = Path(parts.flatMap { [.slash] + $0 })
        // Typed into a shell: what a server names must mean nothing but a file there.
        let isPlain = path.bytes.allSatisfy(\.isPlainInShell)
        let command = isPlain ? address.sshCommand.map { "\($0) rm \(path.bytes)" as Text } : nil
        let shown = RemoteText.sanitised(path.bytes)
        return Problem(
            "\(name): a push that was killed, or still runs, holds \(shown) on the server",
            hints: [again] + (command.map { [$0] } ?? []))
    }
}

extension RemoteAddress {
    /// What runs a command on the server; nothing where it is not reached so.
    fileprivate var sshCommand: Text? {
        guard kind == .ssh else { return nil }
        let user = self.user.map { "\(RemoteText.sanitised($0))@" as Text } ?? ""
        return "ssh\(port.map { " -p \($0)" } ?? "") \(user)\(RemoteText.sanitised(host))"
    }
}

extension UInt8 {
    fileprivate var isPlainInShell: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "@"):
            true
        default: false
        }
    }
}
