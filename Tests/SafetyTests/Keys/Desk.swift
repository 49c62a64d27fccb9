import Foundation
import PasselTesting

/// Alice's machine with her store: a copy of what was set up once, for one scene.
final class Desk {
    let box: PasselTesting.Sandbox
    let workshop: KeyWorkshop
    let kind: StoreKind
    /// Who may read what, as far as Alice has said so: people by folder, empty for the top.
    private(set) var acknowledged: [String: Set<String>] = [
        "": ["alice", "bob"], "ops": ["alice", "carol"], "own": ["alice"],
        "ci": ["alice", "robot"],
    ]
    /// Seconds by which the clock is off.
    var clock = 0
    /// What was there before passel wrote anything.
    private(set) var baseline = Ciphertexts()

    /// A desk like another one; an empty one without.
    init(_ workshop: KeyWorkshop, _ kind: StoreKind, like template: Desk? = nil) throws {
        self.workshop = workshop
        self.kind = kind
        box = try PasselTesting.Sandbox()
        try workshop.giveSecrets(of: ["alice"], to: box.gnupgHome)
        guard let template else { return }
        for file in ["pubring.kbx", "trustdb.gpg"] {
            let content = Disk.read("\(template.box.gnupgHome)/\(file)") ?? []
            try Disk.write(content, to: Bytes("\(box.gnupgHome)/\(file)".utf8))
        }
        try FileManager.default.copyItem(atPath: template.store, toPath: store)
        try Disk.makeFolder(box.home + "/.local/state/passel")
        try FileManager.default.copyItem(
            atPath: try template.stateFolder(), toPath: try stateFolder())
        try settle()
    }

    var store: String { box.store }

    /// The state folder is named after the store's path: its name, and 16 digits of its digest.
    private func stateFolder() throws -> String {
        let digest = try Self.digest(of: Bytes(store.utf8)).prefix(16)
        return "\(box.home)/.local/state/passel/password-store-\(digest)"
    }

    /// The SHA-256 digest, in hexadecimal digits.
    static func digest(of bytes: Bytes) throws -> String {
        let outcome = try Invocation.tool("sha256sum", [], input: bytes)
        return String(outcome.stdout.text.prefix(64))
    }

    // MARK: Programs

    /// Runs a program on this machine, by its clock; it must not fail.
    @discardableResult
    func run(_ program: String, _ words: String..., input: Bytes? = nil) throws
        -> PasselTesting.Outcome
    {
        let outcome = try attempt(program, words, input: input)
        guard outcome.status == 0 else {
            throw TestingProblem("\(program) \(words): \(outcome.stderr.text)")
        }
        return outcome
    }

    /// Runs a program on this machine, by its clock.
    func attempt(_ program: String, _ words: [String], input: Bytes? = nil) throws
        -> PasselTesting.Outcome
    {
        let words = try workshop.spelled(words)
        let input: Invocation.Input = input.map { .bytes($0) } ?? .nothing
        guard clock != 0 else { return try box.run(program, words, input: input) }
        // Through the wrapper: the library alone would change the environment under the program.
        let offset = (clock < 0 ? "" : "+") + String(clock)
        return try box.run("faketime", ["-f", offset, program] + words, input: input)
    }

    /// Runs passel as a circumstance of the scene, not as what is tried.
    @discardableResult
    func passel(_ words: String..., input: String? = nil) throws -> PasselTesting.Outcome {
        let outcome = try attempt("passel", words, input: input.map { Bytes($0.utf8) })
        guard outcome.status == 0 else {
            throw TestingProblem("passel \(words): \(outcome.stderr.text)")
        }
        return outcome
    }

    func git(_ words: String...) throws {
        let outcome = try attempt("git", ["-C", store] + words)
        guard outcome.status == 0 else {
            throw TestingProblem("git \(words): \(outcome.stderr.text)")
        }
    }

    // MARK: Time

    /// Sets the clock so many seconds after (before, if negative) a moment.
    func setClock(_ seconds: Double, after moment: KeyStep.Moment) {
        let day = 86_400
        let point =
            switch moment {
            case .bobExpires: workshop.began + KeyWorkshop.bobsDays * day
            case .carolsSubkeyExpires: workshop.began + KeyWorkshop.carolsDays * day
            case .aliceExpires: workshop.began + KeyWorkshop.alicesDays * day
            case .robotEnds: (workshop.robotsLastDay + 1) * day
            case .fayIsMade: workshop.began + 3 * day
            }
        clock = point + Int(seconds) - Int(Date().timeIntervalSince1970)
    }

    // MARK: Files of the store

    func read(_ name: String) throws -> Bytes {
        guard let content = Disk.read("\(store)/\(name)") else {
            throw TestingProblem("there is no \(name)")
        }
        return content
    }

    func write(_ content: Bytes, to name: String) throws {
        let parts = name.split(separator: "/").dropLast()
        try Disk.makeFolder(([store] + parts.map(String.init)).joined(separator: "/"))
        try Disk.write(content, to: Bytes("\(store)/\(name)".utf8))
    }

    func remove(_ name: String) { Disk.remove("\(store)/\(name)") }

    /// Changes a text file of the store.
    func change(_ name: String, _ edit: (String) throws -> String) throws {
        try write(Bytes(edit(read(name).text).utf8), to: name)
    }

    /// A list of recipients with these lines, `$bob` meaning Bob's fingerprint.
    func list(_ lines: String...) throws -> Bytes {
        Bytes(try workshop.spelled(lines).map { $0 + "\n" }.joined().utf8)
    }

