import PasselCore
import Testing

@Suite struct MachineFactsTests {
    private static let now: Int64 = 1_800_000_000

    /// A machine on which all is well.
    private func healthy() throws -> MachineFacts {
        var facts = MachineFacts(store: "/home/ann/.password-store", now: Self.now)
        facts.hasStore = true
        facts.gpg = "/usr/bin/gpg"
        facts.gpgVersion = ReleaseVersion([2, 2, 40])
        facts.agent = "/usr/bin/gpg-agent"
        facts.hasAgent = true
        facts.agentVersion = facts.gpgVersion
        facts.pinentry = "/usr/bin/pinentry"
        facts.hasPinentry = true
        facts.ownKeys = [try key()]
        facts.recipients = [Recipient(Array("ann@example.org".utf8))]
        facts.git = "/usr/bin/git"
        var repository = MachineFacts.Repository()
        repository.remotes = [("origin", "ssh://git@example.org/store")]
        repository.newest = Self.now - 60
        facts.repository = repository
        facts.folders = [.init("/home/ann/.password-store", mode: 0o700, isOwn: true)]
        facts.swap = []
        facts.terminal = "/dev/pts/1"
        facts.gpgTerminal = "/dev/pts/1"
        return facts
    }

    private func key(expires: Int64? = nil, created: Int64 = 1_700_000_000) throws -> PublicKey {
        let fingerprint = try #require(Fingerprint(Array(repeating: UInt8(ascii: "A"), count: 40)))
        var part = PublicKey.Part(
            fingerprint: fingerprint, created: created, expires: expires, algorithm: 22, bits: 255)
        part.canEncrypt = true
        var key = PublicKey(primary: part)
        key.userIDs = [Array("Ann <ann@example.org>".utf8)]
        return key
    }

    private func findings(_ change: (inout MachineFacts) throws -> Void) throws -> [Finding] {
        var facts = try healthy()
        try change(&facts)
        return facts.findings
    }

    /// The only finding that is not good.
    private func only(_ change: (inout MachineFacts) throws -> Void) throws -> Finding {
        let found = try findings(change).filter { $0.state != .ok }
        #expect(found.count == 1)
        return try #require(found.first)
    }

    @Test func `a machine on which all is well gets no advice`() throws {
        #expect(try findings { _ in }.filter { $0.state != .ok } == [])
    }

    @Test func `programs that are missing are named with what installs them`() throws {
        let gpg = try findings { $0.gpg = nil }.filter { $0.state != .ok }
        #expect(gpg.map(\.subject) == [.gpg])
        #expect(gpg.first?.hints == ["sudo apt-get install gnupg"])
        let pinentry = try only { $0.hasPinentry = false }
        #expect(pinentry.subject == .pinentry && pinentry.state == .attention)
        #expect(pinentry.hints.first == "sudo apt-get install pinentry-curses")
        #expect(try only { $0.hasAgent = false }.subject == .agent)
        #expect(try only { $0.git = nil }.hints == ["sudo apt-get install git"])
        let agent = try only { $0.agentVersion = ReleaseVersion([2, 2, 12]) }
        #expect(agent.hints == ["gpgconf --kill gpg-agent"])
        #expect(try findings { $0.agentVersion = nil }.filter { $0.state != .ok } == [])
    }

    @Test func `keys that end are told with what makes them last`() throws {
        let ended = try only { $0.ownKeys = [try key(expires: Self.now - 1)] }
        #expect(ended.state == .attention && ended.text == "expired on 2027-01-15")
        #expect(ended.hints.first?.bytes.starts(with: "gpg --quick-set-expire A".utf8) == true)
        #expect(try only { $0.ownKeys = [try key(expires: Self.now + 86_400)] }.state == .advice)
        #expect(try only { $0.ownKeys = [] }.text == "you have no secret key")
        #expect(try only { $0.ownKeys = nil }.state == .unknown)
        let others = try only { $0.recipients = [Recipient(Array("bob".utf8))] }
        #expect(others.text == "the store is encrypted to none of your keys")
        #expect(try only { $0.ownKeys = [try key(created: Self.now + 9)] }.state == .attention)
        let bob = try only { $0.endingKeys = [("Bob", "expired", false)] }
        #expect(bob.name == "Bob" && bob.state == .attention)
        #expect(try only { $0.endingKeys = [("Bob", "expiring", true)] }.state == .advice)
    }

