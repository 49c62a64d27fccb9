import PasselCore
import PasselStore

/// A status in a few signs, such as `main ↑2 ↓1 *3 ~1 !1`.
///
/// The branch; how many commits wait to be pushed and to be merged, of the remote with most; how
/// many files are not committed; how many entries drifted; how many things wait for a person. What
/// is nothing is left out.
struct StatusLine {
    private(set) var pieces: [Styled] = []

    /// - Parameter utf8: whether arrows can be shown; otherwise it is `+` and `-`.
    init(_ status: StoreStatus, utf8: Bool) {
        if let branch = status.branch {
            pieces.append(Styled(branch, .strong))
        } else if status.isRepository {
            pieces.append(Styled("detached", .warning))
        }
        func add(_ sign: Text, _ count: Int, _ look: Look) {
            if count > 0 { pieces.append(Styled("\(sign)\(count)", look)) }
        }
        add(utf8 ? "↑" : "+", status.remotes.map(\.toPush).max() ?? 0, .good)
        add(utf8 ? "↓" : "-", status.remotes.map(\.toPull).max() ?? 0, .good)
        add("*", status.uncommitted.count, .warning)
        add("~", status.check?.drifted ?? 0, .bad)
        add("!", status.decisions, .bad)
    }

    /// The line; in colours where there are any.
    func bytes(_ looks: Looks) -> [UInt8] {
        // A prompt shows it on a terminal, wherever it goes to first.
        pieces.map { looks.apply($0.look, to: TerminalText.sanitised($0.text.bytes)) }
            .joined(separator: [0x20]) + [.newline]
    }
}
