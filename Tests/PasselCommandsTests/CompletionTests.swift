import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselCommands

@Suite struct NameCompletionTests {
    private let box: Sandbox
    private let names: NameCompletion

    init() throws {
        box = try Sandbox()
        names = NameCompletion(root: Path(box.store))
        for entry in [
            "shop.gpg", "site/a.gpg", "site/b.gpg", "single/deep/only.gpg", "notes.txt",
            ".hidden.gpg", ".git/config", "a b/é.gpg", "SHOP.gpg", "pair.gpg", "pair/x.gpg",
        ] {
            let path = Path(box.store + "/" + entry)
            try Disk.makeFolder(path.parent.repaired)
            try Disk.write("", to: path.repaired)
        }
        try Disk.makeFolder(box.store + "/empty")
        #expect(symlink("site", box.store + "/link") == 0)
        #expect(symlink("none", box.store + "/broken.gpg") == 0)
    }

    /// Everything below that starts with `prefix`.
    private func all(_ prefix: String, folders: Bool = false, of names: NameCompletion? = nil)
        -> [String]
    {
        let names = names ?? self.names
        var text: [UInt8] = []
        if folders {
            names.appendFolders(Bytes(prefix.utf8), end: 0, to: &text)
        } else {
            names.appendEntries(Bytes(prefix.utf8), end: 0, to: &text)
        }
        return text.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private func entries(_ prefix: String) -> [String] {
        names.entries(Bytes(prefix.utf8)).map(\.text)
    }

    @Test(arguments: [
        ("sh", ["shop"]),
        ("s", ["shop", "single/", "site/"]),
        ("site", ["site/"]),
        ("site/", ["site/a", "site/b"]),
        ("site/a", ["site/a"]),
        ("sing", ["single/deep/only"]),
        ("pair", ["pair/", "pair"]),
        ("no", []),
        ("zzz", []),
        ("zzz/a", []),
        (".", []),
        (".git/", []),
        ("link/", ["link/a", "link/b"]),
        ("a", ["a b/é"]),
        ("emp", ["empty/"]),
        ("broken", []),
        ("../", []),
        ("site/../", []),
        ("S", ["SHOP"]),
    ]) func `the next step is offered`(prefix: String, candidates: [String]) {
        // git's own folder has no entries; it may be looked at, it holds nothing to offer.
        #expect(entries(prefix) == candidates)
    }

    @Test func `at the top everything is offered but what is hidden`() {
        #expect(
            entries("") == [
                "SHOP", "a b/", "empty/", "link/", "pair/", "pair", "shop", "single/", "site/",
            ])
    }

    @Test func `only folders are offered where only those fit`() {
        #expect(
            names.folders([]).map(\.text) == [
                "a b/", "empty/", "link/", "pair/", "single/", "site/",
            ])
        #expect(names.folders(Bytes("si".utf8)).map(\.text) == ["single/", "site/"])
        #expect(
            all("sin", folders: true) == ["single/", "single/deep/"])
    }

    @Test func `all entries below are offered with their full names`() {
        #expect(
            all("s")
                == ["shop", "single/deep/only", "site/a", "site/b"])
        #expect(all("site/b") == ["site/b"])
    }

    @Test func `links in a circle come to an end`() throws {
        #expect(symlink("..", box.store + "/site/up") == 0)
        #expect(all("shop") == ["shop"])
        #expect(all("site/up/shop") == ["site/up/shop"])
    }

    @Test func `names that are no text are offered as they are`() throws {
        try Disk.write([], to: Bytes((box.store + "/").utf8) + [0xFF] + Bytes(".gpg".utf8))
        #expect(names.entries([0xFF]) == [[0xFF]])
    }

    @Test func `a store that is not there offers nothing`() {
        let missing = NameCompletion(root: "/nonexistent")
        #expect(missing.entries([]) == [] && all("", of: missing) == [])
    }
}

@Suite struct KeyCompletionTests {
    private func keys(_ box: Sandbox, _ prefix: String) -> [String] {
        completed(box, "keys", prefix)
    }

    private func settings(_ box: Sandbox) -> Settings {
        Settings(
            ProcessEnvironment(
                box.environment.merging(["PASSWORD_STORE_UMASK": Bytes("022".utf8)]) { $1 }))
    }

