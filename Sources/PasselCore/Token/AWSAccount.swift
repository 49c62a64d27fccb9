/// The account that an AWS access key id names.
enum AWSAccount {
    /// The twelve digits in the sixteen letters behind the beginning; nothing for keys of the old
    /// kind, which name none.
    static func number(of bytes: UnsafeRawBufferPointer) -> Text? {
        let letters = bytes[4...]
        guard let first = letters.first, !"IJ".utf8.contains(first) else { return nil }
        var bits: UInt64 = 0
        // Ten letters are fifty bits, of which the first 48 hold the number.
        for letter in letters.prefix(10) { bits = bits << 5 | UInt64(Base32.value(letter) ?? 0) }
        let digits = String((bits >> 2 & 0x7fff_ffff_ff80) >> 7)
        return Text(String(repeating: "0", count: max(0, 12 - digits.count)).utf8)
            + Text(digits.utf8)
    }

    static func explain(_ bytes: UnsafeRawBufferPointer, _ finding: inout TokenFinding) {
        finding.claim("account", number(of: bytes))
    }
}
