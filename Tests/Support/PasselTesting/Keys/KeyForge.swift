import Foundation
import Glibc

/// Makes every key once per process and keeps a keyring that holds all of them.
///
/// Sandboxes get copies: of the files of a keyring for the same sequence of keys, which costs no gpg
/// call, or through an import when their keyring was changed by something else. The forge's own
/// keyring decrypts what tests look at, so looking never depends on a sandbox's agent.
public final class KeyForge: @unchecked Sendable {
    // Unchecked: every stored property below the lock is only touched while it is held.
    /// The one forge of this process.
    public static let shared = KeyForge()

    /// The forge's own GnuPG home, with the unprotected secret half of every key.
    public let home: String
    private let root: String
    private let lock = NSRecursiveLock()
    private var keys: [String: Key] = [:]
    private var rings: [[String]: KeyringFiles] = [:]

    /// The state of a GnuPG home's public files.
    struct KeyringFiles {
        var keybox: Bytes
        var trust: Bytes
    }

    private init() {
        root = Sandbox.makeTemporaryFolder()
        home = root + "/forge"
        // A home that cannot be made shows in the first gpg call.
        try? KeyForge.prepare(home: home)
        atexit { KeyForge.shared.tearDown() }
    }

    private func tearDown() {
        for name in Disk.names(in: Bytes(root.utf8)) { Agent.kill(home: root + "/" + name.text) }
        Disk.remove(root)
    }

    /// The key of that name and kind, made now if it is the first request.
    public func key(_ name: String, _ kind: Key.Kind = .plain) throws -> Key {
        try lock.withLock {
            let id = "\(name) \(kind)"
            if let known = keys[id] { return known }
            let key = try make(name, kind)
            keys[id] = key
            return key
        }
    }

    /// The result of `work`, during which the forge's keyring does not change.
    ///
    /// Gpg replaces a keyring by renaming twice, and between the two renames there is none.
    func undisturbed<Result>(_ work: () -> Result) -> Result { lock.withLock(work) }

    /// Writes an empty home with the settings that all test homes share.
    static func prepare(home: String) throws {
        try Disk.makeFolder(home + "/private-keys-v1.d")
        try Disk.write(FakePrograms.pinentry, to: home + "/pinentry", mode: 0o700)
        let settings = "pinentry-program \(home)/pinentry\ndisable-scdaemon\ns2k-count 65536\n"
        try Disk.write(settings, to: home + "/gpg-agent.conf")
        // An unknown recipient must not be looked for on the network.
        try Disk.write("no-auto-key-locate\ndisable-dirmngr\n", to: home + "/gpg.conf")
    }

    /// The public files of a keyring that holds exactly these keys, all of them trusted.
    func keyring(of wanted: [Key]) throws -> KeyringFiles {
        try lock.withLock {
            let ids = wanted.map(\.fingerprint)
            if let known = rings[ids] { return known }
            let folder = root + "/r\(rings.count)"
            try KeyForge.prepare(home: folder)
            if let last = wanted.last {
                let base = try keyring(of: wanted.dropLast())
                try Disk.write(base.keybox, to: Bytes((folder + "/pubring.kbx").utf8))
                try Disk.write(base.trust, to: Bytes((folder + "/trustdb.gpg").utf8))
                try addPublicHalf(of: last, to: folder)
            }
            let files = KeyringFiles(
                keybox: Disk.read(folder + "/pubring.kbx") ?? [],
                trust: Disk.read(folder + "/trustdb.gpg") ?? [])
            rings[ids] = files
            return files
        }
    }

    /// Imports the public half of `key` into `home` and trusts it ultimately.
    func addPublicHalf(of key: Key, to home: String) throws {
        let exported = root + "/" + key.fingerprint + ".pub"
        if Disk.facts(exported) == nil {
            try gpg(self.home, ["--export", "--output", exported, key.fingerprint])
        }
        try gpg(home, ["--no-autostart", "--import", exported])
        let trust = Bytes("\(key.fingerprint):6:\n".utf8)
        try gpg(home, ["--no-autostart", "--import-ownertrust"], input: trust)
        try gpg(home, ["--no-autostart", "--check-trustdb"])
    }

    /// Puts the secret half of `key` into gpg-agent's folder in `home`.
    func addSecretHalf(of key: Key, to home: String) throws {
        for grip in key.keygrips {
            let own = root + "/protected-\(key.fingerprint)/private-keys-v1.d/\(grip).key"
            let plain = self.home + "/private-keys-v1.d/\(grip).key"
            guard let bytes = Disk.read(own) ?? Disk.read(plain) else {
                throw TestingProblem("no secret half of \(key.name)")
            }
            try Disk.makeFolder(home + "/private-keys-v1.d")
            try Disk.write(bytes, to: Bytes((home + "/private-keys-v1.d/\(grip).key").utf8))
        }
    }

