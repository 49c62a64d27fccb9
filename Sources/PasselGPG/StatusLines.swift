/// What gpg says for programs to read: `[GNUPG:] KEYWORD ARGUMENTS`, one a line (doc/DETAILS in
/// GnuPG).
struct StatusLines {
    private let lines: [[Substring]]?

    /// The lines of `report`; nothing when the user sent them elsewhere.
    init(_ report: [UInt8]?) {
        lines = report.map { bytes in
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                return words.first == "[GNUPG:]" ? Array(words.dropFirst()) : nil
            }
        }
    }

    /// Whether there is a line with this keyword; true where the lines are not ours to read, so
    /// that the exit status decides.
    func has(_ keyword: String) -> Bool {
        guard let lines else { return true }
        return lines.contains { $0.first.map(String.init) == keyword }
    }

    /// The arguments of every line with this keyword.
    func arguments(of keyword: String) -> [[Substring]] {
        (lines ?? []).filter { $0.first.map(String.init) == keyword }.map { Array($0.dropFirst()) }
    }
}
