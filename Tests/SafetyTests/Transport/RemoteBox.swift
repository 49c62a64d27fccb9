import Foundation
import PasselTesting

/// A repository with a branch, a bare one to fetch from and push to, and servers of it.
final class RemoteBox {
    /// Through the user's git, or through libgit2 because there is none.
    enum Way: CaseIterable { case git, library }

    /// What came of a fetch, a push or a clone.
    struct Said {
        let status: Int32
        var told: [String] = []
        var hints: [String] = []
        var problem: String?
        var result: String?
        /// In bytes: the most that any program had that was started.
        var memory = 0
        let raw: Bytes
        let seconds: Double
    }

    let sandbox: PasselTesting.Sandbox
    /// A work tree on `main`.
    let folder: String
    /// The folder with the bare repositories.
    let repositories: String
    /// `store.git`, which has `main` too.
    let bare: String
    let servers: GitServers

    init() throws {
        sandbox = try PasselTesting.Sandbox()
        folder = sandbox.root + "/store"
        repositories = sandbox.root + "/repos"
        bare = repositories + "/store.git"
        servers = try GitServers(sandbox.root + "/servers", repositories: repositories)
        try git("init", "-q", "-b", "main", folder)
        try git("init", "-q", "--bare", "-b", "main", bare)
        try git("-C", bare, "config", "http.receivepack", "true")
        for (key, value) in [("user.name", "Ann"), ("user.email", "ann@x"), ("gc.auto", "0")] {
            try git("-C", folder, "config", key, value)
        }
        try commit("first")
        try git("-C", folder, "push", "-q", bare, "main")
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let outcome = try sandbox.run("git", arguments)
        guard outcome.status == 0 else {
            throw TestingProblem("git \(arguments): \(outcome.stderr.text)")
        }
        return outcome.stdout.text.trimmingCharacters(in: .newlines)
    }

    /// Adds a commit of a few files that do not get smaller when packed.
    func commit(_ name: String, in folder: String? = nil) throws {
        let folder = folder ?? self.folder
        for number in 0..<4 {
            var content = Bytes()
            var random = UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(name.utf8.count)
            for byte in name.utf8 { random = random &* 31 &+ UInt64(byte) }
            for _ in 0..<600 {
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                content.append(UInt8(truncatingIfNeeded: random >> 33))
            }
            try Disk.write(content, to: Bytes("\(folder)/\(name)-\(number).gpg".utf8), mode: 0o600)
        }
        try git("-C", folder, "add", "-A")
        try git("-C", folder, "commit", "-qm", name)
    }

    func head(_ folder: String, _ name: String = "main") throws -> String {
        try git("-C", folder, "rev-parse", name)
    }

    /// Whether git finds everything in order.
    func isSound(_ folder: String) throws -> Bool {
        let outcome = try sandbox.run("git", ["-C", folder, "fsck", "--strict", "--no-dangling"])
        return outcome.status == 0
    }

    /// Fetches, pushes, asks for the head or clones; in a process of its own.
    func go(
        _ way: Way = .git, _ action: String, _ url: String, folder: String? = nil,
        timeout: Int = 60, wrapped: [String] = []
    ) throws -> Said {
        let program = Binary.find("passel-transporter", variable: "PASSEL_TRANSPORTER")
        let own = [program, folder ?? self.folder, "\(timeout)", action, url, "main"]
        let environment = sandbox.environment
        defer { sandbox.environment = environment }
        if way == .library { sandbox.set("PATH", "/nowhere") }
        let all = wrapped + own
        let start = ContinuousClock.now
        let outcome = try sandbox.run(all[0], Array(all.dropFirst()))
        var said = Said(
            status: outcome.status, raw: outcome.stdout + outcome.stderr,
            seconds: (ContinuousClock.now - start) / .seconds(1))
        for line in outcome.stdout.text.split(separator: "\n") {
            let word = line.prefix { $0 != " " }
            let rest = String(line.dropFirst(word.count + 1))
            switch word {
            case "told": said.told.append(rest)
            case "hint": said.hints.append(rest)
            case "problem": said.problem = rest
            case "ok": said.result = rest
            case "memory": said.memory = (Int(rest) ?? 0) << 10
            default: break
            }
        }
        return said
    }

    /// The same through git.
    func go(_ action: String, _ url: String, timeout: Int = 60) throws -> Said {
        try go(.git, action, url, timeout: timeout)
    }

    /// A copy of a repository as it is.
    func copy(_ folder: String, _ name: String) throws -> String {
        let copy = sandbox.root + "/" + name
        Disk.remove(copy)
        let outcome = try Invocation.tool("cp", ["-a", folder, copy])
        guard outcome.status == 0 else { throw TestingProblem("cp: \(outcome.stderr.text)") }
        return copy
    }
}
