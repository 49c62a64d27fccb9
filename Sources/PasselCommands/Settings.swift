import CPosix
import Glibc
import PasselCore
import PasselPosix

/// Every environment variable that pass or passel knows, read once; an empty one counts as unset.
struct Settings {
    /// The variables that programs we start see.
    let environment: ProcessEnvironment
    /// The variables as they were given to us.
    let inherited: ProcessEnvironment
    /// The store's top folder as the user spells it, without a slash at its end.
    let store: Path
    /// The folder for what this machine remembers of all stores, `$XDG_STATE_HOME/passel`; nothing
    /// without a home folder.
    let state: Path?
    let recipientsOverride: [Recipient]
    let signingKeys: [Recipient]
    /// `gpg2` where there is one, else `gpg`.
    let gpg: Path
    let gpgOptions: [[UInt8]]
    let gpgBatch: Bool
    /// Whether those options tell gpg to leave recipients unnamed.
    let hidesRecipients: Bool
    let clipSelection: [UInt8]
    let clipTime: [UInt8]
    let generatedLength: [UInt8]
    let characterSet: [UInt8]
    let characterSetNoSymbols: [UInt8]
    let extensionsEnabled: Bool
    let extensionsFolder: Path
    /// The editor with its arguments, split at blanks, and as one text for commit subjects.
    let editor: [[UInt8]]
    let editorText: Text
    /// Whether the locale shows UTF-8.
    let showsUTF8: Bool
    /// The locale's character set, such as `UTF-8`.
    let codeset: String
    private let umaskText: [UInt8]?

    /// Where distributions install extensions of pass.
    static let systemExtensionsFolder: Path = "/usr/lib/password-store/extensions"