    private func make(_ name: String, _ kind: Key.Kind) throws -> Key {
        var parameters = ["%no-protection", "Key-Type: eddsa", "Key-Curve: ed25519"]
        if kind == .signOnly || kind == .expiredSubkey {
            parameters.append("Key-Usage: sign")
        } else if kind == .weak {
            parameters[1...] = ["Key-Type: rsa", "Key-Length: 1024"]
            parameters += ["Subkey-Type: rsa", "Subkey-Length: 1024"]
        } else {
            parameters += ["Subkey-Type: ecdh", "Subkey-Curve: cv25519"]
        }
        parameters += ["Name-Real: \(name)", "Name-Email: \(name)@example.org"]
        parameters += ["Expire-Date: \(kind == .expired ? "1d" : "0")", "%commit", ""]
        let inThePast = [.expired, .expiredSubkey, .authenticated].contains(kind)
        let made = try gpg(
            home, (inThePast ? KeyForge.past : []) + ["--status-fd", "1", "--gen-key"],
            input: Bytes(parameters.joined(separator: "\n").utf8))
        guard
            let status = made.stdout.text.split(separator: "\n").first(where: {
                $0.contains("KEY_CREATED")
            }), let fingerprint = status.split(separator: " ").last.map(String.init)
        else { throw TestingProblem("gpg made no key for \(name)") }
        switch kind {
        case .twoSubkeys:
            try addSubkey(to: fingerprint, expiring: "0")
        case .expiredSubkey:
            try addSubkey(to: fingerprint, expiring: "1d", options: KeyForge.past)
            try addSubkey(to: fingerprint, expiring: "0")
        case .revoked: try revoke(fingerprint)
        case .authenticated: try advertise(fingerprint)
        case .plain, .expired, .signOnly, .weak, .protected: break
        }
        let key = try describe(name, kind, fingerprint)
        if case .protected(let passphrase) = kind { try protect(key, passphrase) }
        return key
    }

    private func describe(_ name: String, _ kind: Key.Kind, _ fingerprint: String) throws -> Key {
        let listing = try gpg(
            home, ["--list-keys", "--with-colons", "--with-keygrip", fingerprint])
        let records = listing.stdout.text.split(separator: "\n").map {
            $0.split(separator: ":", omittingEmptySubsequences: false)
        }
        return Key(
            name: name, kind: kind, fingerprint: fingerprint,
            encryptionKeyIDs: records.filter { $0[0] == "sub" && $0[11].contains("e") }
                .map { String($0[4]) },
            keygrips: records.filter { $0[0] == "grp" }.map { String($0[9]) })
    }

    private static let past = ["--faked-system-time", "20200101T000000"]

    private func addSubkey(
        to fingerprint: String, expiring: String, options: [String] = []
    ) throws {
        let unprotected = ["--pinentry-mode", "loopback", "--passphrase", ""]
        let add = ["--quick-add-key", fingerprint, "cv25519", "encr", expiring]
        try gpg(home, options + unprotected + add)
    }

    private func revoke(_ fingerprint: String) throws {
        let path = home + "/openpgp-revocs.d/\(fingerprint).rev"
        guard let text = Disk.read(path)?.text else { throw TestingProblem("no \(path)") }
        // gpg disarms the certificate with a colon before the first dashes.
        let armed = text.replacingOccurrences(of: ":-----BEGIN", with: "-----BEGIN")
        try gpg(home, ["--import"], input: Bytes(armed.utf8))
    }

    private func protect(_ key: Key, _ passphrase: String) throws {
        let folder = root + "/protected-\(key.fingerprint)"
        try KeyForge.prepare(home: folder)
        try addPublicHalf(of: key, to: folder)
        try addSecretHalf(of: key, to: folder)
        try Disk.write(passphrase, to: folder + "/passphrase")
        try gpg(folder, ["--pinentry-mode", "ask", "--passwd", key.fingerprint], batch: false)
        Agent.kill(home: folder)
    }

    @discardableResult
    func gpg(
        _ home: String, _ arguments: [String], input: Bytes? = nil, batch: Bool = true
    ) throws -> Outcome {
        let options = ["--homedir", home, "--quiet", "--no-tty"] + (batch ? ["--batch"] : [])
        let outcome = try Invocation.tool("gpg", options + arguments, input: input)
        guard outcome.status == 0 else {
            throw TestingProblem("gpg \(arguments): \(outcome.stderr.text)")
        }
        return outcome
    }
}
