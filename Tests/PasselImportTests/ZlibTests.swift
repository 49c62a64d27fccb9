import PasselCore
import Testing

@testable import PasselImport

@Suite struct ZlibTests {
    /// `printf 'filecontent\n' | gzip -n9`.
    private let packed: [UInt8] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0x4b, 0xcb, 0xcc, 0x49, 0x4d, 0xce, 0xcf, 0x2b, 0x49,
        0xcd, 0x2b, 0xe1, 2, 0, 0xa9, 0x80, 0x0d, 0xb2, 0x0c, 0, 0, 0,
    ]

    private func unpacked(_ bytes: [UInt8], size: Int = 12) throws -> Secret {
        try Zlib().inflate(
            bytes.withUnsafeBytes { Secret(copying: $0) }, .gzip, size: size)
    }

    @Test func `what gzip packed comes back`() throws {
        #expect(try unpacked(packed) == Secret(plain: "filecontent\n"))
    }

    @Test func `a byte that was changed is found wherever it counts`() {
        for index in packed.indices where ![4, 5, 6, 7, 8, 9].contains(index) {
            var damaged = packed
            damaged[index] ^= 0x41
            #expect(throws: Problem.self, "byte \(index)") { try unpacked(damaged) }
        }
        for length in 0..<packed.count {
            #expect(throws: Problem.self) { try unpacked(Array(packed[..<length])) }
        }
    }

    @Test func `more or less than was said is refused`() {
        for size in [0, 11, 13, 257 << 20] {
            #expect(throws: Problem.self, "\(size)") { try unpacked(packed, size: size) }
        }
    }
}
