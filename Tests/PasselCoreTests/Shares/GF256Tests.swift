import Testing

@testable import PasselCore

/// The field, against FIPS 197 and its own laws.
@Suite struct GF256Tests {
    // FIPS 197 §4.2 and §4.2.1, and the S-box of §5.1.1 before its affine step.
    @Test(
        arguments: [
            (0x57, 0x83, 0xC1), (0x57, 0x13, 0xFE), (0x57, 0x02, 0xAE), (0x57, 0x04, 0x47),
            (0x57, 0x08, 0x8E), (0x57, 0x10, 0x07), (0x53, 0xCA, 0x01), (0x00, 0xFF, 0x00),
        ] as [(UInt8, UInt8, UInt8)])
    func `products are those of the standard`(left: UInt8, right: UInt8, product: UInt8) {
        #expect(GF256.product(left, right) == product)
        #expect(GF256.product(right, left) == product)
    }

    @Test func `every byte but zero has exactly one inverse`() {
        #expect(GF256.inverse(0) == 0)
        var seen: Set<UInt8> = []
        for value in UInt8(1)...255 {
            #expect(GF256.product(value, GF256.inverse(value)) == 1)
            seen.insert(GF256.inverse(value))
        }
        #expect(seen.count == 255)
    }

    @Test func `products spread over sums`() {
        var different = 0
        for left in stride(from: UInt8(0), through: 255, by: 3) {
            for (a, b) in [(0x1F, 0x80), (0xC3, 0x35), (0xFF, 0x01)] as [(UInt8, UInt8)] {
                let sum = GF256.product(left, a ^ b)
                different += sum == GF256.product(left, a) ^ GF256.product(left, b) ? 0 : 1
            }
        }
        #expect(different == 0)
    }
}
