import PasselCore
import PasselPosix
import PasselStore

/// `show`, `ls`, `list` and no command at all: an entry's plaintext, or a folder's tree.
struct Show {
    let session: Session
    let word: Text

    private var usage: Text {
        "Usage: \(session.program) \(word) [--clip[=line-number],-c[line-number]] [--qrcode[=line-number],-q[line-number]] [pass-name]"
    }

    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        let options = try Options(
            [
                .init(letter: "c", name: "clip", argument: .optional),
                .init(letter: "q", name: "qrcode", argument: .optional),
            ]
                + (session.isPass
                    ? []
                    : [
                        .init(letter: nil, name: "at", argument: .required),
                        .init(letter: nil, name: "json"),
                    ]),
            arguments, program: session.program, usage: usage)
        guard !(options.has("c") && options.has("q")) else { throw OptionProblem(usage: usage) }
        let name = Path(options.operands.first ?? [])
        try EntryName.refuseSneaky(name)

        let store = session.store
        if let revision = options.arguments("at").last {
            try showOld(name, Text(revision), options)
            return 0
        }
        if !options.arguments("json").isEmpty {
            throw Problem(
                "--json goes with --at only",
                hints: ["\(session.program) show \(name) --at HEAD --json"], status: 2)
        }
        let file = store.file(name)
        if !name.hasTrailingSlash, !name.components.isEmpty, FileStatus.isFile(file) {
            let secret = try store.read(file, name: Text(name.bytes))
            try present(secret, name: Text(name.bytes), options)
        } else if FileStatus.isFolder(store.path(name)) {
            let header = name.isEmpty ? "Password Store" : Text(withoutOneSlash(name))
            list(store.path(name), header: header)
        } else if name.isEmpty {
            throw Problem.pass(
                "Error: password store is empty. Try \"pass init\".",
                hints: ["\(session.program) init your-gpg-id"])
        } else {
            throw Problem.pass(
                "Error: \(name) is not in the password store.",
                hints: ["\(session.program) find \(Text(name.name))"])
        }
        return 0
    }

    /// An entry as it was; pass has no such thing.
    private func showOld(_ name: Path, _ revision: Text, _ options: Options) throws {
        let parts = name.components.filter { $0 != ".".bytes }
        guard !parts.isEmpty else {
            throw Problem(
                "say which entry to show", hints: ["\(session.program) show NAME --at \(revision)"])
        }
        let entry = Path(parts.joined(separator: [.slash]))
        let version = try session.store.version(of: entry, at: revision)
        let content = try session.store.read(version)
        guard !options.arguments("json").isEmpty else {
            return try present(content, name: Text(entry.bytes), options)
        }
        guard let string = content.asJSONString else {
            throw Problem(
                "\(entry) is not UTF-8, as JSON has to be",
                hints: ["\(session.program) show \(entry) --at \(revision)"])
        }
        let members = [.init("entry", .string(Text(version.name.bytes)))] + version.commit.json
        let open = JSON.object(members).text.bytes.dropLast("\n}\n".utf8.count)
        session.output.write(open + ",\n  \"content\": ".bytes)
        session.output.exact(string)
        session.output.write("\n}\n".bytes)
    }

    private func withoutOneSlash(_ name: Path) -> [UInt8] {
        name.hasTrailingSlash ? name.bytes.dropLast() : name.bytes
    }

    private func list(_ folder: Path, header: Text) {
        session.output.line(header)
        TreeRendering(session: session).print(StoreTree.read(folder))
    }

    private func present(_ secret: Secret, name: Text, _ options: Options) throws {
        guard options.has("c") || options.has("q") else {
            session.output.secret(secret)
            return
        }
        let given = (options.argument("c") ?? []) + (options.argument("q") ?? [])
        let number = given.isEmpty ? "1".bytes : given
        guard number.allSatisfy(\.isDigit) else {
            throw Problem.pass("Clip location '\(number)' is not a number.")
        }
        let line = secret.line(Int(String(decoding: number, as: UTF8.self)) ?? .max)
        guard let line, !line.isEmpty else {
            throw Problem.pass(
                "There is no password to put on the clipboard at line \(number).")
        }
        if options.has("c") {
            try Clipboard(session: session).copy(line, label: name)
        } else {
            try QRCode(session: session).show(line, label: name)
        }
    }
}
