import Foundation
import Glibc
import PasselTesting

/// Everybody's keys, honest and forged, made once: a GnuPG home with all secret halves, and files of
/// the public halves.
final class KeyWorkshop: Sendable {
    /// The GnuPG home with everybody's secret half.
    let home: String
    /// When the keys of Alice, Bob and Carol were made: a day ago, so that later ones are newer.
    let began: Int
    private let root: String
    private let files: [String: Bytes]
    private let owners: [String: KeyOwner]

    /// The last day on which the robot is a recipient, in days since the epoch.
    var robotsLastDay: Int { began / 86_400 + 5 }
    /// The same as it is typed, such as `2027-01-31`.
    var robotsLastDayText: String {
        let noon = Double(robotsLastDay * 86_400 + 43_200)
        return String(Date(timeIntervalSince1970: noon).ISO8601Format().prefix(10))
    }

    /// Days from the making of these people's keys to their ends; of Carol's, the subkey's.
    static let bobsDays = 40
    static let carolsDays = 40
    static let alicesDays = 120

    init() throws {
        var template = Array("/tmp/kXXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestingProblem("/tmp is not writable") }
        root = template.withUnsafeBufferPointer { letters in
            String(decoding: letters.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        home = root + "/home"
        began = Int(Date().timeIntervalSince1970) - 86_400
        try Disk.makeFolder(home + "/private-keys-v1.d")
        try Disk.write("no-auto-key-locate\ndisable-dirmngr\n", to: home + "/gpg.conf")
        var bench = KeyBench(home: home, began: began)
        try bench.makePeople()
        try bench.makeLaterVersions()
        try bench.makeForgeries()
        try bench.makeLookAlikes()
        try bench.gather()
        (files, owners) = (bench.files, bench.owners)
    }

    /// Ends the agent and removes everything.
    func close() {
        // An agent that stays behind ends by itself once its folder is gone.
        _ = try? Invocation.tool("gpgconf", ["--homedir", home, "--kill", "all"])
        Disk.remove(root)
    }

    /// The public key file of this name: a person's, a later version of it, or a forgery.
    func file(_ name: String) throws -> Bytes {
        guard let file = files[name] else { throw TestingProblem("there is no key file \(name)") }
        return file
    }

    /// Whose the key is, by the person's name.
    func owner(_ name: String) throws -> KeyOwner {
        guard let owner = owners[name] else { throw TestingProblem("nobody is called \(name)") }
        return owner
    }

    /// The full fingerprint of somebody's primary key.
    func fingerprint(_ name: String) throws -> String { try owner(name).fingerprint }

    /// Every id by which messages may name somebody, in any honest version of the key.
    func keyIDs(_ name: String) -> Set<String> {
        Set(
            owners.filter { $0.key == name || $0.key.hasPrefix(name + "-") }.flatMap(\.value.keyIDs)
        )
    }

    /// Words in which `$bob` stands for Bob's fingerprint, `%bob` for the short id of his key, and
    /// `&bob` for the long id of his encryption subkey.
    func spelled(_ words: [String]) throws -> [String] {
        try words.map { word in
            // Also behind an option's name and an equals sign.
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard word.hasPrefix("--"), parts.count == 2 else { return try spelled(word) }
            return try parts[0] + "=" + spelled(parts[1])
        }
    }

    private func spelled(_ word: String) throws -> String {
        let name = String(word.dropFirst())
        return switch word.first {
        case "$": try fingerprint(name)
        case "%": try "0x" + fingerprint(name).suffix(8)
        case "&": try "0x" + (owner(name).keyIDs.first ?? "")
        default: word
        }
    }

    /// Puts the secret halves of these people's keys into another GnuPG home.
    func giveSecrets(of names: [String], to folder: String) throws {
        for grip in try names.flatMap({ try owner($0).grips }) {
            let bytes = Disk.read("\(home)/private-keys-v1.d/\(grip).key") ?? []
            try Disk.write(bytes, to: Bytes("\(folder)/private-keys-v1.d/\(grip).key".utf8))
        }
    }

    /// A detached signature of a text by somebody who has the key.
    func signature(of text: Bytes, by name: String) throws -> Bytes {
        try KeyBench.gpg(
            home, ring: "all", ["-u", fingerprint(name), "-b", "-o", "-"], input: text
        ).stdout
    }

    /// A text encrypted to these people, as their own machines would do it.
    func message(_ text: String, for names: [String]) throws -> Bytes {
        try KeyBench.gpg(
            home, ring: "all",
            ["-e"] + names.flatMap { ["-r", try fingerprint($0)] } + ["-o", "-"],
            input: Bytes(text.utf8)
        ).stdout
    }

    /// Whether somebody can read a message that hides its readers, tried with their key alone.
    func canRead(_ message: Bytes, _ name: String) throws -> Bool {
        let folder = "\(root)/r\(UInt32.random(in: 0...UInt32.max))"
        try Disk.makeFolder(folder + "/private-keys-v1.d")
        try giveSecrets(of: [name], to: folder)
        try KeyBench.gpg(folder, ring: "one", ["--import"], input: file(name))
        let options = KeyBench.options(folder, ring: "one")
        let outcome = try Invocation.tool(
            "gpg", options + ["--try-all-secrets", "-d"], input: message)
        _ = try Invocation.tool("gpgconf", ["--homedir", folder, "--kill", "all"])
        Disk.remove(folder)
        return outcome.status == 0
    }
}

/// Whose a key is, and by what messages name it.
struct KeyOwner: Sendable {
    var fingerprint: String
    /// The ids of the parts that encrypt, oldest first.
    var keyIDs: [String]
    /// The names of the files of the secret halves, primary key first.
    var grips: [String]
}
