/// What a file that a commit from elsewhere brings may be.
public enum FilePolicy {
    /// What a file is by its name.
    public enum Kind: Sendable, Equatable {
        /// `NAME.gpg`.
        case entry
        /// `.gitattributes`.
        case attributes
        /// A program that `pass` runs.
        case `extension`
        /// A list of recipients, a key, a request: text of ours or of people.
        case list
        /// The statement of who the team is.
        case roster
        /// An event of the security log.
        case event
        /// Something else that people keep beside their entries.
        case plain
    }

    /// The kind of the file with this name below the store's top.
    public static func kind(of name: [UInt8]) -> Kind {
        let parts = name.split(separator: .slash)
        guard let last = parts.last, let first = parts.first else { return .plain }
        if parts.contains(where: { $0.map(\.asciiLowercased).elementsEqual(".extensions".utf8) }) {
            return .extension
        }
        if last.elementsEqual(".gitattributes".utf8) { return .attributes }
        if name.elementsEqual(Roster.file.bytes) { return .roster }
        if EventName.isInLog(name) { return .event }
        if parts.count > 1,
            first.elementsEqual(".passel".utf8) || first.elementsEqual(".public-keys".utf8)
        {
            return .list
        }
        if last.elementsEqual(".gpg-id".utf8) || last.elementsEqual(".gpg-id.sig".utf8) {
            return .list
        }
        return last.ends(with: EntryName.suffix) ? .entry : .plain
    }

    /// The most bytes that a file of a kind may have.
    ///
    /// An entry as much as is read of any file of the store; lists and keys as much as gpg-agent or
    /// a person could still make sense of; a roster as much as is read of one.
    public static func sizeLimit(of kind: Kind) -> Int {
        switch kind {
        case .entry, .plain: 64 << 20
        case .roster: 4 << 20
        case .list, .extension: 1 << 20
        case .attributes: 1 << 16
        case .event: SecurityEvent.limit * 2
        }
    }

    /// What is wrong with the content of a file; nothing if nothing is.
    public static func flaw(
        of content: [UInt8], _ kind: Kind
    ) -> (rule: GateRule, text: Text)? {
        switch kind {
        case .entry, .event:
            do throws(EncryptedMessage.Flaw) {
                _ = try EncryptedMessage(content)
                return nil
            } catch {
                return (.entry, Text(error.description.utf8))
            }
        case .attributes:
            return harmfulLine(content).map {
                (.attributes, "git would act on the line “\(Array($0.prefix(80)))”")
            }
        case .extension: return (.extension, "pass would run it as a program")
        case .list, .roster, .plain: return nil
        }
    }

    /// The first line of a `.gitattributes` that is not one which pass and passel write, or as
    /// harmless: entries shown and merged through gpg, or left as they are.
    private static func harmfulLine(_ content: [UInt8]) -> ArraySlice<UInt8>? {
        let harmless = ["diff=gpg", "diff=passel", "merge=passel", "-text", "binary"]
        return content.split(whereSeparator: { $0 == .newline || $0 == .carriageReturn }).first {
            let words = $0.split(whereSeparator: \.isBlank)
            guard let pattern = words.first, pattern.first != UInt8(ascii: "#") else {
                return false
            }
            return !pattern.elementsEqual("*.gpg".utf8)
                || !words.dropFirst().allSatisfy { word in
                    harmless.contains { word.elementsEqual($0.utf8) }
                }
        }
    }
}
