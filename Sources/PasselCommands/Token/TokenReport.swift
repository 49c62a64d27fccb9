import PasselCore

/// What is known of a token, as it is shown.
struct TokenReport {
    /// What its text tells; nothing when it looks like no token that is known.
    let finding: TokenFinding?
    /// What is wrong, as messages.
    let warnings: [Text]
    private let flaws: [PastedToken.Flaw]
    private let now: Int64

    init(_ pasted: PastedToken, now: Int64) {
        self.now = now
        finding = pasted.clean.tokenFinding
        flaws = pasted.flaws
        var warnings = flaws.map { "\($0.text) came along with it" as Text }
        warnings += (finding?.warnings ?? []).map { "it \($0)" }
        if let end = finding?.expires, end.second <= now {
            warnings.append("it expired \(end.spelling)")
        }
        if let start = finding?.notBefore, start.second > now {
            warnings.append("it is not good before \(start.spelling)")
        }
        self.warnings = warnings
    }

    // MARK: For people

    private static let claimed = Styled("unverified", .faint)

    var table: Table {
        var table = Table("WHAT", "VALUE", "BASIS")
        guard let finding else {
            table.add("kind", "unknown", "")
            return table
        }
        let isCertain = finding.certainty == .certain
        table.add(
            "kind", Styled("\(finding.kind)", .strong),
            Styled(isCertain ? "by its form" : "possible by its form", .faint))
        table.add("name", Styled(finding.title), "")
        if let last = finding.lastFour { table.add("ends in", Styled(last), "") }
        if let isGood = finding.isChecksumGood {
            table.add(
                "checksum", isGood ? Styled("good", .good) : Styled("wrong", .bad), "computed")
        }
        for claim in finding.claims {
            table.add(
                Styled(claim.name), Styled(claim.values.joined(separator: ", ")), Self.claimed)
        }
        let times: [(Text, Instant?)] = [
            ("issued", finding.issued), ("not before", finding.notBefore),
            ("expires", finding.expires),
        ]
        for case (let name, let time?) in times {
            table.add(
                Styled(name), Styled("\(time.spelling) (\(Remaining(time.second, now).text))"),
                Self.claimed)
        }
        return table
    }

    // MARK: For programs

    var json: JSON {
        let claims = (finding?.claims ?? []).map { claim -> JSON in
            [
                "claim": .string(claim.name),
                "value": claim.isList
                    ? .array(claim.values.map { .string($0) }) : .text(claim.values.first),
            ]
        }
        return [
            "kind": .text(finding?.kind), "title": .text(finding?.title),
            "certainty": .text(finding.map { Text($0.certainty.rawValue.utf8) }),
            "last4": .text(finding?.lastFour),
            "checksum_good": finding?.isChecksumGood.map { .bool($0) } ?? .null,
            "unverified": .array(claims), "issued": .text(finding?.issued?.spelling),
            "not_before": .text(finding?.notBefore?.spelling),
            "expires": .text(finding?.expires?.spelling),
            "warnings": .array(warnings.map { .string($0) }),
        ]
    }
}

/// How long it is until a time, or since then, in words.
struct Remaining {
    let text: Text

    init(_ second: Int64, _ now: Int64) {
        let span = second > now ? second - now : now - second
        let units: [(Int64, String)] = [(86_400, "day"), (3_600, "hour"), (60, "minute")]
        let (size, name) = units.first { span >= $0.0 } ?? (1, "second")
        let count = span / size
        let words: Text = "\(count) \(name)\(count == 1 ? "" : "s")"
        text = second > now ? "in \(words)" : "\(words) ago"
    }
}
