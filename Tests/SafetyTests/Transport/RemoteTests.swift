import Foundation
import PasselTesting
import Testing

/// Real servers on this machine: what they let us do, and how it is told what they do not.
@Suite struct RemoteTests {
    typealias Way = RemoteBox.Way
    private let box: RemoteBox

    init() throws { box = try RemoteBox() }

    /// Clones, pushes what is new, and fetches it into the clone.
    private func exchange(_ way: Way, _ url: String, wrapped: [String] = []) throws {
        let clone = box.sandbox.root + "/clone"
        let first = try box.head(box.folder)
        let cloned = try box.go(way, "clone", url, folder: clone, wrapped: wrapped)
        #expect(cloned.result == "main \(first)", "\(cloned.raw.text)")
        try box.commit("second")
        let second = try box.head(box.folder)
        let pushed = try box.go(way, "push", url, wrapped: wrapped)
        #expect(pushed.result == "done", "\(pushed.raw.text)")
        #expect(try box.head(box.bare) == second)
        #expect(try box.go(way, "push", url, wrapped: wrapped).result == "alreadyThere")
        let fetched = try box.go(way, "fetch", url, folder: clone, wrapped: wrapped)
        #expect(fetched.result == second, "\(fetched.raw.text)")
        #expect(try box.go(way, "head", url, wrapped: wrapped).result == second)
        try box.git("-C", box.bare, "update-ref", "-d", "refs/heads/main")
        #expect(try box.go(way, "fetch", url, folder: clone, wrapped: wrapped).result == "nothing")
        #expect(try box.isSound(clone) && box.isSound(box.bare))
    }

