/// One setting of a backend: `KEY=VALUE`, with no secret in it.
///
/// A credential is a setting that says where the secret is: `passel://NAME` for an entry of the
/// store, `env:NAME` for a variable, `path:FILE` for a file.
public struct BackendSetting: Sendable, Hashable {
    /// What a setting has.
    public enum Value: Sendable, Hashable {
        /// This text, which is no secret.
        case text(Text)
        /// The value that a reference stands for.
        case entry(Reference)
        /// What an environment variable holds.
        case variable(Text)
        /// The first line of a file; `~/` is the home folder.
        case file(Path)
    }

    /// Its key: lower-case letters, digits, `-` and `_`.
    public let key: Text
    /// What it has.
    public let value: Value

    /// A setting.
    public init(_ key: Text, _ value: Value) {
        self.key = key
        self.value = value
    }

    /// Whether bytes are the key of a setting.
    public static func isKey(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.first.map { (0x61...0x7A).contains($0) } == true && bytes.count <= 64
            && bytes.allSatisfy {
                (0x61...0x7A).contains($0) || $0.isDigit || "-_".utf8.contains($0)
            }
    }

    /// The setting that is spelled `KEY=VALUE`.
    ///
    /// - Throws: a usage `Problem` for what is none, a `Problem` for a secret in clear; neither
    ///   repeats the value.
    public init(_ spelling: [UInt8]) throws(Problem) {
        let equals = spelling.firstIndex(of: UInt8(ascii: "=")) ?? spelling.endIndex
        let (key, rest) = (spelling[..<equals], Array(spelling[equals...].dropFirst()))
        guard equals < spelling.endIndex, Self.isKey(key) else {
            throw Problem.usage(
                "a setting is KEY=VALUE, with a key of lower-case letters, digits, - and _",
                hints: ["as address=https://127.0.0.1:8200"])
        }
        self.key = Text(key)
        guard !rest.isEmpty, rest == rest.trimmingBlanks,
            String(validating: rest, as: UTF8.self) != nil, TerminalText.sanitised(rest) == rest
        else { throw Problem.usage("\(self.key): a value is one line of text that can be seen") }
        if let source = try Self.source(rest, self.key) {
            value = source
            return
        }
        guard !Self.isSecret(key), !Self.looksSecret(rest) else {
            throw Problem(
                "\(self.key) must not have a secret in clear",
                hints: [
                    "an entry: \(self.key)=passel://NAME", "a variable: \(self.key)=env:NAME",
                    "a file: \(self.key)=path:FILE",
                ])
        }
        value = .text(Text(rest))
    }

    private static func source(_ bytes: [UInt8], _ key: Text) throws(Problem) -> Value? {
        if bytes.starts(with: Reference.scheme) {
            guard let reference = Reference(marked: bytes) else {
                throw Problem.usage("\(key): passel:// stands before the name of an entry")
            }
            return .entry(reference)
        }
        if bytes.starts(with: "env:".utf8) {
            guard let name = VariableName(bytes.dropFirst(4)) else {
                throw Problem.usage("\(key): env: stands before the name of a variable")
            }
            return .variable(name.text)
        }
        guard bytes.starts(with: "path:".utf8) else { return nil }
        let path = Path(bytes.dropFirst(5))
        guard path.isAbsolute || path.bytes.starts(with: "~/".utf8) else {
            throw Problem.usage("\(key): path: stands before an absolute path, or one in ~/")
        }
        return .file(path)
    }

    /// Whether a key says that its value is a secret.
    private static func isSecret(_ key: some Collection<UInt8>) -> Bool {
        let words = key.split { "-_".utf8.contains($0) }.map { String(decoding: $0, as: UTF8.self) }
        if words.suffix(1) == ["file"] || words.suffix(1) == ["path"] { return false }
        let telling: Set = ["token", "password", "passphrase", "secret", "pass", "pwd"]
        return words.contains(where: telling.contains)
            || [["api", "key"], ["access", "key"], ["private", "key"]].contains(
                words.suffix(2).map(\.self))
    }

    private static func looksSecret(_ value: [UInt8]) -> Bool {
        let secret = value.withUnsafeBytes { Secret(copying: $0) }
        // An address with a password in it is as bad.
        let authority = value.firstPlace(of: "://").map { value[$0...].prefix { $0 != .slash } }
        return secret.tokenFinding?.certainty == .certain
            || authority?.contains(UInt8(ascii: "@")) == true
    }

    /// Whether it is a credential, which is handed over as one.
    public var isCredential: Bool {
        if case .text = value { false } else { true }
    }

    /// `KEY=VALUE`.
    public var spelling: Text { "\(key)=\(shownValue)" }

    /// What it has, as it is spelled; never a secret.
    public var shownValue: Text {
        switch value {
        case .text(let text): text
        case .entry(let reference): reference.uri
        case .variable(let name): "env:\(name)"
        case .file(let path): "path:\(path)"
        }
    }
}

extension [UInt8] {
    /// The place behind the first occurrence of a text.
    fileprivate func firstPlace(of text: String) -> Int? {
        let part = Array(text.utf8)
        return indices.first { self[$0...].starts(with: part) }.map { $0 + part.count }
    }
}
