/// What an OpenSSH private key tells without its passphrase: PROTOCOL.key of OpenSSH.
enum OpenSSHKey {
    static func explain(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        guard let content = PEM.content(bytes),
            let (cipher, key) = content.withBytes(read)
        else { return finding.setMistyped() }
        if let type = key.withUnsafeBytes({ string($0[...])?.content }) {
            finding.claim("type", Text(type))
        }
        let digest = Base64.encode(Digest(of: key).bytes, .standard)
        finding.claim("fingerprint", digest.withBytes { "SHA256:\(Array($0))" })
        PEM.sayEncrypted(!cipher.elementsEqual("none".utf8), &finding)
    }

    /// The name of the cipher and the public key.
    private static func read(_ bytes: UnsafeRawBufferPointer) -> (cipher: [UInt8], key: [UInt8])? {
        let magic = Array("openssh-key-v1\0".utf8)
        guard bytes.starts(with: magic), let cipher = string(bytes[magic.count...]),
            let derivation = string(cipher.rest), let options = string(derivation.rest),
            let key = string(options.rest.dropFirst(4)), let secret = string(key.rest),
            !secret.content.isEmpty, secret.rest.isEmpty
        else { return nil }
        return (Array(cipher.content), Array(key.content))
    }

    /// Four bytes of length and so many bytes.
    private static func string(_ bytes: Slice<UnsafeRawBufferPointer>) -> (
        content: Slice<UnsafeRawBufferPointer>, rest: Slice<UnsafeRawBufferPointer>
    )? {
        let count = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= 4, bytes.count - 4 >= count else { return nil }
        return (bytes.dropFirst(4).prefix(count), bytes.dropFirst(4 + count))
    }
}
