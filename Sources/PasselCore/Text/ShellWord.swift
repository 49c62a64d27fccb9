/// A word as it is typed into a shell.
public enum ShellWord {
    /// The word itself where no shell reads more into it, else between quotes.
    public static func text(_ word: [UInt8]) -> Text {
        let isPlain =
            !word.isEmpty
            && word.allSatisfy {
                (0x61...0x7a).contains($0 | 0x20) || $0.isDigit || "_@%+=:,./-".utf8.contains($0)
            }
        return isPlain ? Text(word) : QuotedName.text(word, utf8: true)
    }
}
