import CSodium
import PasselCore
import Testing

@Suite struct SealedBoxTests {
    /// The public key of the secret key with the bytes 1 to 32, and a box for it that libsodium's
    /// Python binding made: made boxes are all different.
    @Test func `whoever has the secret key opens it`() {
        let secret = (1...32).map { UInt8($0) }
        var key = [UInt8](repeating: 0, count: 32)
        #expect(crypto_scalarmult_base(&key, secret) == 0)
        for value in ["", "pypi-secret-value", String(repeating: "x", count: 48 << 10)] {
            guard let box = SealedBox.seal(Secret(plain: value), to: key) else {
                Issue.record("it is not closed")
                continue
            }
            #expect(box.count == value.utf8.count + 48)
            var opened = [UInt8](repeating: 0, count: value.utf8.count)
            #expect(crypto_box_seal_open(&opened, box, UInt64(box.count), key, secret) == 0)
            #expect(opened == Array(value.utf8))
            #expect(SealedBox.seal(Secret(plain: value), to: key) != box)
        }
    }

    @Test func `what is no public key gets no box`() {
        for key in [[], [UInt8](repeating: 7, count: 31), [UInt8](repeating: 0, count: 32)] {
            #expect(SealedBox.seal(Secret(plain: "v"), to: key) == nil)
        }
    }
}
