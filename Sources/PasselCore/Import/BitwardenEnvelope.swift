/// Bitwarden's JSON export under a password of its own, as it stands: what is needed to open it.
public struct BitwardenEnvelope: Sendable {
    /// How the password becomes a key.
    public enum Derivation: Sendable, Equatable {
        case pbkdf2(iterations: Int)
        /// Memory is in MiB.
        case argon2id(iterations: Int, memory: Int, lanes: Int)
    }

    /// Bytes that were encrypted and then authenticated: `2.IV|TEXT|CODE`.
    public struct Sealed: Sendable {
        /// The sixteen bytes with which the first block was mixed.
        public let vector: [UInt8]
        /// What was encrypted.
        public let text: Secret
        /// The code of both.
        public let code: [UInt8]

        init?(_ text: Text?) {
            guard let bytes = text?.bytes, bytes.starts(with: "2.".utf8) else { return nil }
            let parts = bytes.dropFirst(2).split(
                separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
            guard parts.count == 3, let vector = Base64.decode(parts[0], .standard),
                let text = Base64.decode(parts[1], .standard),
                let code = Base64.decode(parts[2], .standard), vector.count == 16, code.count == 32,
                text.count > 0, text.count % 16 == 0
            else { return nil }
            self.vector = vector.withBytes { Array($0) }
            self.text = text
            self.code = code.withBytes { Array($0) }
        }

        /// Whether it was made with this key, and is whole.
        public func isAuthentic(_ key: Secret) -> Bool {
            let sealed = Secret([.plain(vector), .secret(text)])
            return sealed.withBytes { Digest(code: $0, key: key) }.isSame(as: code)
        }
    }

    /// How the password becomes a key.
    public let derivation: Derivation
    /// What is mixed into the key: the text itself, not what it may stand for in Base64.
    public let salt: [UInt8]
    /// Something that only the right password opens.
    public let probe: Sealed
    /// The export.
    public let content: Sealed

    /// Whether a file says of itself that it is under a password.
    public static func isOne(_ source: Secret) -> Bool {
        source.withBytes { bytes in
            guard let json = JSONPlaces(bytes, parts: ImportFormat.mostParts),
                case .bool(true) = json["passwordProtected"]
            else { return false }
            return true
        }
    }

    /// Reads one.
    ///
    /// - Throws: a `Problem` for one that is damaged, or that asks for more work than any real one.
    public init(_ source: Secret) throws {
        let parts = source.withBytes { bytes -> (Derivation?, Text?, Sealed?, Sealed?) in
            guard let json = JSONPlaces(bytes, parts: ImportFormat.mostParts) else {
                return (nil, nil, nil, nil)
            }
            func number(_ key: String) -> Int? { json.integer(json[key]).map { Int($0) } }
            return (
                Self.derivation(number), json.text(json["salt"]),
                Sealed(json.text(json["encKeyValidation_DO_NOT_EDIT"])),
                Sealed(json.text(json["data"]))
            )
        }
        guard let derivation = parts.0, let salt = parts.1, let probe = parts.2,
            let content = parts.3
        else { throw Problem.damagedImport }
        self.derivation = derivation
        self.salt = salt.bytes
        self.probe = probe
        self.content = content
    }

    private static func derivation(_ number: (String) -> Int?) -> Derivation? {
        guard let iterations = number("kdfIterations"), (1...10_000_000).contains(iterations) else {
            return nil
        }
        switch number("kdfType") {
        case 0: return .pbkdf2(iterations: iterations)
        case 1:
            guard iterations <= 100, let memory = number("kdfMemory"), (1...1024).contains(memory),
                let lanes = number("kdfParallelism"), (1...16).contains(lanes)
            else { return nil }
            return .argon2id(iterations: iterations, memory: memory, lanes: lanes)
        default: return nil
        }
    }

    /// The keys that follow from the password's: HKDF-Expand with SHA-256 (RFC 5869 §2.3), one
    /// block.
    public static func expanded(_ key: Secret, for purpose: String) -> Secret {
        key.withBytes { HMAC.code(.sha256, key: $0, message: Array(purpose.utf8) + [1]) }
    }

    /// The salt as Argon2id takes it: SHA-256 of the text.
    public var hashedSalt: [UInt8] { Digest(of: salt).bytes }
}
