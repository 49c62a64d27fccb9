import PasselCore

/// What a secret is called.
struct AWSName {
    let text: Text

    /// - Throws: a `BackendFailure` for what is no name.
    init(_ location: Location) throws {
        let bytes = location.place.bytes
        let isName = bytes.allSatisfy { byte in
            byte.isDigit || (0x61...0x7a).contains(byte | 0x20) || "/_+=.@-".utf8.contains(byte)
        }
        guard isName, bytes.count <= 512, bytes.last != .slash else {
            throw BackendFailure(
                .validation, "a secret's name has at most 512 letters, digits and /_+=.@-")
        }
        text = location.place
    }

    /// - Throws: a `BackendFailure` for a name that would be taken for the end of another's ARN.
    func checkNew() throws {
        let end = text.bytes.suffix(7)
        let isTail = end.dropFirst().allSatisfy { $0.isDigit || (0x61...0x7a).contains($0 | 0x20) }
        guard end.count < 7 || end.first != UInt8(ascii: "-") || !isTail else {
            throw BackendFailure(
                .validation, "a name cannot end in - and six letters or digits there")
        }
    }
}
