/// What is known of tokens: one line for each kind.
///
/// What comes first counts first.
enum TokenTable {
    static let rows = blocks + indexes + forges + clouds + services + vague

    /// The row of a token, and whether the token has the row's form.
    ///
    /// What begins as one kind but has not its form is likelier that, mistyped, than something
    /// vague.
    static func row(of bytes: UnsafeRawBufferPointer) -> (row: TokenRow, hasForm: Bool)? {
        var begun: TokenRow?
        for row in rows {
            switch row.match(bytes) {
            case .whole where row.mark != .vague || begun == nil: return (row, true)
            case .start where row.mark == .sure: begun = begun ?? row
            default: continue
            }
        }
        return begun.map { ($0, false) }
    }
}

extension Secret {
    /// What this token is, as far as its text tells; nothing when it looks like none that is known.
    public var tokenFinding: TokenFinding? {
        withBytes { bytes in
            guard bytes.count <= 1 << 20, let (row, hasForm) = TokenTable.row(of: bytes) else {
                return nil
            }
            var finding = TokenFinding(
                row, certainty: row.mark == .vague ? .possible : .certain)
            if bytes.count >= 12, !bytes.contains(.newline) {
                finding.lastFour = Text(bytes.suffix(4))
            }
            finding.isChecksumGood = hasForm ? row.check(bytes) : nil
            if !hasForm || finding.isChecksumGood == false { finding.setMistyped() }
            row.explain(bytes, &finding)
            return finding
        }
    }
}
