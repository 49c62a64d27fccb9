import PasselCore

extension Secret {
    /// What has to be another for an entry to be changed: its first line, without blanks at its
    /// end; all of what has no such line, such as a private key, binary content or fields below an
    /// empty line.
    var essence: Secret {
        withBytes { bytes in
            let line = bytes.prefix { $0 != .newline }
            let end = line.lastIndex { !$0.isBlank && $0 != .carriageReturn }
            guard let end, !line.starts(with: "-----BEGIN".utf8),
                !bytes.contains(where: Self.isBinary)
            else { return self }
            return slice(0..<end + 1)
        }
    }

    private static func isBinary(_ byte: UInt8) -> Bool {
        byte < 0x20 && ![0x09, 0x0a, 0x0d].contains(byte)
    }
}
