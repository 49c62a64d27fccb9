import PasselCore
import Testing

/// What seals the index.
@Suite struct SecretBoxTests {
    private let key = Secret.random(byteCount: 32)
    private let content = Secret(plain: "hunter2")

    private func text(_ secret: Secret?) -> String? {
        secret?.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `only the key and the context open a box`() {
        let box = SecretBox.seal(content, key: key, context: [1])
        #expect(text(SecretBox.open(box, key: key, context: [1])) == "hunter2")
        #expect(SecretBox.open(box, key: key, context: [2]) == nil)
        #expect(SecretBox.open(box, key: Secret.random(byteCount: 32), context: [1]) == nil)
        #expect(SecretBox.open([], key: key, context: [1]) == nil)
        #expect(SecretBox.seal(content, key: key, context: [1]) != box)
        for place in box.indices {
            var bad = box
            bad[place] ^= 1
            #expect(SecretBox.open(bad, key: key, context: [1]) == nil)
        }
        let empty = SecretBox.seal(Secret(plain: ""), key: key, context: [])
        #expect(SecretBox.open(empty, key: key, context: [])?.isEmpty == true)
    }

    @Test func `what is sealed to a public key its secret key opens`() {
        let keys = BoxKeys(seed: key)
        let box = BoxKeys.seal(content, to: keys.publicKey)
        #expect(text(BoxKeys(seed: key).open(box)) == "hunter2")
        #expect(BoxKeys(seed: key.derivedKey(1)).open(box) == nil)
        #expect(keys.open(Array(box.dropLast())) == nil && keys.open([]) == nil)
    }

    @Test func `keys follow from a key, each from all that it rests on`() {
        let other = Secret.random(byteCount: 32)
        #expect(key.derivedKey(1) == key.derivedKey(1))
        #expect(key.derivedKey(1) != key.derivedKey(2))
        #expect(key.mixed(with: other) == key.mixed(with: other))
        #expect(key.mixed(with: other) != key.mixed(with: key))
        #expect(key.mixed(with: other) != other.mixed(with: other))
    }

    /// RFC 4231, test case 2 has a shorter key; case 1 with its key padded by zeros is the same.
    @Test func `codes are those of HMAC-SHA-256`() {
        let key = [UInt8](repeating: 0x0b, count: 20) + [UInt8](repeating: 0, count: 12)
        let code = Array("Hi There".utf8).withUnsafeBytes { content in
            Digest(code: content, key: key.withUnsafeBytes { Secret(copying: $0) })
        }
        #expect(code.hex == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(code.isSame(as: code.bytes) && !code.isSame(as: code.bytes.dropLast()))
    }

    @Test func `a secret key on a card is told from one that is here or missing`() {
        let fingerprint = String(repeating: "A", count: 40)
        func isOnCard(_ place: String) -> Bool? {
            let listing = """
                sec:u:255:22:AAAAAAAAAAAAAAAA:1700000000:::u:::scESC:::\(place):::23::0:
                fpr:::::::::\(fingerprint):
                """
            return PublicKey.list(Array(listing.utf8)).first?.primary.isOnCard
        }
        #expect(isOnCard("D2760001240103040006123456780000") == true)
        #expect(isOnCard("+") == false && isOnCard("#") == false && isOnCard("") == false)
    }
}
