import Glibc
import PasselCore
import PasselGPG
import PasselPosix
import PasselStore

/// A bash extension of pass: a file that is sourced by bash, behind our prelude.
struct Extension {
    private let file: Path
    private let word: [UInt8]
    private let session: Session

    /// The extension that answers to a word: the user's own if those are enabled, else the
    /// system's.
    ///
    /// - Throws: pass's message when `PASSWORD_STORE_SIGNING_KEY` demands a signature that is
    ///   missing or bad.
    static func find(_ word: [UInt8], session: Session) throws -> Extension? {
        guard !word.isEmpty, word.first != UInt8(ascii: "-") else { return nil }
        let name = Path(word + ".bash".bytes)
        let settings = session.settings
        if settings.extensionsEnabled {
            let own = settings.extensionsFolder / name
            if isRunnable(own) {
                try session.store.verify(try Files.read(own), of: own)
                return Extension(file: own, word: word, session: session)
            }
        }
        let shared = Settings.systemExtensionsFolder / name
        return isRunnable(shared) ? Extension(file: shared, word: word, session: session) : nil
    }

    /// The words of all extensions that would be found.
    static func words(_ settings: Settings) -> [[UInt8]] {
        let folders =
            [Settings.systemExtensionsFolder]
            + (settings.extensionsEnabled ? [settings.extensionsFolder] : [])
        return folders.flatMap { folder in
            // A folder that is not there has no extensions.
            ((try? Files.names(in: folder)) ?? []).filter {
                $0.bytes.ends(with: ".bash") && isRunnable(folder / $0.bytes)
            }.map { Array($0.bytes.dropLast(5)) }
        }
    }

    private static func isRunnable(_ file: Path) -> Bool {
        FileStatus.isFile(file) && file.withCString { access($0, X_OK) } == 0
    }

    /// Runs it with these arguments; the result is its exit status.
    func run(_ arguments: [[UInt8]]) throws -> Int32 {
        let settings = session.settings
        var child = ChildProcess(
            "bash",
            ["-c".bytes, ExtensionPrelude.text.bytes, session.program, file.bytes] + arguments,
            environment: settings.environment)
        let own = Files.resolved("/proc/self/exe") ?? "passel"
        let variables: [(String, [UInt8])] = [
            ("EXECUTABLE", own.bytes), ("COMMAND", word), ("PREFIX", settings.store.bytes),
            ("GPG", settings.gpg.bytes),
            ("GPG_OPTS", Array(session.gpg.commonOptions.joined(separator: [0x1f]))),
            ("EXTENSIONS_DIR", settings.extensionsFolder.bytes),
            ("SYSTEM_EXTENSION_DIR", Settings.systemExtensionsFolder.bytes),
            ("CLIP_TIME", settings.clipTime), ("X_SELECTION", settings.clipSelection),
            ("GENERATED_LENGTH", settings.generatedLength),
            ("CHARACTER_SET", settings.characterSet),
            ("CHARACTER_SET_NO_SYMBOLS", settings.characterSetNoSymbols),
        ]
        for (name, value) in variables { child.environment["PASSEL_" + name] = value }
        child.input = .inherited
        child.output = .inherited
        return try child.run().status
    }
}
