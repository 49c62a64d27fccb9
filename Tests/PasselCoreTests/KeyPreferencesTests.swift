import PasselTesting
import Testing

@testable import PasselCore

/// What a key advertises to those who write to it.
@Suite struct KeyPreferencesTests {
    private let box: Sandbox
    private let ann: Key

    init() throws {
        box = try Sandbox()
        ann = try box.makeKey("ann")
    }

    private func export(_ options: String...) throws -> [UInt8] {
        try box.run("gpg", ["--batch", "--quiet", "--export"] + options + [ann.fingerprint]).stdout
    }

    @Test func `a key of GnuPG 2_2 advertises none`() throws {
        let expected = try #require(KeyPreferences(try export()))
        #expect(expected.version == 4 && expected.algorithm == 22)
        #expect(!expected.advertisesAEAD)
        #expect(KeyPreferences(try export("--armor")) == expected)
    }

    /// GnuPG 2.3 and later set the bit for OCB; others may set that for version 2.
    @Test(arguments: [(0x01, false), (0x03, true), (0x07, true), (0x09, true), (0x04, false)])
    func `the features of the self-signature count`(features: UInt8, advertised: Bool) throws {
        var file = try export()
        // Two bytes long, of type 30: modification detection.
        let start = try #require(
            file.indices.dropLast(2).first { file[$0...].starts(with: [2, 30, 1]) })
        file[start + 2] = features
        #expect(KeyPreferences(file)?.advertisesAEAD == advertised)
    }

    @Test func `what holds no key, or several, has no preferences`() throws {
        let file = try export()
        try box.makeKey("bob")
        let both = try box.run("gpg", ["--batch", "--export"]).stdout
        for bytes in [[], file.dropLast(), both, Array("hunter2".utf8)] {
            #expect(KeyPreferences(bytes) == nil)
        }
    }

    // MARK: Signatures put together by hand

    private static let key: [UInt8] = [4, 0, 0, 0, 1, 22, 1, 2, 3]
    private static let userID = packet(13, Array("ann".utf8))

    private static func packet(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
        KeyFile.Packet(tag: tag, body: body).bytes
    }

    /// A signature by the key itself, or by another, with subpackets given as type and content.
    private static func signature(
        _ kind: UInt8, at time: UInt8, _ signed: [[UInt8]] = [], unsigned: [[UInt8]] = [],
        byOther: Bool = false
    ) -> [UInt8] {
        let id = KeyFile.fingerprint(of: key)?.keyID.value ?? 0
        let issuer = (0..<8).map { UInt8(truncatingIfNeeded: id >> (56 - 8 * UInt64($0))) }
        let area = { (subpackets: [[UInt8]]) -> [UInt8] in
            let bytes = subpackets.flatMap { [UInt8($0.count)] + $0 }
            return [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
        }
        let named: [UInt8] = byOther ? [16, 1, 2, 3, 4, 5, 6, 7, 8] : [16] + issuer
        return packet(
            2,
            [4, kind, 22, 8] + area([[2, 0, 0, 0, time]] + signed) + area([named] + unsigned)
                + [0, 0, 0, 1, 1])
    }

    private static func file(_ signatures: [UInt8]...) -> [UInt8] {
        packet(6, key) + userID + signatures.joined()
    }

    private static let aead: [UInt8] = [30, 0x07]
    private static let plain: [UInt8] = [30, 0x01]

    @Test(
        arguments: [
            ("the flag", file(signature(0x13, at: 1, [aead])), true),
            ("the flag, marked critical", file(signature(0x13, at: 1, [[0x9E, 7]])), true),
            ("preferred algorithms", file(signature(0x13, at: 1, [[34, 2]])), true),
            ("no preferred algorithm", file(signature(0x13, at: 1, [[34]])), false),
            ("no features at all", file(signature(0x13, at: 1)), false),
            ("features that are not signed", file(signature(0x13, at: 1, unsigned: [aead])), false),
            (
                "a newer signature without it",
                file(signature(0x13, at: 1, [aead]), signature(0x13, at: 2, [plain])), false
            ),
            (
                "an older signature without it",
                file(signature(0x13, at: 2, [aead]), signature(0x10, at: 1, [plain])), true
            ),
            (
                "somebody else's newer signature",
                file(
                    signature(0x13, at: 1, [plain]),
                    signature(0x10, at: 2, [aead], byOther: true)), false
            ),
            (
                "a newer revocation",
                file(signature(0x13, at: 1, [aead]), signature(0x30, at: 2, [plain])), true
            ),
            (
                "on the second user id",
                file(signature(0x13, at: 2, [plain])) + userID + signature(0x13, at: 1, [aead]),
                true
            ),
            (
                "on the key itself",
                packet(6, key) + signature(0x1F, at: 1, [aead]) + userID
                    + signature(0x13, at: 2), true
            ),
            (
                "on a subkey",
                file(signature(0x13, at: 1)) + packet(14, key) + signature(0x18, at: 2, [aead]),
                false
            ),
        ] as [(String, [UInt8], Bool)])
    func `the newest self-signatures decide`(
        _ case: String, file: [UInt8], advertised: Bool
    ) throws {
        let preferences = try #require(KeyPreferences(file))
        #expect(preferences.advertisesAEAD == advertised)
        #expect(preferences.version == 4 && preferences.algorithm == 22)
    }
}
