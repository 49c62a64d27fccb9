import CPosix
import Glibc
import PasselCore
import PasselPosix

/// The second copy's side of an edit: a private folder, the plaintext file, the editor, and the
/// answer.
///
/// Its socket is descriptor 3; its only operand is the name of the plaintext file.
struct EditorSession {
    let session: Session
    private static let socket: Int32 = 3

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        guard let fileName = arguments.first, arguments.count == 1,
            fcntl(Self.socket, F_SETFD, FD_CLOEXEC) == 0
        else { throw OptionProblem(usage: "Usage: \(session.program) edit pass-name") }
        let words = session.settings.editor
        let editor = KnownEditor(words, path: session.settings.environment["PATH"])
        let message = try receive()
        let folder = try PrivateFolder.make(
            environment: session.settings.environment, seenByOthers: editor.handsOver,
            prompt: Prompt(output: session.output))
        defer { folder.remove() }
        let file = folder.path / fileName
        if message.withBytes({ $0.first == UInt8(ascii: "+") }) {
            try write(message.slice(1..<message.count), file)
        }
        var child = ChildProcess(
            Path(words.first ?? "vi".bytes),
            Array(words.dropFirst()) + editor.extraArguments.map(\.bytes) + [file.bytes],
            environment: session.settings.environment)
        child.input = .inherited
        child.output = .inherited
        do {
            // As for pass, how the editor ends does not matter; what is in the file does.
            _ = try child.run()
        } catch let error as SystemError {
            session.warn(error.problem)
        }
        try answer(file)
        return 0
    }

    private func receive() throws -> Secret {
        var reader = SecretReader(limit: Prompt.limit)
        _ = try reader.fill { read(Self.socket, $0.baseAddress, $0.count) }
        return reader.secret
    }

    private func write(_ plaintext: Secret, _ file: Path) throws {
        let descriptor = file.withCString {
            passel_open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        guard descriptor >= 0 else { throw SystemError("write", file) }
        defer { close(descriptor) }
        // plaintext: the file that the editor opens, in memory wherever the system allows it.
        try plaintext.withBytes { try Files.write($0, to: descriptor, name: file) }
    }

    private func answer(_ file: Path) throws {
        let descriptor = file.withCString { passel_open($0, O_RDONLY | O_CLOEXEC, 0) }
        guard descriptor >= 0 else {
            try send(Secret(plain: "-"))
            return
        }
        defer { close(descriptor) }
        var reader = SecretReader(limit: Prompt.limit)
        _ = try reader.fill { read(descriptor, $0.baseAddress, $0.count) }
        try send(Secret(joining: [Secret(plain: "+"), reader.secret]))
    }

    private func send(_ message: Secret) throws {
        try message.withBytes { try Files.write($0, to: Self.socket, name: "passel") }
    }
}

/// What is known of an editor: how it is kept from leaving copies, and whether it shows the file
/// itself.
struct KnownEditor {
    /// Options that keep plaintext out of swap, undo, backup and history files.
    let extraArguments: [String]
    /// Whether it hands the file to a program that is running already and may not see this one's
    /// private folders.
    let handsOver: Bool

    init(_ words: [[UInt8]], path: [UInt8]?) {
        let typed = words.first.map { Path($0) } ?? "vi"
        // `editor` and `vi` are links on many systems.
        let found =
            typed.bytes.contains(.slash)
            ? typed : Programs.find(typed.repaired, path: path) ?? typed
        let real = Files.resolved(found) ?? found
        let name = String(decoding: real.name, as: UTF8.self)
        let typedName = String(decoding: typed.name, as: UTF8.self)
        if name.hasPrefix("vim") || name.hasPrefix("nvim") || name.hasPrefix("gvim") {
            extraArguments = [
                "-n", "-i", "NONE", "--cmd", "set noundofile nobackup nowritebackup noswapfile",
            ]
        } else {
            extraArguments = []
        }
        handsOver = [
            "emacsclient", "code", "codium", "subl", "gedit", "kate", "nvr", "zed", "atom",
            "gnome-text-editor", "mousepad", "xed", "pluma",
        ]
        .contains { typedName.hasPrefix($0) }
    }
}
