import Foundation

/// Three people with keys, and messages of gpg's for every combination of them.
///
/// Bob, who leaves, has two encryption subkeys: messages are for the older, the newer or both.
final class OracleKeys: Sendable {
    let folder: String
    var home: String { folder + "/gpg" }
    /// Every id by which a message can name bob, as gpg lists them.
    let leaverIDs: Set<String>
    private let messages: [Kind: [UInt8]]

    /// Which key of bob's a message is for, and whether it is for carol; all are for ann.
    struct Kind: Hashable {
        enum Leaver: CaseIterable { case none, older, newer, both }
        let leaver: Leaver
        let hasCarol: Bool
        let isArmoured: Bool
    }

    init() throws {
        let folder = "/tmp/pso" + UUID().uuidString.prefix(6).lowercased()
        self.folder = folder
        guard mkdir(folder, 0o700) == 0, mkdir(folder + "/gpg", 0o700) == 0 else {
            throw SafetyProblem("\(folder): cannot be made")
        }
        func gpg(_ words: [String], _ input: String = "") throws -> Outcome {
            try Self.gpg(folder + "/gpg", words, Array(input.utf8))
        }
        for person in ["ann", "bob", "carol"] {
            let name = "\(person) <\(person)@example.org>"
            _ = try gpg([
                "--passphrase", "", "--quick-gen-key", name, "future-default", "default", "never",
            ])
        }
        let fingerprint = try Self.fields("fpr", 9, gpg(["--with-colons", "-k", "bob"])).first
        _ = try gpg([
            "--passphrase", "", "--quick-add-key", fingerprint ?? "", "cv25519", "encr", "never",
        ])
        let subkeys = try Self.fields("sub", 4, gpg(["--with-colons", "-k", "bob"]))
        guard subkeys.count == 2 else { throw SafetyProblem("bob has not two subkeys") }
        leaverIDs = Set(subkeys)
        var messages: [Kind: [UInt8]] = [:]
        for leaver in Kind.Leaver.allCases {
            for hasCarol in [false, true] {
                for isArmoured in [false, true] {
                    let keys: [String] =
                        switch leaver {
                        case .none: []
                        case .older: [subkeys[0]]
                        case .newer: [subkeys[1]]
                        case .both: subkeys
                        }
                    let names = ["ann"] + (hasCarol ? ["carol"] : []) + keys.map { "0x\($0)!" }
                    let words =
                        ["--trust-model", "always", "-e"] + (isArmoured ? ["-a"] : [])
                        + names.flatMap { ["-r", $0] }
                    let kind = Kind(leaver: leaver, hasCarol: hasCarol, isArmoured: isArmoured)
                    messages[kind] = try gpg(words, "a secret of some length\n").output
                }
            }
        }
        self.messages = messages
    }

    /// A message that is like no other, as far as can be seen without decrypting it.
    func message(_ kind: Kind, number: Int, _ random: inout RepeatableNumbers) throws -> [UInt8] {
        guard var message = messages[kind] else { throw SafetyProblem("no such message") }
        guard kind.isArmoured else {
            message.replaceSubrange(
                (message.count - 16)..., with: random.bytes(8) + Self.digits(number))
            return message
        }
        let head = "-----BEGIN PGP MESSAGE-----\n"
        return Array((head + "Comment: \(number) \(random.next())\n").utf8)
            + message.dropFirst(head.utf8.count)
    }

    private static func digits(_ number: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    func gpg(_ words: [String], _ input: [UInt8]) throws -> Outcome {
        try Self.gpg(home, words, input)
    }

    func close() {
        let stop = Command(
            words: ["gpgconf", "--homedir", home, "--kill", "all"],
            environment: ["PATH": "/usr/bin:/bin"])
        // An agent that stays behind ends by itself once its folder is gone.
        _ = try? stop.run()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func gpg(_ home: String, _ words: [String], _ input: [UInt8]) throws -> Outcome {
        let outcome = try Command(
            words: ["gpg", "--batch", "-q", "--homedir", home] + words,
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"], input: input
        ).run()
        guard outcome.status == 0 else { throw SafetyProblem(outcome.errorText) }
        return outcome
    }

    private static func fields(_ kind: String, _ index: Int, _ listing: Outcome) -> [String] {
        listing.text.split(separator: "\n")
            .map { $0.split(separator: ":", omittingEmptySubsequences: false) }
            .filter { $0[0] == kind && (kind != "sub" || $0[11].contains("e")) }
            .map { String($0[index]) }
    }
}

/// Numbers that are the same in every run (SplitMix64), so that a failure can be repeated.
struct RepeatableNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    mutating func chance(_ percent: Int) -> Bool { Int(next() % 100) < percent }
}