    init(_ original: ProcessEnvironment) {
        inherited = original
        var environment = original
        func value(_ name: String) -> [UInt8]? {
            original[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        func words(_ name: String) -> [[UInt8]] { value(name).map(\.words) ?? [] }

        let given =
            value("PASSWORD_STORE_DIR").map { Path($0) }
            ?? Path(value("HOME") ?? []) / ".password-store"
        store = given.withoutTrailingSlashes
        // A relative path is to be ignored: XDG Base Directory Specification.
        let stateHome = value("XDG_STATE_HOME").map { Path($0) }.flatMap {
            $0.isAbsolute ? $0 : nil
        }
        state = (stateHome ?? value("HOME").map { Path($0) / ".local/state" }).map { $0 / "passel" }
        recipientsOverride = words("PASSWORD_STORE_KEY").map(Recipient.init)
        signingKeys = words("PASSWORD_STORE_SIGNING_KEY").map(Recipient.init)

        let gpg2 = Programs.find("gpg2", path: original["PATH"])
        gpg = gpg2 == nil ? "gpg" : "gpg2"
        gpgBatch = gpg2 != nil || value("GPG_AGENT_INFO") != nil
        gpgOptions = words("PASSWORD_STORE_GPG_OPTS")
        hidesRecipients = gpgOptions.contains { option in
            ["--throw-key", "--hidden-rec", "-R"].contains { option.starts(with: $0.utf8) }
        }

        clipSelection = value("PASSWORD_STORE_X_SELECTION") ?? "clipboard".bytes
        clipTime = value("PASSWORD_STORE_CLIP_TIME") ?? "45".bytes
        generatedLength = value("PASSWORD_STORE_GENERATED_LENGTH") ?? "25".bytes
        characterSet = value("PASSWORD_STORE_CHARACTER_SET") ?? "[:punct:][:alnum:]".bytes
        characterSetNoSymbols =
            value("PASSWORD_STORE_CHARACTER_SET_NO_SYMBOLS") ?? "[:alnum:]".bytes
        extensionsEnabled = value("PASSWORD_STORE_ENABLE_EXTENSIONS") == "true".bytes
        extensionsFolder =
            value("PASSWORD_STORE_EXTENSIONS_DIR").map { Path($0) } ?? store / ".extensions"
        let editor =
            value("EDITOR")
            ?? (Programs.find("editor", path: original["PATH"]) == nil ? "vi" : "editor").bytes
        self.editor = editor.words
        editorText = Text(editor)

        // What a caller exports about another repository must not lead git away from the store.
        for name in [
            "GIT_DIR", "GIT_WORK_TREE", "GIT_NAMESPACE", "GIT_INDEX_FILE", "GIT_INDEX_VERSION",
            "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GPGME_DEBUG",
        ] { environment[name] = nil }
        let top = store.isAbsolute ? store : Files.currentFolder() / store
        environment["GIT_CEILING_DIRECTORIES"] = top.parent.bytes
        if value("GPG_TTY") == nil {
            environment["GPG_TTY"] =
                ttyname(0).map { String(cString: $0).bytes } ?? "not a tty".bytes
        }
        self.environment = environment

        umaskText = value("PASSWORD_STORE_UMASK")
        if let mask = Self.mask(umaskText ?? "077".bytes) { umask(mask) }
        codeset = passel_use_locale().map { String(cString: $0) } ?? "ANSI_X3.4-1968"
        showsUTF8 = codeset == "UTF-8"
    }

    /// Tells what was set to something that makes no sense.
    func complain(_ session: Session) {
        guard let umaskText, Self.mask(umaskText) == nil else { return }
        session.warn(
            Problem(
                "PASSWORD_STORE_UMASK is not an octal number: \(umaskText)",
                hints: ["unset PASSWORD_STORE_UMASK"]))
    }

    private static func mask(_ text: [UInt8]) -> UInt32? {
        guard text.allSatisfy({ (0x30...0x37).contains($0) }) else { return symbolicMask(text) }
        let value = text.prefix(5).reduce(0) { $0 << 3 | UInt32($1 - 0x30) }
        return value <= 0o777 ? value : nil
    }

    /// `u=rwx,g=rx,o=`: what is allowed, as bash's umask takes it; nothing when it is not of that
    /// form.
    private static func symbolicMask(_ text: [UInt8]) -> UInt32? {
        var allowed = ~ProcessStatus.creationMask() & 0o777
        for clause in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let who = clause.prefix { "ugoa".utf8.contains($0) }
            let rest = clause.dropFirst(who.count)
            guard let operation = rest.first, "+-=".utf8.contains(operation),
                rest.dropFirst().allSatisfy({ "rwx".utf8.contains($0) })
            else { return nil }
            let bits = rest.dropFirst().reduce(UInt32(0)) {
                $0 | ($1 == UInt8(ascii: "r") ? 4 : $1 == UInt8(ascii: "w") ? 2 : 1)
            }
            let everybody = who.isEmpty || who.contains(UInt8(ascii: "a"))
            for (letter, shift) in zip("ugo".utf8, [UInt32(6), 3, 0])
            where everybody || who.contains(letter) {
                switch operation {
                case UInt8(ascii: "+"): allowed |= bits << shift
                case UInt8(ascii: "-"): allowed &= ~(bits << shift)
                default: allowed = allowed & ~(7 << shift) | bits << shift
                }
            }
        }
        return ~allowed & 0o777
    }
}

extension String {
    /// The UTF-8 bytes.
    var bytes: [UInt8] { Array(utf8) }
}

extension [UInt8] {
    /// The pieces between blanks and line ends.
    var words: [[UInt8]] { split { $0.isBlank || $0 == .newline }.map(Array.init) }
}

/// Programs on PATH.
enum Programs {
    /// Where a program lies; nothing when PATH has none of that name.
    static func find(_ name: String, path: [UInt8]?) -> Path? {
        for folder in (path ?? "/usr/bin:/bin".bytes).split(separator: UInt8(ascii: ":")) {
            let candidate = Path(folder) / Path(name)
            if candidate.withCString({ access($0, X_OK) }) == 0, FileStatus.isFile(candidate) {
                return candidate
            }
        }
        return nil
    }
}
