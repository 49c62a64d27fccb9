import Foundation
import Glibc

/// A throw-away home in which programs run with an environment that they share with nothing.
///
/// `root` is a short folder below /tmp (gpg-agent's socket path must fit in 108 bytes) and holds
/// `home` (with `.gnupg` and the store), `bin` (first on PATH), `tmp` and `run`. When the last
/// reference goes, agents are killed and the folder is deleted; `PASSEL_KEEP=1` keeps the folder.
public final class Sandbox {
    /// Which program the word `pass` runs.
    public enum Subject: Sendable, Hashable {
        /// The built binary, through a link named pass.
        case passel
        /// The pass of the system.
        case pass

        /// The program behind the link.
        public var path: String { self == .pass ? "/usr/bin/pass" : Binary.path }
    }

    /// The folder that holds everything; `$WORK` in scenarios.
    public let root: String
    /// What programs find in their environment; programs get nothing else.
    public var environment: [String: Bytes]
    /// Where programs run.
    public var directory: String
    private var people: [String: Person]
    /// Who is at the keyboard.
    public private(set) var current = "me"
    private var isClosed = false

    /// A fresh sandbox in which `pass` is the built binary or the system's pass.
    public init(_ subject: Subject = .passel) throws {
        root = Sandbox.makeTemporaryFolder()
        directory = root
        let me = Person(home: root + "/home")
        people = ["me": me]
        environment = Sandbox.environment(root: root, home: me.home)
        for folder in ["bin", "tmp", "run"] { try Disk.makeFolder("\(root)/\(folder)") }
        try me.settle()
        try Disk.write(FakePrograms.editor, to: bin + "/editor", mode: 0o700)
        try link("passel", to: Binary.path)
        try bind(subject)
    }

    deinit { close() }