    /// Changes that come into the store in a commit of somebody else's.
    func arrives(_ change: () throws -> Void) throws {
        try change()
        try git("add", "--all")
        try git(
            "-c", "user.name=Mallory", "-c", "user.email=mallory@example.org", "commit", "--quiet",
            "--message", "Update.")
    }

    // MARK: Alice's keyring

    /// Adds key files to Alice's keyring, and trusts the keys as her own.
    func imports(_ names: String...) throws {
        for name in names {
            // What gpg drops of a forgery, or that it takes nothing, is part of what is tried.
            _ = try attempt("gpg", ["--batch", "--quiet", "--import"], input: workshop.file(name))
            let owner = name.split(separator: "-").first.map(String.init) ?? name
            guard let fingerprint = try? workshop.fingerprint(owner) else { continue }
            try run(
                "gpg", "--batch", "--quiet", "--import-ownertrust",
                input: Bytes("\(fingerprint):6:\n".utf8))
        }
        // It complains of trusted keys that cannot be used.
        _ = try attempt("gpg", ["--batch", "--quiet", "--check-trustdb"])
    }

    /// Makes Alice's keyring anew, of these keys in this order.
    func importsAnew(_ names: String...) throws {
        for file in ["pubring.kbx", "trustdb.gpg"] { Disk.remove("\(box.gnupgHome)/\(file)") }
        for name in names { try imports(name) }
    }

    /// Alice's secret key is not there, as with a card that is not plugged in.
    func losesSecrets() throws {
        try run("gpgconf", "--kill", "all")
        Disk.remove(box.gnupgHome + "/private-keys-v1.d")
        try Disk.makeFolder(box.gnupgHome + "/private-keys-v1.d")
    }

    /// Disables somebody's key in Alice's keyring.
    func disables(_ name: String) throws {
        try run(
            "gpg", "--batch", "--no-tty", "--command-fd", "0", "--edit-key", "$" + name,
            input: Bytes("disable\nsave\n".utf8))
    }

    /// Adds a line to Alice's gpg.conf.
    func configures(_ line: String) throws {
        let path = box.gnupgHome + "/gpg.conf"
        try Disk.write((Disk.read(path)?.text ?? "") + sentence(line) + "\n", to: path)
    }

    /// Makes a line of Alice's gpg.conf another, which begins with the same two words.
    func configuresAnew(_ line: String) throws {
        let path = box.gnupgHome + "/gpg.conf"
        let head = line.split(separator: " ").prefix(2).joined(separator: " ") + " "
        let rest = (Disk.read(path) ?? []).lines.map(\.text).filter { !$0.hasPrefix(head) }
        try Disk.write(rest.map { $0 + "\n" }.joined(), to: path)
        try configures(line)
    }

    /// Sets or removes a variable of Alice's environment.
    func sets(_ name: String, _ value: String?) throws { box.set(name, try value.map(sentence)) }

    /// A text in which `$bob` stands for Bob's fingerprint.
    private func sentence(_ text: String) throws -> String {
        try workshop.spelled(text.split(separator: " ").map(String.init)).joined(separator: " ")
    }

    /// Alice wants all lists to be signed by her from now on, and signs those that are there.
    func signsLists() throws {
        try sets("PASSWORD_STORE_SIGNING_KEY", "$alice")
        try arrives {
            for name in Disk.walk(Bytes(store.utf8), enter: { $0.text != ".git" }).map(\.text)
            where name.hasSuffix(".gpg-id") {
                try write(workshop.signature(of: read(name), by: "alice"), to: name + ".sig")
            }
        }
    }

    /// Alice pulls what somebody changed in a clone of her store.
    func pulls(_ change: (String) throws -> Void) throws {
        let remote = box.root + "/remote.git"
        let clone = box.root + "/clone"
        try run("git", "clone", "--quiet", "--bare", store, remote)
        try git("remote", "add", "origin", remote)
        try git("fetch", "--quiet", "origin")
        try git("branch", "--quiet", "--set-upstream-to=origin/master")
        try run("git", "clone", "--quiet", remote, clone)
        try change(clone)
        try run("git", "-C", clone, "commit", "--quiet", "--all", "--message", "Update the shop.")
        try run("git", "-C", clone, "push", "--quiet")
        try passel("git", "pull", "--quiet", "--no-rebase")
    }

    // MARK: Acknowledging

    /// These people are readers of a folder from here on.
    func acknowledge(_ names: [String], in folder: String) {
        acknowledged[folder, default: []].formUnion(names)
    }

    /// What is there now, passel did not write.
    func settle() throws { baseline = try Ciphertexts(of: self) }

    /// The ids that a file below the store's top may name.
    func allowedIDs(for name: String) -> Set<String> {
        let folder = name.split(separator: "/").first.map(String.init) ?? ""
        let people = acknowledged[folder] ?? acknowledged[""] ?? []
        return people.reduce(into: []) { $0.formUnion(workshop.keyIDs($1)) }
    }

    /// The ids that any file of the store may name.
    var allowedAnywhere: Set<String> {
        acknowledged.values.joined().reduce(into: []) { $0.formUnion(workshop.keyIDs($1)) }
    }
}

extension Desk {
    /// Puts a symbolic link in the place of what is there.
    func link(_ name: String, to target: String) throws {
        remove(name)
        try FileManager.default.createSymbolicLink(
            atPath: "\(store)/\(name)", withDestinationPath: target)
    }
}
