import PasselCore
import PasselGPG
import PasselPosix
import PasselTesting
import Testing

/// What the tests of keys and keyrings do with a home of keys.
extension GPGHome {
    /// A key file as gpg itself exports it, with everything in it.
    func file(_ keys: Key..., options: [String] = []) throws -> Bytes {
        let arguments = ["--batch", "--quiet"] + options + ["--export"] + keys.map(\.fingerprint)
        let outcome = try box.run("gpg", arguments)
        try #require(outcome.status == 0 && !outcome.stdout.isEmpty)
        return outcome.stdout
    }

    /// A private keyring of these keys, made by the cipher.
    func keyring(_ keys: Key...) throws -> Path {
        let path = try folder / "keyring"
        try gpg().makeKeyring(keys.map { try file($0) }, at: path)
        return path
    }

    /// The folder for private keyrings.
    var folder: Path {
        get throws {
            try Disk.makeFolder(box.root + "/state")
            return Path(box.root + "/state")
        }
    }

    /// Changes a key of the home, whose secret half has no passphrase.
    func change(_ arguments: String...) throws {
        let unprotected = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
        let outcome = try box.run("gpg", unprotected + arguments)
        try #require(outcome.status == 0, "gpg \(arguments): \(outcome.stderr.text)")
    }

    /// A detached signature made by plain gpg.
    func signature(_ content: Bytes, by key: Key, _ options: String...) throws -> Bytes {
        let outcome = try box.run(
            "gpg",
            ["--batch", "--quiet", "--yes", "-u", key.fingerprint] + options + ["-b", "-o", "-"],
            input: .bytes(content))
        try #require(outcome.status == 0, "\(outcome.stderr.text)")
        return outcome.stdout
    }

    /// Puts a program in gpg's place that notes its arguments and where its standard error goes.
    func spy() throws -> String {
        let log = box.root + "/spy.log"
        try Disk.write(
            """
            #!/bin/sh
            { readlink /proc/$$/fd/2; printf '%s\\n' "$@"; } >> \(log)
            exec /usr/bin/gpg "$@"

            """, to: box.bin + "/gpg", mode: 0o700)
        return log
    }

    /// Every file below a folder with its content, and every other thing with its kind.
    func content(of folder: String) -> [String: Bytes] {
        var found: [String: Bytes] = [:]
        for name in Disk.walk(Bytes(folder.utf8)) {
            let path = folder + "/" + name.text
            found[path] = Disk.read(path) ?? Bytes("\(String(describing: Disk.facts(path)))".utf8)
        }
        return found
    }
}

extension Key {
    var print: Fingerprint {
        get throws { try #require(Fingerprint(fingerprint.utf8)) }
    }
}
