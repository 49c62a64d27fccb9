import PasselCore

/// `token show`: the fields of a token, its secret masked.
struct TokenShow: Command {
    static let word = "show"
    static let summary = "show what an entry says of its token, the secret masked"
    static let parameters: [any Parameter] = [name, Flag.json]
    private static let name = Operand("NAME", .entry, "the entry with the token")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let entry = try StoredEntry(arguments[Self.name], session: session)
        let metadata = TokenMetadata(entry.text)
        let secret = MaskedSecret(entry.secret)
        if arguments[Flag.json] {
            session.output.json(json(entry, metadata, secret))
            return .done
        }
        var table = Table("FIELD", "VALUE")
        table.add("secret", Styled(secret.text))
        for field in TokenField.allCases {
            for value in metadata[field] { table.add(Styled(field.key), cell(field, value)) }
        }
        table.print(session)
        for field in metadata.unreadable { session.warn(Problem(unreadable(field))) }
        return .done
    }

    private func cell(_ field: TokenField, _ value: Text) -> Styled {
        guard field == .created || field == .expires, let date = TokenDate(value.bytes) else {
            return Styled(value)
        }
        let isOver = field == .expires && date.second <= session.now
        return Styled(
            "\(value) (\(Remaining(date.second, session.now).text))", isOver ? .bad : nil)
    }

    private func unreadable(_ field: TokenField) -> Text {
        "\(field.key) is not \(field.expected ?? "a text")"
    }

    private func json(_ entry: StoredEntry, _ metadata: TokenMetadata, _ secret: MaskedSecret)
        -> JSON
    {
        let fields = TokenField.allCases.map { field in
            JSON.Member(
                field.jsonKey,
                field.isRepeatable
                    ? .array(metadata[field].map { .string($0) }) : .text(metadata[field].last))
        }
        return .object(
            [
                JSON.Member("name", .path(entry.name)),
                JSON.Member("last4", .text(secret.lastFour)),
            ] + fields + [
                JSON.Member(
                    "unreadable", .array(metadata.unreadable.map { .string($0.key) }))
            ])
    }
}

extension TokenField {
    /// The key with `_` for `-`.
    var jsonKey: String {
        String(decoding: rawValue.utf8.map { $0 == 0x2D ? 0x5F : $0 }, as: UTF8.self)
    }
}

/// A secret of which only the end is shown, and that only of long ones.
struct MaskedSecret {
    /// The last four characters of a line of twelve or more.
    let lastFour: Text?

    init(_ secret: Secret) {
        lastFour = secret.lastFour
    }

    var text: Text { "****\(lastFour ?? "")" }
}
