/// What an imported entry is made of, until it is put together.
///
/// The first line is the secret, then come the fields, the one-time password's address, and free
/// text, as `passel-entry(5)` has them.
struct ImportedContent {
    private var secret = Secret(plain: "")
    private var fields: [ContentPiece] = []
    private var blocks: [ContentPiece] = []
    private var notes: [ContentPiece] = []

    /// What is kept of a login.
    init(secret: Secret? = nil) {
        if let secret { self.secret = secret }
    }

    /// Whether there is nothing in it.
    var isEmpty: Bool { secret.isEmpty && fields.isEmpty && blocks.isEmpty && notes.isEmpty }

    /// Whether it has a secret.
    var hasSecret: Bool { !secret.isEmpty }

    /// A secret that came another way, where there is none yet; else it becomes a field.
    mutating func addSecret(_ value: Secret, key: Text) {
        if secret.isEmpty { secret = value } else { add(key, value) }
    }

    /// A field; nothing of one without a value.
    ///
    /// A key is cut to what one may be. A value of several lines goes on in lines that begin with a
    /// blank, and an armoured block becomes a part of its own.
    mutating func add(_ key: Text, _ value: Secret) {
        let value = value.withoutBlankEnds
        guard !value.isEmpty else { return }
        if value.withBytes({ $0.starts(with: "-----BEGIN ".utf8) }) {
            blocks += [.secret(value), "\n"]
            return
        }
        let lines = ContentLines(value)
        fields += [.plain(Self.key(key)), ":"]
        for line in lines.lines { fields += [" ", .secret(value.slice(line.content)), "\n"] }
    }

    /// As above, of what is no secret.
    mutating func add(_ key: Text, _ value: Text?) {
        guard let value else { return }
        add(key, value.bytes.withUnsafeBytes { Secret(copying: $0) })
    }

    /// A one-time password, by its address or by its key in Base32; another text is a field.
    mutating func addOneTimeKey(_ value: Secret, title: Text, account: Text?) {
        let value = value.withoutBlankEnds
        guard !value.isEmpty else { return }
        if OneTimeURI.isOne(value), value.withBytes({ !$0.contains(.newline) }) {
            blocks += [.secret(value), "\n"]
            return
        }
        let key = value.withBytes { bytes in
            Secret(capacity: bytes.count) { memory in
                var used = 0
                for byte in bytes where !byte.isBlank && byte != UInt8(ascii: "-") {
                    memory[used] = byte
                    used += 1
                }
                return used
            }
        }
        let address = OneTimeURI.assembled(secret: key, issuer: title, account: account)
        if (try? OneTimeURI(address)) != nil {  // what is none is kept as it is
            blocks += [.secret(address), "\n"]
        } else {
            add("totp", value)
        }
    }

    /// Free text, line by line; last of all, behind an empty line.
    mutating func addNotes(_ text: Secret) {
        let text = text.withoutBlankEnds
        guard !text.isEmpty else { return }
        let lines = ContentLines(text)
        for line in lines.lines { notes += [.secret(text.slice(line.content)), "\n"] }
    }

    /// Whether the secret has lines below the one that is the entry's secret then.
    var goesOn: Bool { EntryText(secret).secret.count < secret.withoutBlankEnds.count }

    /// The entry.
    ///
    /// Free text alone is an entry as it stands; so is a document.
    var content: Secret {
        let rest = fields + blocks
        guard !rest.isEmpty || !secret.isEmpty else { return Secret(notes) }
        if rest.isEmpty, notes.isEmpty, EntryText(secret).isOpaque { return secret }
        let end: ContentPiece = secret.withBytes { $0.last == .newline } ? "" : "\n"
        return Secret([.secret(secret), end] + rest + (notes.isEmpty ? [] : ["\n"] + notes))
    }

    /// A key that a field may have.
    private static func key(_ key: Text) -> [UInt8] {
        let clean = key.bytes.map { byte in
            byte == UInt8(ascii: ":") ? UInt8(ascii: "-") : byte < 0x20 ? 0x20 : byte
        }.trimmingBlanks
        let result = clean.cutBetweenCharacters(to: EntryText.longestKey).trimmingBlanks
        return result.isEmpty ? Array("field".utf8) : result
    }
}

extension Secret {
    /// Without blanks and line ends before and behind it.
    var withoutBlankEnds: Secret {
        let range = withBytes { bytes in
            let isInk: (UInt8) -> Bool = { $0 > 0x20 || ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
            let start = bytes.firstIndex(where: isInk) ?? bytes.count
            let end = bytes.lastIndex(where: isInk).map { $0 + 1 } ?? start
            return start..<max(start, end)
        }
        return range == 0..<count ? self : slice(range)
    }

    /// What is no secret of it, such as a name.
    var asText: Text { withBytes { Text($0) } }
}
