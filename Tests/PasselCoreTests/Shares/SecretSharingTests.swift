import Testing

@testable import PasselCore

/// What parts of a secret give, and what they do not.
@Suite struct SecretSharingTests {
    /// The values of a secret byte with these coefficients in the parts with these numbers.
    private func values(
        _ secret: UInt8, _ coefficients: [UInt8], in numbers: [Int]
    ) -> [UInt8] {
        let parts = SecretSharing.split(
            one(secret), into: 8, need: coefficients.count + 1,
            coefficients: coefficients.withUnsafeBytes { Secret(copying: $0) })
        return numbers.map { number in parts[number - 1].withBytes { $0[0] } }
    }

    private func one(_ byte: UInt8) -> Secret {
        Secret(capacity: 1) { memory in
            memory[0] = byte
            return 1
        }
    }

    // With every secret byte each value of the part comes from exactly one coefficient: whoever has
    // the part knows nothing of the byte.
    @Test(arguments: [1, 8])
    func `one part of two says nothing`(number: Int) {
        for secret in stride(from: UInt8(0), through: 255, by: 85) {
            let seen = Set((0...255).map { values(secret, [UInt8($0)], in: [number])[0] })
            #expect(seen.count == 256, "\(secret)")
        }
    }

    @Test func `two parts of three say nothing`() {
        for secret: UInt8 in [0, 0x41, 0xFF] {
            // By linearity each pair of values comes once if the two coefficients reach all pairs.
            var seen: Set<[UInt8]> = []
            let base = values(secret, [0, 0], in: [2, 5])
            let first = (0...255).map { values(secret, [UInt8($0), 0], in: [2, 5]) }
            let second = (0...255).map { values(secret, [0, UInt8($0)], in: [2, 5]) }
            for one in first {
                for other in second {
                    seen.insert([one[0] ^ other[0] ^ base[0], one[1] ^ other[1] ^ base[1]])
                }
            }
            #expect(seen.count == 65536)
        }
        // What makes that a proof.
        let (a, b) = (values(7, [3, 200], in: [2, 5]), values(7, [0, 0], in: [2, 5]))
        let (c, d) = (values(7, [3, 0], in: [2, 5]), values(7, [0, 200], in: [2, 5]))
        #expect(a == zip(zip(b, c).map(^), d).map(^))
    }

    @Test func `any two parts of two agree on every other part`() {
        let secret = Secret(plain: "what is shared")
        let parts = SecretSharing.split(
            secret, into: 255, need: 3, coefficients: .random(byteCount: secret.count * 2))
        for numbers in [[1, 2, 3], [255, 128, 7], [9, 1, 254]] {
            let known = numbers.map { (number: UInt8($0), part: parts[$0 - 1]) }
            #expect(SecretSharing.part(0, by: known) == secret)
            #expect(SecretSharing.part(77, by: known) == parts[76])
        }
    }
}
