import PasselCore
import PasselStore

/// `backup ls`: the backups in a folder.
struct BackupList: Command {
    static let word = "ls"
    static let summary = "list the backups in a folder"
    static let discussion = """
        By their heads, the newest first; nothing is decrypted. Whether one is whole in every bit, \
        and can be opened, is for backup verify to say.
        """
    static let parameters: [any Parameter] = [folder, Flag.json]
    private static let folder = OptionalOperand(
        "DIR", .directory, "the folder; otherwise the current one")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let found = try BackupFile.glances(in: arguments[Self.folder] ?? ".")
        if arguments[Flag.json] {
            session.output.json([
                "backups": .array(
                    found.map {
                        [
                            "file": .path($0.path), "created": .text($0.created?.spelling),
                            "size": .int(Int64($0.size)), "complete": .bool($0.isComplete),
                        ]
                    })
            ])
            return .done
        }
        var table = Table("FILE", "MADE", .right("SIZE"), "STATE")
        for backup in found {
            table.add(
                Styled(Text(backup.path.name)), Styled(backup.created?.spelling ?? "-"),
                Styled(ByteCount.text(backup.size)),
                backup.isComplete
                    ? Styled("complete", .good) : Styled("damaged or cut off", .bad))
        }
        table.print(session)
        return .done
    }
}
