/// The name that an imported entry gets.
enum ImportedName {
    private static let longest = 255 - EntryName.suffix.utf8.count
    /// What a part is called of which nothing is left.
    private static let nameless = Array("unnamed".utf8)

    /// The names in the store of what is called so over there.
    static func path(of place: [Text]) -> Path {
        Path(Array(place.map { part($0) }.joined(separator: [.slash])))
    }

    /// A part of a name: an address becomes its host, slashes and what a terminal could be deceived
    /// by become `-`, and no part begins with `.` or `-` or ends in a blank.
    static func part(_ text: Text) -> [UInt8] {
        let source = WebAddress(text.bytes.trimmingBlanks).map { $0.host } ?? text.bytes
        var result: [UInt8] = []
        var previous: UInt32 = 0
        for scalar in String(decoding: source, as: UTF8.self).unicodeScalars {
            let isFit =
                scalar != "/" && scalar != "\\" && scalar != "\u{fffd}"
                && scalar.value >= 0x20 && TerminalText.isHarmless(scalar.value, after: previous)
            result += isFit ? Array(String(scalar).utf8) : [UInt8(ascii: "-")]
            previous = scalar.value
        }
        result = Array(
            result.drop { $0.isBlank || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
        // Room for what tells two of a name apart.
        result = Array(result.cutBetweenCharacters(to: longest - 8))
        while let last = result.last, last.isBlank { result.removeLast() }
        return result.isEmpty ? nameless : result
    }

    /// The name with a number behind it.
    static func numbered(_ name: Path, _ number: Int) -> Path {
        Path(name.bytes + Array("-\(number)".utf8))
    }

    /// What two names have in common that a file system without letter case cannot tell apart.
    static func folded(_ name: Path) -> [UInt8] {
        Array(name.repaired.lowercased().utf8)
    }
}
