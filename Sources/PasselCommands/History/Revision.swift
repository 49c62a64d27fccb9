import PasselCore
import PasselGit

extension ValueKind<Text> {
    /// A commit, as git understands it, or a day.
    static var revision: ValueKind {
        ValueKind(
            placeholder: "REV", expected: "a revision such as HEAD~2, 1a2b3c4d or 2027-01-31"
        ) { $0.isEmpty || $0.first == UInt8(ascii: "-") ? nil : Text($0) }
    }
}

extension HistoryCommit {
    /// When it was made: minutes, in UTC.
    var moment: Text {
        let minutes = (committer.time - Day(second: committer.time).second) / 60
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return
            "\(Day(second: committer.time).spelling) \(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// Whose change it is, by the name that it states.
    var who: Text { author.name.bytes.isEmpty ? author.mail : author.name }

    /// For `--json`.
    var json: [JSON.Member] {
        [
            .init("commit", .string(Text(id.hex.utf8))), .init("time", .int(committer.time)),
            .init("author", .string(author.name)), .init("mail", .string(author.mail)),
            .init("subject", .string(subject)),
        ]
    }
}
