import PasselCore
import PasselStore

/// `fsck`: whether everything that a store is made of is as it should be.
struct FsckCommand: Command {
    static let word = "fsck"
    static let summary = "check everything that the store is made of, and repair it"
    static let discussion = """
        Who may get at the files, names, what is left over, the files against the newest commit, \
        every object of the history, the packets and recipients of every entry, lists, roster, \
        security log and index. Ends with 4 when anything is wrong. A repair keeps what it \
        replaces in .git/passel-damaged.
        """
    static let parameters: [any Parameter] = [full, repair, Flag.json]
    private static let full = Flag("full", "decrypt every entry, too")
    private static let repair = Flag("repair", "put right what can be without losing anything")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let check = try session.store.fsck(
            full: arguments[Self.full], repairing: arguments[Self.repair])
        if arguments[Flag.json] {
            session.output.json([
                "entries": .int(Int64(check.entries)), "opened": .int(Int64(check.opened)),
                "flaws": .array(
                    check.flaws.map {
                        [
                            "kind": .string(Text($0.kind.rawValue.utf8)), "name": .string($0.name),
                            "problem": .string($0.text), "good_version": .text($0.goodVersion),
                            "repaired": .bool($0.isRepaired),
                        ]
                    }),
            ])
            return check.needsAttention ? .needsAttention : .done
        }
        var table = Table("WHAT", "WHICH", "PROBLEM", "GOOD IN", "STATE")
        for flaw in check.flaws {
            table.add(
                Styled(Text(flaw.kind.rawValue.utf8)), Styled(flaw.name), Styled(flaw.text),
                Styled(Text(flaw.goodVersion?.bytes.prefix(12) ?? [])),
                flaw.isRepaired ? Styled("repaired", .good) : Styled("", .bad))
        }
        table.print(session)
        var hints: [Text] = []
        for flaw in check.flaws where !flaw.isRepaired {
            if let hint = flaw.hint, !hints.contains(hint) { hints.append(hint) }
        }
        for hint in hints { session.hint(hint) }
        let entries: Text = check.entries == 1 ? "1 entry" : "\(check.entries) entries"
        let opened: Text = arguments[Self.full] ? ", \(check.opened) decrypted" : ""
        let count = check.flaws.count { !$0.isRepaired }
        session.output.error(
            "\(entries)\(opened): \(count == 0 ? "nothing is wrong" : "\(count) to be looked at")")
        return check.needsAttention ? .needsAttention : .done
    }
}
