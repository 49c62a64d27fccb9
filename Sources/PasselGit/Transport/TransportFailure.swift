import PasselCore

/// Why another machine could not be talked to, as far as git's words tell.
enum TransportFailure: CaseIterable {
    case timedOut, tooMuch, diskFull, hostKeyChanged, hostKeyUnknown, certificate, redirect
    case noSuchHost, unreachable, sshKey, authentication, noRepository, otherOwner, cut, damaged
    case noFurther

    /// What git, ssh and curl say; the first kind of which one stands somewhere is it.
    private var phrases: [String] {
        switch self {
        case .timedOut:
            ["Connection timed out", "Operation timed out", "Operation too slow", "timed out"]
        case .tooMuch:
            [
                "out of memory", "Out of memory", "malloc failed", "realloc failed",
                "File size limit exceeded", "File too large", "died of signal 25",
                "exceeds memory limit", "too many objects",
            ]
        case .diskFull: ["No space left on device", "Disk quota exceeded"]
        case .hostKeyChanged: ["REMOTE HOST IDENTIFICATION HAS CHANGED"]
        case .hostKeyUnknown:
            [
                "Host key verification failed", "host key is known", "key fingerprint is",
                "unknown host key",
            ]
        case .certificate:
            [
                "certificate verification failed", "SSL certificate problem",
                "certificate subject name", "SSL: no alternative certificate",
                "certificate is not trusted", "SSL certificate is invalid",
                "certificate has expired",
            ]
        case .redirect:
            [
                "returned error: 301", "returned error: 302", "returned error: 303",
                "returned error: 307", "returned error: 308", "redirect",
            ]
        case .noSuchHost:
            [
                "Could not resolve host", "Name or service not known", "unable to look up",
                "Temporary failure in name resolution", "No address associated",
                "failed to resolve address", "nodename nor servname",
            ]
        case .unreachable:
            [
                "Connection refused", "Network is unreachable", "No route to host",
                "Failed to connect to", "Couldn't connect to server", "failed to connect",
            ]
        case .sshKey:
            [
                "Permission denied (", "Too many authentication failures",
                "no matching host key type", "ssh-agent",
            ]
        case .authentication:
            [
                "Authentication failed", "could not read Username", "could not read Password",
                "terminal prompts disabled", "returned error: 401", "returned error: 403",
                "HTTP Basic: Access denied", "authentication required",
            ]
        case .noRepository:
            [
                "does not appear to be a git repository", "epository not found",
                "returned error: 404", "access denied or repository not exported",
                "Could not find repository", "No such file or directory", "does not exist",
                "could not find repository", "not a git repository", "not found: did you run",
                "returned error: 410", "unexpected http status code: 404", "' not found",
            ]
        case .otherOwner: ["detected dubious ownership"]
        case .noFurther: ["lacks these prerequisite commits", "lacks prerequisite"]
        case .damaged:
            [
                "fsck error", "bad object", "invalid index-pack", "index-pack failed",
                "did not send all necessary objects", "inflate returned", "pack has bad",
                "remote did not send", "unpack-objects failed", "pack signature mismatch",
                "protocol error", "invalid or unsupported", "corrupt", "bad band",
                "unexpected flush", "missing necessary objects", "confused by unstable object",
                "bad line length",
            ]
        case .cut:
            [
                "bad pack header", "early EOF", "the remote end hung up", "unexpected disconnect",
                "Connection reset", "Connection closed", "Broken pipe", "RPC failed",
                "closed by remote host", "Empty reply from server", "SSL connection",
                "Could not read from remote repository", "expected flush after",
                "unexpected EOF", "EOF", "transfer closed", "TLS connection was non-properly",
                "Recv failure", "Send failure", "send failure", "recv failure",
            ]
        }
    }

    /// The kind that the lines tell of, if it is a known one.
    init?(_ lines: [Text]) {
        // A server can write anything; but whatever it writes, only advice depends on it.
        let own = lines.filter { !$0.bytes.starts(with: "remote:".utf8) }.map(\.bytes)
        let found = Self.allCases.first { kind in
            kind.phrases.contains { phrase in
                let phrase = Array(phrase.utf8)
                return own.contains { $0.includes(phrase) }
            }
        }
        guard let found else { return nil }
        self = found
    }

    /// Whether it keeps us out before anything is sent.
    var isBeforeAll: Bool {
        switch self {
        case .hostKeyChanged, .hostKeyUnknown, .certificate, .redirect, .noSuchHost, .sshKey,
            .authentication, .otherOwner:
            true
        default: false
        }
    }

    /// The failure as it is told to the user.
    func problem(_ remote: GitRemote, patience: Int, lines: [Text]) -> Problem {
        let address = RemoteAddress(remote.url.bytes)
        let host = RemoteText.sanitised(address.host)
        let (name, url) = (RemoteText.sanitised(remote.name.bytes), remote.shownURL)
        let port = address.port.map { " -p \($0)" } ?? ""
        let user = address.user.map { "\(RemoteText.sanitised($0))@" as Text } ?? ""
        let fetch: Text = "passel git fetch \(name)"
        func told(_ what: Text, _ hints: Text...) -> Problem {
            Problem("\(name): \(what)", hints: hints)
        }
        switch self {
        case .timedOut:
            let time: Text = patience == 1 ? "a second" : "\(patience) seconds"
            return told("nothing came from \(host.bytes.isEmpty ? url : host) for \(time)", fetch)
        case .tooMuch: return told("it sent more than can be taken", "passel git ls-remote \(name)")
        case .diskFull: return told("no space left on the disk", "df -h .")
        case .hostKeyChanged:
            return told(
                "the server \(host) has another key than before; ask its owner why",
                "ssh-keygen -R \(address.port.map { "[\(host)]:\($0)" as Text } ?? host)")
        case .hostKeyUnknown:
            return told("the key of the server \(host) is not known", "ssh\(port) \(user)\(host)")
        case .certificate:
            return told(
                "the certificate of \(host) is not trusted",
                "passel git config http.\(url).sslCAInfo /path/to/ca.pem")
        case .redirect:
            return told(
                "the server sends us elsewhere, which is not followed",
                "passel git remote set-url \(name) URL")
        case .noSuchHost:
            return told("there is no server called \(host)", "passel git remote get-url \(name)")
        case .unreachable: return told("\(host) cannot be reached", fetch)
        case .sshKey:
            return told(
                "the server \(host) takes none of our keys", "ssh-add -l",
                "ssh\(port) -T \(user)\(host)")
        case .authentication: return told("the server \(host) does not let us in", fetch)
        case .noRepository:
            return told("there is no repository at \(url)", "passel git remote get-url \(name)")
        case .otherOwner:
            return told(
                "the repository belongs to another user",
                "git config --global --add safe.directory \(Text(address.path))")
        case .damaged:
            return told(
                "what it sent is damaged\(Self.reason(lines))", "passel git ls-remote \(name)")
        case .noFurther:
            return told(
                "the bundle begins after what is known here", "passel git bundle verify \(url)")
        case .cut: return told("the connection was cut", fetch)
        }
    }

    /// The first line in which git says why it stopped.
    static func reason(_ lines: [Text]) -> Text {
        for start in ["fatal: ", "error: "] {
            for line in lines where line.bytes.starts(with: start.utf8) {
                return ": \(Array(line.bytes.dropFirst(start.utf8.count)))"
            }
        }
        return ""
    }
}
