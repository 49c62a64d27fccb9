import Glibc
public import PasselCore
import PasselPosix

extension GPG {
    /// Puts a keyring of exactly the keys in these files in the place of `file`, durable and
    /// readable for its owner only.
    ///
    /// Runs `gpg --import` in a home of its own. Imported keys carry gpg's marks of the signatures
    /// that it found good, so that encrypting takes half as long as with the bare keys.
    ///
    /// - Throws: a `Problem` when a file does not hold exactly one usable public key, or one of the
    ///   keys poses as a part of another.
    public func makeKeyring(_ keyFiles: [[UInt8]], at file: Path) throws {
        let keys = try keyFiles.map(Self.singleKey)
        try Self.checkDistinct(keys)
        let content = try ScratchHome.with(in: temporaryFolder) { home in
            try keyring(of: keys, home)
        }
        do {
            try Self.replace(file.absolute, with: content)
        } catch let error as SystemError {
            throw error.problem
        }
    }

    /// A key as a file, binary, without what others signed.
    ///
    /// Runs `gpg --export`. Expired subkeys stay, unlike with `export-minimal`: entries may still be
    /// encrypted to them.
    ///
    /// - Throws: a `Problem` when the keyring does not hold this key, or others with its
    ///   fingerprint.
    public func export(_ key: Fingerprint, from keyring: Keyring) throws -> [UInt8] {
        let (outcome, _) = try run(Self.exporting + ["--".bytes, key.bytes], in: keyring)
        guard let file = KeyFile(outcome.output.exposedBytes), file.fingerprints == [key] else {
            throw Problem(
                "gpg has no key \(key.hex) to export",
                hints: ["see what it has: gpg --list-keys \(key.hex)", "gpg --import FILE"])
        }
        return file.withoutForeignSignatures.bytes
    }

    /// One key made of several versions of it: all subkeys, revocations and signatures of its own
    /// in any of them.
    ///
    /// Runs `gpg --import` and `gpg --export` in a home of its own. The same versions in another
    /// order give the same bytes.
    ///
    /// - Throws: a `Problem` when the files do not all hold the same one key.
    public func merged(_ keyFiles: [[UInt8]]) throws -> [UInt8] {
        let versions = try keyFiles.map { try Self.singleKey($0).withoutForeignSignatures }
        guard let key = versions.first?.fingerprints.first,
            versions.allSatisfy({ $0.fingerprints == [key] })
        else {
            throw Problem(
                "these are not versions of one key",
                hints: ["see what they are: gpg --show-keys FILE"])
        }
        let sorted = versions.sorted { $0.bytes.precedes($1.bytes) }
        return try ScratchHome.with(in: temporaryFolder) { home in
            try export(key, from: .file(try imported(sorted, home)))
        }
    }

    /// The content of a keyring of these keys, made in `home`.
    private func keyring(of keys: [KeyFile], _ home: Path) throws -> [UInt8] {
        // gpg calls an import of nothing a failure, and an empty file is an empty keyring.
        guard !keys.isEmpty else { return [] }
        let made = try imported(keys, home)
        let held = try self.keys([], in: .file(made)).map(\.fingerprint).sorted()
        let wanted = keys.flatMap(\.fingerprints).sorted()
        guard held == wanted else {
            let missing = wanted.first { !held.contains($0) }
            throw missing.map(Self.refused)
                ?? Problem(
                    "gpg puts other keys into a keyring than it was given",
                    hints: ["look at this machine's settings: cat /etc/gnupg/gpg.conf"])
        }
        return try Files.read(made)
    }

    /// A keyring in `home` into which gpg imported these keys.
    private func imported(_ keys: [KeyFile], _ home: Path) throws -> Path {
        let keyring = home / "keyring"
        _ = try runAlone(
            home: home, Self.only(keyring) + ["--import".bytes],
            input: .bytes(keys.flatMap(\.bytes)))
        // The status tells of each key that is not quite in order; what counts is what is there.
        guard FileStatus.isFile(keyring) else {
            throw keys.first?.fingerprints.first.map(Self.refused)
                ?? Problem("gpg made no keyring", hints: ["see why: gpg --version"])
        }
        return keyring
    }

    private static func refused(_ key: Fingerprint) -> Problem {
        Problem(
            "gpg does not take the key \(key.hex) into a keyring",
            hints: ["see what is wrong with it: gpg --show-keys .public-keys/\(key.hex)"])
    }

    private static func singleKey(_ content: [UInt8]) throws -> KeyFile {
        guard content.count <= keyFileLimit else { throw tooLarge(content) }
        guard let file = KeyFile(content), file.fingerprints.count == 1 else {
            throw Problem(
                "a key file does not hold exactly one public key",
                hints: ["see what is in it: gpg --show-keys FILE"])
        }
        return file
    }

    /// Refuses a key that comes twice, and one that has another's primary key as a subkey: asked
    /// for that fingerprint, gpg would take whichever comes first.
    private static func checkDistinct(_ keys: [KeyFile]) throws {
        var primaries: Set<Fingerprint> = []
        for key in keys.flatMap(\.fingerprints) {
            guard primaries.insert(key).inserted else {
                throw Problem(
                    "two key files hold the key \(key.hex)",
                    hints: ["see which: gpg --show-keys .public-keys/*"])
            }
        }
        for file in keys {
            guard let stolen = file.subkeys.first(where: primaries.contains),
                let poser = file.fingerprints.first
            else { continue }
            throw Problem(
                "the key \(poser.hex) poses as the key \(stolen.hex)",
                hints: ["look at it: gpg --show-keys .public-keys/\(poser.hex)"])
        }
    }

    private static let exporting = [
        "--no-armor", "--export-options",
        "no-export-attributes,no-export-clean,no-export-minimal,no-export-local-sigs",
        "--export",
    ].words

    /// Puts `content` in the place of `file` so that a power cut leaves the old or the new.
    private static func replace(_ file: Path, with content: [UInt8]) throws {
        let temporary = try Scratch.file(in: file.parent, content: content)
        let code = temporary.withCString { old in file.withCString { rename(old, $0) } }
        guard code == 0 else {
            let error = SystemError("write", file)
            Scratch.remove(temporary)
            throw error
        }
        let folder = file.parent.withCString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard folder >= 0 else { throw SystemError("flush", file.parent) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw SystemError("flush", file.parent) }
    }
}