    /// Kills the agents and deletes the folder; happens by itself when the sandbox goes.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        for person in people.values { Agent.kill(home: person.gnupgHome) }
        if ProcessInfo.processInfo.environment["PASSEL_KEEP"] == "1" {
            print("kept: \(root)")
        } else {
            Disk.remove(root)
        }
    }

    /// The folder that is first on PATH.
    public var bin: String { root + "/bin" }
    /// The home of the person at the keyboard.
    public var home: String { person.home }
    /// The GnuPG home of the person at the keyboard.
    public var gnupgHome: String { person.gnupgHome }
    /// The GnuPG homes of everybody who appeared.
    public var gnupgHomes: [String] { people.keys.sorted().compactMap { people[$0]?.gnupgHome } }
    /// The store, as the environment names it.
    public var store: String {
        let path = environment["PASSWORD_STORE_DIR"].map(\.text) ?? ""
        if path.isEmpty { return home + "/.password-store" }
        return path.hasPrefix("/") ? path : directory + "/" + path
    }

    /// The store of the environment and those of everybody who has one of their own.
    public var stores: [String] {
        let own = people.keys.sorted().compactMap { people[$0] }.filter(\.isApart).map(\.store)
        return own.contains(store) ? own : [store] + own
    }
    /// The folders in which programs remember things for everybody who appeared.
    public var stateFolders: [String] {
        people.values.map { $0.home + "/.local/state" }.sorted()
    }

    /// Makes the word `pass` run `subject` from now on.
    public func bind(_ subject: Subject) throws { try link("pass", to: subject.path) }

    /// Sets one variable of the environment, or removes it.
    public func set(_ name: String, _ value: String?) {
        environment[name] = value.map { Bytes($0.utf8) }
    }

    // MARK: Programs

    /// Runs a program found on the sandbox's PATH.
    @discardableResult
    public func run(
        _ program: String, bytes arguments: [Bytes], input: Invocation.Input = .nothing,
        timeout: Double = 300
    ) throws -> Outcome {
        let list = environment.map { Bytes($0.key.utf8) + [0x3D] + $0.value }
        return try Invocation(
            program, arguments, environment: list, directory: directory, input: input,
            timeout: timeout
        ).run()
    }

    /// Runs a program found on the sandbox's PATH.
    @discardableResult
    public func run(
        _ program: String, _ arguments: [String], input: Invocation.Input = .nothing
    ) throws -> Outcome {
        try run(program, bytes: arguments.map { Bytes($0.utf8) }, input: input)
    }

    /// Runs the built binary under its own name; `stdin` goes through a pipe.
    @discardableResult
    public func passel(_ arguments: String..., stdin: String? = nil) throws -> Outcome {
        try run("passel", arguments, input: stdin.map { .bytes(Bytes($0.utf8)) } ?? .nothing)
    }

    /// Runs whatever `pass` is bound to; `stdin` goes through a pipe.
    @discardableResult
    public func pass(_ arguments: String..., stdin: String? = nil) throws -> Outcome {
        try run("pass", arguments, input: stdin.map { .bytes(Bytes($0.utf8)) } ?? .nothing)
    }

    // MARK: People and keys

    /// Gives the person at the keyboard a key pair; everybody else learns its public half, except
    /// those with a store of their own.
    @discardableResult
    public func makeKey(_ name: String, _ kind: Key.Kind = .plain) throws -> Key {
        let key = try KeyForge.shared.key(name, kind)
        for id in people.keys where id == current || people[id]?.isApart == false {
            try people[id]?.learn(key, withSecret: id == current)
        }
        return key
    }

    /// Deletes the secret half of the key called `name` from the current person's keyring.
    public func forget(_ name: String) throws {
        guard let key = person.keys.last(where: { $0.name == name }) else {
            throw TestingProblem("there is no key \(name)")
        }
        for grip in key.keygrips { Disk.remove("\(gnupgHome)/private-keys-v1.d/\(grip).key") }
    }

    /// The key called `name`, if the sandbox has one; that of the person at the keyboard first.
    public func key(_ name: String) -> Key? {
        let others = people.keys.sorted().filter { $0 != current }.compactMap { people[$0] }
        return ([person] + others).lazy.compactMap { $0.keys.last { $0.name == name } }.first
    }

    /// Lets somebody appear who has a home, a git identity and a store of their own, and a keyring
    /// with their own key only.
    public func introduce(_ name: String, _ kind: Key.Kind = .plain) throws {
        var newcomer = Person(home: "\(root)/\(name)", name: name, isApart: true)
        try newcomer.settle()
        try newcomer.learn(KeyForge.shared.key(name, kind), withSecret: true)
        people[name] = newcomer
    }

    /// Puts the person `name` at the keyboard: own home and keyring, same store, unless they were
    /// introduced with a store of their own.
    ///
    /// A new person knows the public half of every key made so far, and has the secret half of the
    /// key of that name. The first person is called `me`.
    public func become(_ name: String) throws {
        if people[name] == nil {
            var newcomer = Person(home: "\(root)/home-\(name)")
            try newcomer.settle()
            for key in person.keys { try newcomer.learn(key, withSecret: key.name == name) }
            people[name] = newcomer
        }
        let wasApart = person.isApart
        current = name
        set("HOME", home)
        set("GNUPGHOME", gnupgHome)
        if person.isApart {
            set("PASSWORD_STORE_DIR", person.store)
        } else if wasApart {
            set("PASSWORD_STORE_DIR", people["me"]?.store)
        }
    }

    /// What the fake pinentry types from now on; nil makes it cancel.
    public func setPassphrase(_ passphrase: String?) throws {
        let path = gnupgHome + "/passphrase"
        Disk.remove(path)
        if let passphrase { try Disk.write(passphrase, to: path) }
    }

    private var person: Person {
        guard let person = people[current] else { preconditionFailure("the current person exists") }
        return person
    }

    private func link(_ name: String, to target: String) throws {
        unlink("\(bin)/\(name)")
        guard symlink(target, "\(bin)/\(name)") == 0 else {
            throw TestingProblem("cannot link \(name)")
        }
    }

    private static func environment(root: String, home: String) -> [String: Bytes] {
        let variables = [
            "HOME": home, "GNUPGHOME": home + "/.gnupg",
            "PASSWORD_STORE_DIR": home + "/.password-store",
            "PATH": "\(root)/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "TMPDIR": root + "/tmp", "XDG_RUNTIME_DIR": root + "/run",
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "xterm", "COLUMNS": "80",
            "USER": "tester", "LOGNAME": "tester", "SHELL": "/bin/sh", "EDITOR": "editor",
            "GIT_CONFIG_NOSYSTEM": "1",
        ]
        return variables.mapValues { Bytes($0.utf8) }
    }

    static func makeTemporaryFolder() -> String {
        var template = Array("/tmp/pXXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("/tmp is not writable") }
        return template.withUnsafeBufferPointer { buffer in
            String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
