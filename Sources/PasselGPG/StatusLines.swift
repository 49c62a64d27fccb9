import PasselCore

/// What gpg says for programs to read: `[GNUPG:] KEYWORD ARGUMENTS`, one a line (doc/DETAILS in
/// GnuPG).
struct StatusLines {
    private let lines: [[Substring]]?
    /// The message's session key, where gpg was asked to tell it.
    let sessionKey: SessionKey?

    /// The lines of `report`; nothing when the user sent them elsewhere.
    ///
    /// That of the session key is in none of them: it is secret.
    init(_ report: Secret?) {
        let start = Array("[GNUPG:] SESSION_KEY ".utf8)
        var key: SessionKey?
        lines = report.map { report in
            report.withBytes { bytes in
                bytes.split(separator: .newline).compactMap { line in
                    if line.starts(with: start) {
                        let spelling = UnsafeRawBufferPointer(
                            rebasing: line.dropFirst(start.count))
                        key = SessionKey(Secret(copying: spelling))
                        return nil
                    }
                    let words = String(decoding: line, as: UTF8.self).split(separator: " ")
                    return words.first == "[GNUPG:]" ? Array(words.dropFirst()) : nil
                }
            }
        }
        sessionKey = key
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