    @Test func `keys are found by fingerprint, name and address`() throws {
        let box = try Sandbox()
        let options = ["--batch", "--quiet", "--passphrase", "", "--quick-gen-key"]
        for userID in ["Ann Example <ann@work.example>", "Bob <bob@example.org>"] {
            #expect(try box.run("gpg", options + [userID, "ed25519", "sign"]).status == 0)
        }
        let listing = try box.run("gpg", ["--list-keys", "--with-colons"]).stdout.text
        let fingerprints = listing.split(separator: "\n").filter { $0.hasPrefix("fpr") }
            .map { String($0.split(separator: ":")[1]) }
        let ann = "\(fingerprints[0])\tAnn Example <ann@work.example>"
        let bob = "\(fingerprints[1])\tBob <bob@example.org>"
        #expect(keys(box, "") == [ann, bob])
        #expect(keys(box, "ann") == [ann])
        #expect(keys(box, "ANN@W") == [ann])
        #expect(keys(box, "bob@") == [bob])
        #expect(keys(box, String(fingerprints[1].lowercased().prefix(9))) == [bob])
        #expect(keys(box, "example") == [])

        try Disk.makeFolder(box.store)
        try Disk.write("\(fingerprints[0])\nthe team\n", to: box.store + "/.gpg-id")
        #expect(keys(box, "") == [ann, bob, "the team"])
        #expect(keys(box, "The") == ["the team"])
    }

    @Test func `the team and those who ask to join are found in their files`() throws {
        let box = try Sandbox()
        let (ann, bob) = (String(repeating: "A", count: 40), String(repeating: "B", count: 40))
        let digest = String(repeating: "0", count: 64)
        try Disk.makeFolder(box.store + "/.passel/requests")
        try Disk.write("\(ann)\nthe team\n", to: box.store + "/.gpg-id")
        #expect(completed(box, "members", "") == [ann, "the team"])

        let roster = """
            passel roster 1
            generation 1
            previous -
            key \(ann) \(digest) Ann%20%3Cann@example.org%3E
            reader . \(ann) signer

            """
        try Disk.write(roster, to: box.store + "/.passel/roster")
        #expect(completed(box, "members", "") == ["\(ann)\tAnn <ann@example.org>"])
        #expect(completed(box, "members", "ANN@") == ["\(ann)\tAnn <ann@example.org>"])
        #expect(completed(box, "keys", "aaa") == ["\(ann)\tAnn <ann@example.org>"])

        let request = """
            passel request 1
            key \(bob) \(digest) Bob%1B%0A
            folder .
            role member
            roster -

            """
        let folder = box.store + "/.passel/requests/"
        try Disk.write(request, to: folder + bob)
        try Disk.write("x", to: folder + String(repeating: "C", count: 40))
        try Disk.write("x", to: folder + "\(bob).sig")
        #expect(completed(box, "requests", "") == ["\(bob)\tBob\\x1b\\x0a"])
        #expect(completed(box, "requests", "ann") == [])
    }

    /// What `--complete KIND PREFIX` prints.
    private func completed(_ box: Sandbox, _ kind: String, _ prefix: String) -> [String] {
        let completion = KeyCompletion(settings: settings(box))
        let start = Bytes(prefix.utf8)
        let found =
            switch kind {
            case "members": completion.members(start)
            case "requests": completion.requests(start)
            default: completion.keys(start)
            }
        return found.map(\.text)
    }

    @Test func `without a keyring there is nothing to offer`() throws {
        let box = try Sandbox()
        #expect(keys(box, "") == [])
        box.set("GNUPGHOME", nil)
        box.set("HOME", "/nonexistent")
        #expect(keys(box, "") == [])
    }
}

@Suite struct DispatchTests {
    @Test func `every word stands for one command`() {
        let words = Dispatch.words.flatMap { [$0.word] + $0.aliases }
        #expect(Set(words).count == words.count)
        #expect(
            Set(words) == [
                "init", "ls", "list", "show", "find", "search", "grep", "insert", "add", "edit",
                "generate", "rm", "remove", "delete", "mv", "rename", "cp", "copy", "git", "help",
                "--help", "version", "--version",
            ])
    }
}