    private func expect(_ said: RemoteBox.Said, _ problem: String, _ hint: String? = nil) {
        #expect(said.status == 1 && said.problem == problem, "\(said.raw.text)")
        if let hint { #expect(said.hints.contains(hint), "\(said.hints)") }
        #expect(!said.raw.contains(0x1B))
    }

    // MARK: git

    @Test(arguments: Way.allCases) func `git daemon`(way: Way) throws {
        let server = try box.servers.git()
        try exchange(way, "git://127.0.0.1:\(server.port)/store.git")
        let said = try box.go(way, "fetch", "git://127.0.0.1:\(server.port)/none.git")
        let place = "git://127.0.0.1:\(server.port)/none.git"
        expect(said, "office: there is no repository at \(place)")
        server.end()
        let gone = try box.go(way, "fetch", "git://127.0.0.1:\(server.port)/store.git")
        expect(gone, "office: 127.0.0.1 cannot be reached")
    }

    // MARK: ssh

    /// A server, and what a client needs that it lets in.
    private func ssh() throws -> (server: Server, url: String) {
        let server = try box.servers.ssh()
        try Disk.makeFolder(box.sandbox.home + "/.ssh")
        try Disk.write(box.servers.knownHost(server), to: box.sandbox.home + "/.ssh/known_hosts")
        use("identity")
        let user = NSUserName()
        return (server, "ssh://\(user)@127.0.0.1:\(server.port)\(box.bare)")
    }

    private func use(_ key: String) {
        box.sandbox.set(
            "GIT_SSH_COMMAND",
            "ssh -i \(box.servers.folder)/\(key) -F /dev/null -o IdentitiesOnly=yes"
                + " -o UserKnownHostsFile=\(box.sandbox.home)/.ssh/known_hosts")
    }

    /// Runs something with an agent that has a key.
    private func agent(_ way: Way, _ key: String) -> [String] {
        guard way == .library else { return [] }
        let script = "/usr/bin/ssh-add -q \(box.servers.folder)/\(key); exec \"$@\""
        return ["/usr/bin/ssh-agent", "/bin/sh", "-c", script, "sh"]
    }

    @Test(arguments: Way.allCases) func `ssh`(way: Way) throws {
        let (server, url) = try ssh()
        try exchange(way, url, wrapped: agent(way, "identity"))
        _ = server
    }

    @Test(arguments: Way.allCases) func `ssh that does not know us`(way: Way) throws {
        let (server, url) = try ssh()
        use("stranger")
        let said = try box.go(way, "fetch", url, wrapped: agent(way, "stranger"))
        expect(said, "office: the server 127.0.0.1 takes none of our keys", "ssh-add -l")
        _ = server
    }

    @Test(arguments: Way.allCases) func `ssh that we do not know`(way: Way) throws {
        let (server, url) = try ssh()
        Disk.remove(box.sandbox.home + "/.ssh/known_hosts")
        let said = try box.go(way, "push", url, wrapped: agent(way, "identity"))
        expect(
            said, "office: the key of the server 127.0.0.1 is not known",
            "ssh -p \(server.port) \(NSUserName())@127.0.0.1")
    }

    @Test(arguments: Way.allCases) func `a lock that a killed push left on a server is named`(
        way: Way
    ) throws {
        let (server, url) = try ssh()
        let lock = box.bare + "/refs/heads/main.lock"
        try Disk.write("", to: lock)
        try box.commit("second")
        let said = try box.go(way, "push", url, wrapped: agent(way, "identity"))
        expect(
            said, "office: a push that was killed, or still runs, holds \(lock) on the server",
            "ssh -p \(server.port) \(NSUserName())@127.0.0.1 rm \(lock)")
        #expect(Disk.facts(lock) != nil)
        let daemon = try box.servers.git()
        let other = try box.go(way, "push", "git://127.0.0.1:\(daemon.port)/store.git")
        #expect(other.hints == ["passel sync --remote office"], "\(other.raw.text)")
    }

    @Test func `ssh whose key has changed`() throws {
        let (server, url) = try ssh()
        let other = Disk.read(box.servers.folder + "/stranger.pub")?.text.split(separator: " ")
        let key = (other ?? []).prefix(2).joined(separator: " ")
        try Disk.write(
            "[127.0.0.1]:\(server.port) \(key)\n", to: box.sandbox.home + "/.ssh/known_hosts")
        let said = try box.go("fetch", url)
        expect(
            said,
            "office: the server 127.0.0.1 has another key than before; ask its owner why",
            "ssh-keygen -R [127.0.0.1]:\(server.port)")
    }

    // MARK: https

    /// Lets git and libgit2 trust the servers' authority, and answer with a password.
    private func prepare(_ password: String) throws {
        box.sandbox.set("GIT_SSL_CAINFO", box.servers.authority)
        try Disk.write(
            "#!/bin/sh\ncase $1 in User*) echo alice;; *) echo \(password);; esac\n",
            to: box.sandbox.bin + "/askpass", mode: 0o700)
        box.sandbox.set("GIT_ASKPASS", box.sandbox.bin + "/askpass")
    }

    @Test(arguments: Way.allCases) func `https with a password`(way: Way) throws {
        let server = try box.servers.https(password: "s3cret")
        try prepare("s3cret")
        try exchange(way, "https://localhost:\(server.port)/store.git")
        let said = try box.go(way, "fetch", "https://localhost:\(server.port)/none.git")
        let place = "https://localhost:\(server.port)/none.git"
        expect(said, "office: there is no repository at \(place)")
    }

    @Test(arguments: Way.allCases) func `https with a password in the URL`(way: Way) throws {
        let server = try box.servers.https(password: "s3c:ret")
        try prepare("unused")
        let url = "https://alice:s3c%3Aret@localhost:\(server.port)/store.git"
        #expect(try box.go(way, "fetch", url).result == box.head(box.folder))
        let wrong = try box.go(
            way, "fetch", "https://alice:s3cret@localhost:\(server.port)/store.git")
        expect(wrong, "office: the server localhost does not let us in")
        #expect(!wrong.raw.text.contains("s3cret"))
    }

    @Test(arguments: Way.allCases) func `https with a wrong password`(way: Way) throws {
        let server = try box.servers.https(password: "s3cret")
        try prepare("wrong")
        let said = try box.go(way, "fetch", "https://localhost:\(server.port)/store.git")
        expect(said, "office: the server localhost does not let us in")
    }

    @Test(arguments: Way.allCases) func `https of an unknown authority`(way: Way) throws {
        let log = box.sandbox.root + "/requests"
        let server = try box.servers.https(password: "s3cret", log: log)
        try prepare("s3cret")
        box.sandbox.set("GIT_SSL_CAINFO", "/etc/ssl/certs/ca-certificates.crt")
        let said = try box.go(way, "fetch", "https://localhost:\(server.port)/store.git")
        expect(
            said, "office: the certificate of localhost is not trusted",
            "passel git config http.https://localhost:\(server.port)/store.git.sslCAInfo"
                + " /path/to/ca.pem")
        #expect(Disk.read(log) == nil)
    }

    @Test(arguments: Way.allCases) func `credentials do not follow a redirect`(way: Way) throws {
        let (elsewhere, here) = (box.sandbox.root + "/elsewhere", box.sandbox.root + "/here")
        let other = try box.servers.https(password: "s3cret", log: elsewhere)
        let server = try box.servers.https(
            password: "s3cret", log: here, elsewhere: "https://localhost:\(other.port)")
        try prepare("s3cret")
        for action in ["fetch", "push"] {
            let said = try box.go(way, action, "https://localhost:\(server.port)/store.git")
            expect(said, "office: the server sends us elsewhere, which is not followed")
        }
        #expect(Disk.read(here)?.text.contains("Authorization") == true)
        // libgit2 knocks there, and has nothing to show.
        #expect(Disk.read(elsewhere)?.text.contains("Authorization") != true)
        if way == .git { #expect(Disk.read(elsewhere) == nil) }
    }

    // MARK: What a server says

    @Test(arguments: Way.allCases) func `escapes of a server do not reach the output`(
        way: Way
    ) throws {
        try Disk.write(
            """
            #!/bin/sh
            printf 'plain \\033[31mred\\033]0;title\\007 \\302\\233 \\342\\200\\256 back\\rover\\n' >&2

            """, to: box.bare + "/hooks/post-receive", mode: 0o755)
        let server = try box.servers.git()
        try box.commit("second")
        let said = try box.go(way, "push", "git://127.0.0.1:\(server.port)/store.git")
        #expect(said.result == "done", "\(said.raw.text)")
        let told = said.told.joined(separator: "\n")
        #expect(told.contains("plain \\x1b[31mred\\x1b]0;title\\x07 \\u{009b} \\u{202e} back"))
        #expect(!said.raw.contains { $0 == 0x1B || $0 == 0x07 || $0 == 0x0D })
        #expect(!said.raw.text.unicodeScalars.contains("\u{202e}"))
    }

    @Test(arguments: Way.allCases) func `a name that nobody has`(way: Way) throws {
        let said = try box.go(way, "fetch", "https://nowhere.invalid/store.git", timeout: 5)
        #expect(said.status == 1 && said.seconds < 45, "\(said.raw.text)")
        #expect(!said.hints.isEmpty)
    }
}
