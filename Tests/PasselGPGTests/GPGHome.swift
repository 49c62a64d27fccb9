import PasselCore
import PasselGPG
import PasselPosix
import PasselTesting

/// A home with keys, and the cipher that works in it.
///
/// What gpg says lands in a file.
struct GPGHome {
    let box: Sandbox
    let log: String

    init() throws {
        box = try Sandbox()
        log = box.root + "/gpg.log"
    }

    func gpg(_ options: [String] = [], quiet: Bool = true, batch: Bool = false) -> GPG {
        // gpg takes the second option only with the first.
        let quieting = quiet ? ["--batch", "--logger-file", log] : []
        return GPG(
            program: "gpg", userOptions: (quieting + options).map { Bytes($0.utf8) }, batch: batch,
            environment: ProcessEnvironment(box.environment))
    }

    /// What gpg said.
    var said: String { Disk.read(log)?.text ?? "" }

    func add(_ settings: String) throws {
        let path = box.gnupgHome + "/gpg.conf"
        try Disk.write((Disk.read(path)?.text ?? "") + settings, to: path)
    }

    /// What plain gpg makes of its input.
    func plain(_ arguments: String..., stdin: Bytes) throws -> Outcome {
        try box.run("gpg", ["--batch", "--quiet", "-o", "-"] + arguments, input: .bytes(stdin))
    }
}

extension Key {
    var recipient: Recipient { Recipient(fingerprint.utf8) }

    /// The ids of the key's encryption subkeys, oldest first.
    var ids: [KeyID] { encryptionKeyIDs.compactMap { KeyID(hex: Array($0.utf8)) } }
}

extension Secret {
    var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}

func recipients(_ names: String...) -> [Recipient] { names.map { Recipient($0.utf8) } }
