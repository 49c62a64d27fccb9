extension Secret {
    /// The secret as a string of JSON, its quotes included; nothing where it is not UTF-8.
    public var asJSONString: Secret? {
        withBytes { $0.isUTF8 } ? Secret("\"", replacing(Escape.json), "\"") : nil
    }

    /// A secret between texts that are none.
    init(_ before: Text, _ secret: Secret, _ after: Text) {
        self.init([.plain(before.bytes), .secret(secret), .plain(after.bytes)])
    }

    /// The secret with other bytes in the place of those that `escape` gives some for; at most six
    /// for one.
    public func replacing(_ escape: (UInt8) -> [UInt8]?) -> Secret {
        withBytes { bytes in
            Secret(capacity: bytes.count * 6) { memory in
                var used = 0
                for byte in bytes {
                    guard let new = escape(byte) else {
                        memory[used] = byte
                        used += 1
                        continue
                    }
                    for byte in new.prefix(6) {
                        memory[used] = byte
                        used += 1
                    }
                }
                return used
            }
        }
    }

    /// The secret with each `'` twice, and each of the four curved ones that PowerShell takes for
    /// it: U+2018 to U+201B.
    var doublingQuotesOfPowerShell: Secret {
        withBytes { bytes in
            Secret(capacity: bytes.count * 2) { memory in
                var used = 0
                for place in bytes.indices {
                    memory[used] = bytes[place]
                    used += 1
                    let end = bytes[...place].suffix(3)
                    let isCurved =
                        end.elementsEqual([0xe2, 0x80, bytes[place]])
                        && (0x98...0x9b).contains(bytes[place])
                    let quote = isCurved ? Array(end) : bytes[place] == 0x27 ? [0x27] : []
                    for byte in quote {
                        memory[used] = byte
                        used += 1
                    }
                }
                return used
            }
        }
    }
}

/// What stands for a byte in the languages that secrets are written in.
enum Escape {
    /// Between `'` in bash and its like.
    static func shell(_ byte: UInt8) -> [UInt8]? { byte == 0x27 ? Array("'\\''".utf8) : nil }

    /// Between `'` in fish.
    static func fish(_ byte: UInt8) -> [UInt8]? {
        byte == 0x27 || byte == 0x5c ? [0x5c, byte] : nil
    }

    /// In the value of a workflow command of GitHub Actions.
    static func github(_ byte: UInt8) -> [UInt8]? {
        [0x25, 0x0d, 0x0a].contains(byte) ? Array("%\([byte].hex)".utf8) : nil
    }

    /// Between `"` in JSON (RFC 8259 §7).
    static func json(_ byte: UInt8) -> [UInt8]? {
        switch byte {
        case 0x22, 0x5c: [0x5c, byte]
        case 0x0a: Array("\\n".utf8)
        case 0..<0x20, 0x7f: Array("\\u00\([byte].hex)".utf8)
        default: nil
        }
    }
}
