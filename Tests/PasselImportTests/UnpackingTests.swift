import PasselCore
import Testing

@testable import PasselImport

@Suite struct UnpackingTests {
    /// `printf 'filecontent\n' | gzip -n9`.
    private let packed: [UInt8] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0x4b, 0xcb, 0xcc, 0x49, 0x4d, 0xce, 0xcf, 0x2b, 0x49,
        0xcd, 0x2b, 0xe1, 2, 0, 0xa9, 0x80, 0x0d, 0xb2, 0x0c, 0, 0, 0,
    ]

    private func gunzip(_ bytes: [UInt8]) throws -> Secret {
        try Unpacking.gunzip(bytes.withUnsafeBytes { Secret(copying: $0) })
    }

    @Test func `what gzip packed comes back`() throws {
        #expect(try gunzip(packed) == Secret(plain: "filecontent\n"))
    }

    @Test func `a byte that was changed is found wherever it counts`() {
        for index in packed.indices where ![4, 5, 6, 7, 8, 9].contains(index) {
            var damaged = packed
            damaged[index] ^= 0x41
            #expect(throws: Problem.self, "byte \(index)") { try gunzip(damaged) }
        }
        for length in 0..<packed.count {
            #expect(throws: Problem.self) { try gunzip(Array(packed[..<length])) }
        }
    }
}
