import PasselCore
import PasselGit
import PasselTesting
import Testing

@testable import PasselStore

struct ReadingsTests {
    @Test func `every entry that names them counts, also one that does not any more`() throws {
        let box = try StoreBox.leaving()
        try box.message("now", "1", for: ["ann", "bob"])
        try box.message("once", "1", for: ["ann", "bob"])
        try box.message("never", "1", for: ["ann"])
        try box.commit()
        try box.message("once", "1", for: ["ann"])
        try box.commit()
        #expect(try box.readable() == ["now -> now", "once -> once"])
    }

    @Test func `what was removed stays on the list`() throws {
        let box = try StoreBox.leaving()
        try box.message("old", "1", for: ["bob"])
        try box.commit()
        try box.git("rm", "-q", "old.gpg")
        try box.commit("Remove old from store.")
        #expect(try box.readable() == ["old -> "])
    }

    @Test func `an entry that was renamed is followed by its content`() throws {
        let box = try StoreBox.leaving()
        try box.message("a", "1", for: ["ann", "bob"])
        try box.commit()
        try box.move("a.gpg", "b.gpg")
        try box.commit("Tidy up")
        try box.move("b.gpg", "deep/c.gpg")
        try box.commit("Tidy up")
        #expect(
            try box.readable() == ["a -> deep/c", "b -> deep/c", "deep/c -> deep/c"])
    }

    @Test func `an entry that was renamed and encrypted anew is followed by the subject`() throws {
        let box = try StoreBox.leaving()
        for name in ["shared/a", "shared/b"] {
            try box.message(name, "1", for: ["ann", "bob"])
        }
        try box.commit()
        try box.git("rm", "-q", "-r", "shared")
        for name in ["own/a", "own/b"] { try box.message(name, "1", for: ["ann"]) }
        try box.commit("Rename shared to own.")
        #expect(try box.readable() == ["shared/a -> own/a", "shared/b -> own/b"])
    }

    @Test func `one entry gone and one new is a rename that is only guessed`() throws {
        let box = try StoreBox.leaving()
        try box.message("a", "1", for: ["ann", "bob"])
        try box.message("c", "1", for: ["ann"])
        try box.commit()
        try box.git("rm", "-q", "a.gpg")
        try box.message("b", "1", for: ["ann"])
        try box.message("c", "2", for: ["ann"])
        try box.commit("Sync")
        #expect(try box.readable() == ["a -> b?"])
    }

    @Test func `a name that was given to another entry belongs to both`() throws {
        let box = try StoreBox.leaving()
        try box.message("a", "1", for: ["ann", "bob"])
        try box.commit()
        try box.move("a.gpg", "b.gpg")
        try box.commit("Rename a to b.")
        try box.message("a", "2", for: ["ann", "bob"])
        try box.commit()
        #expect(try box.readable() == ["a -> a", "a -> b", "b -> b"])
    }

    @Test func `a copy for others counts as a place where the entry is`() throws {
        let box = try StoreBox.leaving()
        try box.message("a", "1", for: ["ann", "bob"])
        try box.commit()
        try box.message("own/a", "1", for: ["ann"])
        try box.commit("Copy a to own/a.")
        #expect(try box.readable() == ["a -> a", "a -> own/a"])
    }

    @Test func `an entry removed and made again under its name is the same`() throws {
        let box = try StoreBox.leaving()
        try box.message("a", "1", for: ["ann", "bob"])
        try box.commit()
        try box.git("rm", "-q", "a.gpg")
        try box.commit()
        try box.message("a", "2", for: ["ann"])
        try box.commit()
        #expect(try box.readable() == ["a -> a"])
    }

    @Test func `a branch that was merged, one that was not, and a tag count`() throws {
        let box = try StoreBox.leaving()
        try box.message("main", "1", for: ["ann"])
        try box.commit()
        try box.git("checkout", "-q", "-b", "side")
        try box.message("side", "1", for: ["bob"])
        try box.commit()
        try box.git("checkout", "-q", "-b", "open")
        try box.message("open", "1", for: ["bob"])
        try box.commit()
        try box.git("tag", "kept")
        try box.message("tagged", "1", for: ["bob"])
        try box.commit()
        try box.git("tag", "-a", "-m", "x", "annotated")
        try box.git("reset", "-q", "--hard", "HEAD~1")
        try box.git("checkout", "-q", "main")
        try box.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
        try box.git("branch", "-q", "-D", "side")
        #expect(try box.readable() == ["open -> ", "side -> side", "tagged -> "])
    }

    @Test func `what one side renamed and the other changed is followed through the merge`() throws
    {
        let box = try StoreBox.leaving()
        try box.message("a", "1", for: ["ann", "bob"])
        try box.commit()
        try box.git("checkout", "-q", "-b", "side")
        try box.message("a", "2", for: ["ann", "bob"])
        try box.commit("Edit password for a using vi.")
        try box.git("checkout", "-q", "main")
        try box.git("rm", "-q", "a.gpg")
        try box.message("b", "1", for: ["ann"])
        try box.commit("Rename a to b.")
        // A merge that keeps the new name and takes the other side's text, for new readers.
        try box.git("merge", "-q", "--no-ff", "--no-commit", "-s", "ours", "side")
        try box.message("b", "2", for: ["ann"])
        try box.commit("Merge branch 'side'")
        #expect(try box.readable() == ["a -> b"])
    }

    @Test func `an entry that only one side removed is gone`() throws {
        let box = try StoreBox.leaving()
        try box.message("a", "1", for: ["ann", "bob"])
        try box.commit()
        try box.git("checkout", "-q", "-b", "side")
        try box.git("rm", "-q", "a.gpg")
        try box.commit()
        try box.git("checkout", "-q", "main")
        try box.message("b", "1", for: ["ann"])
        try box.commit()
        try box.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
        #expect(try box.readable() == ["a -> "])
    }

    @Test func `what is not committed counts, and a store without history as it is`() throws {
        let box = try StoreBox.leaving(history: false)
        try box.message("a", "1", for: ["ann", "bob"])
        try box.message("b", "1", for: ["ann"])
        #expect(try box.readable() == ["a -> a"])
        let list = try box.store.offboarding(of: Somebody.bob.fingerprint.recipient).list
        #expect(list.items.first?.contents.map(\.hex.count) == [64])

        let other = try StoreBox.leaving()
        try other.message("a", "1", for: ["ann", "bob"])
        #expect(try other.readable() == ["a -> a"])
    }

    @Test func `hidden readers are those of the list, or unknown`() throws {
        let box = try StoreBox.leaving()
        try box.list("ann\nbob\n", "both")
        try box.list("\(Somebody.ann.fingerprint.hex)\n", "own")
        try box.list("everybody\n", "group")
        try box.message("both/a", "1", for: ["hidden1", "hidden2"])
        try box.message("own/a", "1", for: ["hidden1"])
        try box.message("group/a", "1", for: ["hidden1"])
        try box.commit()
        // Later lists say nothing about it.
        try box.list("ann\n", "both")
        try box.message("both/a", "1", for: ["ann"])
        try box.commit()
        #expect(try box.readable() == ["both/a -> both/a", "group/a -> group/a?"])
    }

    @Test func `a key that only old key files know counts`() throws {
        let box = try StoreBox.leaving()
        let old = Somebody.bob.keyFile
        try box.write(old.text, ".public-keys/whatever")
        try box.message("a", "1", for: ["ann", "bob"])
        try box.commit()
        try box.git("rm", "-q", ".public-keys/whatever")
        try box.commit()
        box.cipher.ownKeys = Somebody.ann.keyFile
        #expect(try box.readable() == ["a -> a"])
    }

    @Test func `repositories inside the store count, with moves between them`() throws {
        let box = try StoreBox.leaving()
        try box.write("team\n", ".gitignore")
        try Disk.makeFolder(box.path("team"))
        try box.begin(box.path("team"))
        try box.message("team/a", "1", for: ["ann", "bob"])
        try box.message("team/b", "1", for: ["ann", "bob"])
        try box.commitAll(box.path("team"))
        try box.git("-C", box.path("team"), "rm", "-q", "a.gpg")
        try box.git("-C", box.path("team"), "commit", "-q", "-m", "Remove team/a.")
        try box.message("a", "1", for: ["ann"])
        try box.commit("Rename team/a to a.")
        #expect(try box.readable() == ["team/a -> a", "team/b -> team/b"])
    }

    @Test func `a store in a folder of a repository has its own names`() throws {
        let box = try StoreBox.leaving()
        try box.message("inner/a", "1", for: ["bob"])
        try box.message("outside", "1", for: ["bob"])
        try box.list("ann\nbob\n", "inner")
        try box.commit()
        box.settings.root = Path(box.path("inner"))
        #expect(try box.readable() == ["a -> a"])
    }

    @Test func `a flawed message still names its readers`() throws {
        let box = try StoreBox.leaving()
        let message = try box.cipher.encrypt(Secret(plain: "1"), to: [Recipient("bob".utf8)])
        try Disk.write(message + [0xFF, 0], to: Bytes(box.path("trailing.gpg").utf8))
        try Disk.write(Array(message.dropLast(3)), to: Bytes(box.path("cut.gpg").utf8))
        try box.write("plain", "plain.gpg")
        try box.write("", "empty.gpg")
        try box.commit()
        #expect(try box.readable() == ["cut -> cut", "trailing -> trailing"])
    }

    @Test func `files of reserved folders and links are no entries`() throws {
        let box = try StoreBox.leaving()
        for name in [".extensions/a", "web/.extensions/b", ".passel/c", ".public-keys/d"] {
            try box.message(name, "1", for: ["bob"])
        }
        try box.message("real", "1", for: ["bob"])
        try box.link("real.gpg", "link.gpg")
        try box.commit()
        #expect(try box.readable() == ["real -> real"])
    }

    @Test func `nobody and more than one are told`() throws {
        let box = try StoreBox.leaving()
        let nobody = message { _ = try box.store.offboarding(of: Recipient("dave".utf8)) }
        #expect(
            nobody == "there is no key for dave, neither in the store nor in your keyring")
        let both = try #require(message { _ = try box.store.offboarding(of: Recipient("o".utf8)) })
        #expect(both.hasPrefix("o means more than one key: "))
    }

    @Test func `a shallow clone says that it does not know all`() throws {
        let box = try StoreBox.leaving()
        try box.message("a", "1", for: ["bob"])
        try box.commit()
        let clone = box.sandbox.root + "/clone"
        try box.git("clone", "-q", "--depth", "1", "file://" + box.root, clone)
        box.settings.root = Path(clone)
        #expect(try box.readable() == ["a -> a"])
        #expect(box.warned.contains { $0.contains("is a shallow clone") })
    }
}
