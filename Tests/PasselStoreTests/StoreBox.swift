import Glibc
import PasselCore
import PasselPosix
import PasselTesting
import Testing

@testable import PasselStore

/// A store in a sandbox, with a cipher that needs no gpg, and all that it says.
final class StoreBox {
    let sandbox: Sandbox
    let root: String
    var settings: Store.Settings
    var cipher = MemoryCipher()
    private(set) var told: [String] = []
    private(set) var warned: [String] = []

    /// A store whose entries are for ann; with `history`, a repository with one commit.
    init(_ name: String = "store", history: Bool = true) throws {
        sandbox = try Sandbox()
        root = sandbox.root + "/" + name
        settings = Store.Settings(
            root: Path(root), environment: ProcessEnvironment(sandbox.environment))
        try Disk.makeFolder(root)
        if history { try begin(root) }
        try list("ann\n")
        if history { try commitAll() }
    }

    func begin(_ folder: String) throws {
        try git("init", "-q", "-b", "main", folder)
        for (key, value) in [
            ("user.name", "Ann"), ("user.email", "ann@example.org"), ("commit.gpgsign", "false"),
            ("core.hooksPath", folder + "/.git/hooks"),
        ] { try git("-C", folder, "config", key, value) }
    }

    var store: Store {
        Store(
            settings, cipher: cipher,
            observer: Store.Observer(
                told: { [unowned self] in told.append($0.bytes.text) },
                warned: { [unowned self] in warned.append($0.message.bytes.text) }))
    }

    // MARK: Git

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        sandbox.directory = root
        let outcome = try sandbox.run("git", arguments)
        guard outcome.status == 0 else {
            throw TestingProblem("git \(arguments): \(outcome.stderr.text)")
        }
        return outcome.stdout.trimmed.text
    }

    func commitAll(_ folder: String? = nil) throws {
        try git("-C", folder ?? root, "add", "-A", ".")
        try git("-C", folder ?? root, "commit", "-q", "--allow-empty", "-m", "Begin.")
    }

    func subjects(_ folder: String? = nil) throws -> [String] {
        try git("-C", folder ?? root, "log", "--format=%s").split(separator: "\n").map(String.init)
    }

    // MARK: Files

    func path(_ name: String) -> String { root + "/" + name }

    func write(_ text: String, _ name: String) throws {
        try Disk.makeFolder(Path(path(name)).parent.repaired)
        try Disk.write(text, to: path(name))
    }

    func list(_ text: String, _ folder: String = ".") throws {
        try write(text, folder + "/.gpg-id")
    }

    /// Writes an entry as another program would: without a commit.
    func entry(_ name: String, _ text: String, for recipients: String...) throws {
        let readers = recipients.isEmpty ? ["ann"] : recipients
        let message = try MemoryCipher().encrypt(
            Secret(plain: text), to: readers.map { Recipient($0.utf8) })
        try Disk.makeFolder(Path(path(name)).parent.repaired)
        try Disk.write(message, to: Bytes(path(name + ".gpg").utf8))
    }

    func link(_ target: String, _ name: String) throws {
        try Disk.makeFolder(Path(path(name)).parent.repaired)
        #expect(symlink(target, path(name)) == 0)
    }

    func exists(_ name: String) -> Bool { Disk.facts(path(name)) != nil }

    /// The plaintext of an entry, or nothing when there is none that can be read.
    func text(_ name: String) -> String? {
        guard let bytes = Disk.read(path(name + ".gpg")) else { return nil }
        let secret = try? MemoryCipher().decrypt(bytes, name: "entry")
        return secret?.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether exactly these can read an entry.
    func isFor(_ name: String, _ recipients: String...) throws -> Bool {
        let bytes = try #require(Disk.read(path(name + ".gpg")))
        let wanted = try MemoryCipher().readers(of: recipients.map { Recipient($0.utf8) })
        return try EncryptedMessage(bytes).recipients.sorted() == wanted
    }

    /// Everything in the store but git's own folders.
    var names: [String] {
        Disk.walk(Bytes(root.utf8)) { !$0.hasSuffix(".git") }.map(\.text)
            .filter { $0 != ".git" && !$0.hasSuffix("/.git") }
    }

    /// No temporary file and no journal is left, and git has nothing to say.
    func expectSettled(_ location: SourceLocation = #_sourceLocation) throws {
        let all = Disk.walk(Bytes(root.utf8)).map(\.text)
        let left = all.filter { $0.contains(".passel-tmp-") || $0.hasSuffix("passel-journal") }
        #expect(left == [], sourceLocation: location)
        guard exists(".git") else { return }
        #expect(try git("status", "--porcelain") == "", sourceLocation: location)
        #expect(try git("fsck", "--strict", "--no-dangling") == "", sourceLocation: location)
    }
}

extension Bytes {
    func hasSuffix(_ suffix: String) -> Bool { ends(with: suffix) }
}

/// The message of the problem that `body` throws; nothing when it throws none.
func message(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let problem as Problem {
        return problem.message.bytes.text
    } catch let error as SystemError {
        return error.problem.message.bytes.text
    } catch {
        return String(describing: type(of: error))
    }
}
