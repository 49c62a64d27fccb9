/// The recipients that a `.gpg-id` file names.
///
/// One recipient a line: anything that `gpg -r` takes. Blanks around it and everything from the
/// first `#` are dropped. Unlike pass 1.7.4 a last line without a line feed counts, a CR before the
/// line feed does not, and blanks before a comment do not belong to the name.
public struct RecipientList: Sendable, Equatable {
    /// The recipients in the order of the file, each once.
    public let recipients: [Recipient]

    /// Reads the content of a file; `path` is only for messages.
    ///
    /// - Throws: when the content cannot be a recipient list: larger than 1 MiB, with a NUL or
    ///   another control   character, or with the markers of an unresolved git conflict.
    public init(_ content: [UInt8], path: Path) throws {
        guard content.count <= 1 << 20 else {
            throw Problem(
                "\(path) is too large to be a list of recipients (\(content.count) bytes)",
                hints: ["write it anew with: passel init GPG-ID"])
        }
        var body = content[...]
        if body.starts(with: [0xef, 0xbb, 0xbf]) { body = body.dropFirst(3) }
        var found: [Recipient] = []
        var known: Set<Recipient> = []
        for (index, line) in body.split(separator: .newline, omittingEmptySubsequences: false)
            .enumerated()
        {
            guard !Self.isConflictMarker(line) else {
                throw Problem(
                    "\(path), line \(index + 1): an unresolved git conflict",
                    hints: ["resolve it by hand: keep the lines of those who may read, then commit"]
                )
            }
            var text = line
            if text.last == .carriageReturn { text = text.dropLast() }
            let id = text.prefix { $0 != UInt8(ascii: "#") }.trimmingBlanks
            guard !id.isEmpty else { continue }
            guard id.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
                throw Problem(
                    "\(path), line \(index + 1): a control character in a recipient",
                    hints: ["write it anew with: passel init GPG-ID"])
            }
            let recipient = Recipient(id)
            if known.insert(recipient).inserted { found.append(recipient) }
        }
        recipients = found
    }

    private static func isConflictMarker(_ line: ArraySlice<UInt8>) -> Bool {
        ["<<<<<<<", "=======", ">>>>>>>"].contains { marker in
            line.starts(with: marker.utf8) && (line.count == 7 || line[line.startIndex + 7] <= 0x20)
        }
    }
}

/// One person or machine to encrypt to, as the user wrote it: a fingerprint, key id, user id or
/// group.
public struct Recipient: Sendable, Hashable {
    /// The spelling, for `gpg -r`.
    public let bytes: [UInt8]

    /// The recipient spelled by `bytes`.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }
}