    @Test func `a key that is not the store's may end`() throws {
        let other = try #require(Fingerprint(Array(repeating: UInt8(ascii: "B"), count: 40)))
        let part = PublicKey.Part(
            fingerprint: other, created: 1, expires: 2, algorithm: 22, bits: 255)
        #expect(
            try findings { $0.ownKeys?.append(PublicKey(primary: part)) }
                .filter { $0.state != .ok } == [])
    }

    @Test func `git must know who commits and where to`() throws {
        let unknown = try only { $0.repository?.knowsIdentity = false }
        #expect(unknown.subject == .identity && unknown.state == .attention)
        #expect(try only { $0.repository?.remotes = [] }.state == .advice)
        #expect(try only { $0.repository = nil }.hints == ["passel git init"])
        #expect(try only { $0.hasStore = false }.state == .advice)
    }

    @Test(arguments: [
        ("https://example.org/store", true), ("git@example.org:store", true),
        ("/srv/store.git", true), ("ssh://git@example.org/store", true),
        ("https://ann@example.org/store", true), ("http://localhost:8080/store", true),
        ("http://example.org/store", false), ("GIT://example.org/store", false),
        ("https://ann:word@example.org/store", false), ("https://example.org/a:b@c", true),
    ])
    func `an address shows no secret and leads over no open line`(address: String, isGood: Bool)
        throws
    {
        let found = try findings {
            $0.repository?.remotes = [("origin", Text(address.utf8))]
        }.filter { $0.state != .ok }
        #expect(found.map(\.subject) == (isGood ? [] : [.remote]))
    }

    @Test func `folders are the user's alone`() throws {
        func state(_ mode: UInt32, isOwn: Bool = true, mayBeRead: Bool = false) throws
            -> Finding.State?
        {
            try findings {
                $0.folders = [.init("/f", mode: mode, isOwn: isOwn, mayBeRead: mayBeRead)]
            }.first { $0.subject == .permissions }?.state
        }
        #expect(try state(0o700) == .ok)
        #expect(try state(0o750) == .attention)
        #expect(try state(0o755, mayBeRead: true) == .ok)
        #expect(try state(0o775, mayBeRead: true) == .attention)
        #expect(try state(0o700, isOwn: false) == .attention)
        let hint = try only { $0.folders = [.init("/a b", mode: 0o755, isOwn: true)] }.hints
        #expect(hint == ["chmod -R go= '/a b'"])
    }

    @Test func `memory may go to memory or to what is encrypted`() throws {
        let list = """
            Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority
            /dev/zram0                              partition\t8388604\t\t0\t\t100
            /dev/sda2                               partition\t8388604\t\t0\t\t-2
            /swapfile                               file\t\t8388604\t\t0\t\t-3

            """
        let areas = SwapArea.areas(Array(list.utf8))
        #expect(
            areas == [
                SwapArea("/dev/zram0", .memory), SwapArea("/dev/sda2", .plain),
                SwapArea("/swapfile", .file),
            ])
        let found = try findings { $0.swap = areas + [SwapArea("/dev/dm-1", .encrypted)] }
            .filter { $0.subject == .swap }
        #expect(found.map(\.state) == [.ok, .attention, .unknown, .ok])
        #expect(found[1].hints == ["sudo swapoff /dev/sda2"])
        #expect(try only { $0.swap = nil }.state == .unknown)
    }

    @Test func `a clock is not behind what was already done`() throws {
        #expect(try only { $0.repository?.newest = Self.now + 90_000 }.subject == .clock)
        let old = try only {
            $0.now = 1_000_000_000
            $0.repository?.newest = nil
            $0.ownKeys = [try key(created: 1)]
        }
        #expect(old.text == "it shows 2001-09-09, which is long over")
    }

    @Test func `passphrases are asked for where the user is`() throws {
        #expect(try only { $0.gpgTerminal = nil }.state == .advice)
        #expect(try only { $0.gpgTerminal = "/dev/pts/2" }.state == .attention)
        #expect(try only { $0.codeset = "ANSI_X3.4-1968" }.hints == ["export LC_ALL=C.UTF-8"])
        #expect(
            try findings {
                $0.terminal = nil
                $0.gpgTerminal = nil
            }.filter { $0.state != .ok } == [])
    }

    @Test func `a desk without what makes it easy gets advice only`() throws {
        let found = try findings {
            $0.wantedClipboard = "xclip"
            $0.shell = .init("bash", startFile: "/home/ann/.bashrc")
            $0.hasDirenv = true
        }.filter { $0.state != .ok }
        #expect(found.map(\.subject) == [.clipboard, .completion, .direnv, .direnv])
        #expect(Set(found.map(\.state)) == [.advice])
        #expect(
            found[1].hints == ["echo 'eval \"$(passel setup shell bash)\"' >> /home/ann/.bashrc"])
        #expect(found[3].hints == ["passel setup direnv"])
    }
}
