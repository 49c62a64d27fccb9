/// The key ids that an OpenPGP message is encrypted to, read from its first packets, or nil when it
/// is no encrypted message. (RFC 4880, sections 4.2 and 5.1.)
func readers(of message: [UInt8]) -> Set<String>? {
    var found: Set<String> = []
    var at = 0
    while at < message.count {
        let header = message[at]
        guard header & 0x80 != 0 else { return nil }
        let tag: UInt8
        let length: Int
        if header & 0x40 != 0 {
            tag = header & 0x3f
            guard at + 1 < message.count else { return nil }
            let first = Int(message[at + 1])
            guard first < 192 || tag != 1 else { return nil }
            length = first
            at += 2
        } else {
            tag = header >> 2 & 0x0f
            let octets = [1, 2, 4, 0][Int(header & 3)]
            guard at + octets < message.count else { return nil }
            length = message[(at + 1)..<(at + 1 + octets)].reduce(0) { $0 << 8 | Int($1) }
            at += 1 + octets
        }
        // Session keys come first; the encrypted data (tag 18, 9 or 20) ends the search.
        guard tag == 1 else { return [18, 9, 20].contains(tag) ? found : nil }
        guard at + length <= message.count, length >= 9 else { return nil }
        found.insert(
            message[(at + 1)..<(at + 9)].map { byte in
                let digits = String(byte, radix: 16, uppercase: true)
                return digits.count == 1 ? "0" + digits : digits
            }.joined())
        at += length
    }
    return nil
}
