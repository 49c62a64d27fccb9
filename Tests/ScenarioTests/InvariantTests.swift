import PasselTesting
import Testing

/// A store made by pass keeps the invariants, and each kind of damage is seen.
@Suite struct InvariantTests {
    /// A store with one entry, committed.
    private func store() throws -> Sandbox {
        let sandbox = try Sandbox(.pass)
        try sandbox.makeKey("ann")
        try sandbox.makeKey("bob")
        try sandbox.pass("init", "ann@example.org")
        try sandbox.pass("git", "init")
        try sandbox.pass("insert", "-e", "web/a", stdin: "hunter2\n")
        return sandbox
    }

    private func violations(_ sandbox: Sandbox) -> [String] {
        Invariants.check(
            store: sandbox.store, homes: sandbox.gnupgHomes,
            temporary: [sandbox.root + "/tmp"], secrets: [Bytes("hunter2".utf8)],
            places: [sandbox.root])
    }

    @Test func `a store as pass makes it is in order`() throws {
        #expect(violations(try store()) == [])
    }

    @Test(arguments: [
        ("printf x > $D/note", "git status"), ("rm $D/web/a.gpg", "git status"),
        ("chmod 644 $D/web/a.gpg", "mode 644"), ("chmod 755 $D/web", "mode 755"),
        ("umask 077; printf x > $D/a.gpg.tmp.1.2.3.4.--", "left behind"),
        ("printf x > $TMPDIR/draft", "left behind"),
        ("printf x > $D/.git/index.lock", "left behind"),
        ("gpg -q --batch --yes -r bob -o $D/web/a.gpg -e $D/.gpg-id", "is readable by"),
        ("gpg -q --batch --yes -r ann -r bob -o $D/web/a.gpg -e $D/.gpg-id", "is readable by"),
        ("printf bob > $D/.gpg-id", "is readable by"), ("rm $D/.gpg-id", "no .gpg-id"),
        ("printf xxx > $D/web/a.gpg", "cannot be decrypted"),
        ("printf 'my hunter2' > $TMPDIR/draft", "hunter2"),
        ("printf hunter2 > $HOME/.viminfo", "hunter2"),
        ("printf hunter2 | git -C $D hash-object -w --stdin", "a git object"),
        ("git -C $D commit -q --allow-empty -m hunter2", "a git object"),
        ("rm $D/.git/objects/*/*", "git fsck"),
    ])
    func `damage is seen`(_ damage: String, _ message: String) throws {
        let sandbox = try store()
        let command = "D=$PASSWORD_STORE_DIR; " + damage.replacing("$D", with: "\"$D\"")
        try sandbox.run(
            "sh",
            [
                "-c",
                command.replacing("\"$D\"/.git/objects/*/*", with: "-rf \"$D\"/.git/objects/??"),
            ])
        #expect(violations(sandbox).contains { $0.contains(message) })
    }

    @Test func `a secret in an error is seen`() {
        let found = Invariants.secrecy(
            of: [Bytes("hunter2\n".utf8)], store: "/nonexistent", places: [], exempt: [],
            errors: [Bytes("cannot store hunter2".utf8)])
        #expect(found.count == 1)
    }

    @Test func `packet ids are read from files with several readers`() throws {
        let sandbox = try store()
        try sandbox.pass("init", "ann@example.org", "bob@example.org")
        let keys = try [sandbox.makeKey("ann"), sandbox.makeKey("bob")]
        let bytes = try #require(Disk.read(sandbox.store + "/web/a.gpg"))
        #expect(PacketReader(bytes).readers == keys.flatMap(\.encryptionKeyIDs).sorted())
    }
}
