/// Whatever is shown: nothing that steers a terminal is left, and harmless text is not touched.
func fuzzTerminal(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    for keepingLines in [false, true] {
        let shown = TerminalText.sanitised(bytes, keepingLines: keepingLines)
        guard let text = String(validating: shown, as: UTF8.self) else {
            preconditionFailure("no text")
        }
        let kept: [UInt32] = keepingLines ? [0x09, 0x0A] : []
        precondition(text.unicodeScalars.allSatisfy { kept.contains($0.value) || !steers($0) })
        precondition(TerminalText.sanitised(shown, keepingLines: keepingLines) == shown)
        // What needs no escape comes out as it went in, as into a pipe.
        if let original = String(validating: bytes, as: UTF8.self),
            original.unicodeScalars.allSatisfy({ kept.contains($0.value) || !suspicious($0) })
        {
            precondition(shown == bytes)
        }
        var joined: [UInt8] = []
        bytes.withUnsafeBytes { buffer in
            TerminalText.sanitise(buffer, keepingLines: keepingLines) { joined += $0 }
        }
        precondition(joined == shown)
    }
    return 0
}

/// Controls, and what turns the direction of text.
private func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x20, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}

private func suspicious(_ scalar: Unicode.Scalar) -> Bool {
    steers(scalar) || scalar.properties.isDefaultIgnorableCodePoint
        || (0xFFF0...0xFFFB).contains(scalar.value)
}
