import PasselCore
import PasselStore

/// `recipients check`: whether every entry can be read by whom its folder names, and by nobody else.
struct RecipientsCheck: Command {
    static let word = "check"
    static let summary = "compare who can read every entry with who should"
    static let discussion = """
        Judged by the packets of the files alone: nothing is decrypted, and no passphrase is needed. \
        The status is 4 if anything has to be done. An entry that is encrypted to an expired subkey \
        of the right person is listed, but is no drift.
        """
    static let parameters: [any Parameter] = [path, Flag.json]
    private static let path = Option(
        "path", letter: "p", .entryOrFolder, "only this folder or entry")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let path = arguments[Self.path] ?? ""
        let drift = try session.store.drift(below: path)
        if path.isEmpty { session.store.remember(drift) }
        if arguments[Flag.json] {
            session.output.json(drift.json)
        } else {
            var table = Table("WHAT", "WHERE", "WHO", "KEY")
            for entry in drift.entries { DriftRows(entry).add(to: &table) }
            add(drift.people, to: &table)
            for list in drift.unacknowledged {
                let place = list.folder?.folderText ?? Text(Roster.file.bytes)
                table.add(Standing.notPinned.cell, Styled(place), Styled(list.what), "")
            }
            for folder in drift.unlisted {
                table.add(Styled("unreadable", .bad), Styled(folder.folder), Styled(folder.why), "")
            }
            table.print(session)
            summarise(drift)
        }
        return drift.isNone ? .done : .needsAttention
    }

    private func add(_ people: [Drift.Person], to table: inout Table) {
        for person in people {
            for folder in person.folders {
                table.add(
                    person.standing.cell, Styled(folder.folderText), person.key.cell,
                    person.key.fingerprintCell)
            }
        }
    }

    private func summarise(_ drift: Drift) {
        let drifted = drift.drifted.count
        let entries: Text = drift.checked == 1 ? "1 entry" : "\(drift.checked) entries"
        session.output.error(
            "\(entries) looked at, \(drifted == 0 ? "none" : "\(drifted)") drifted")
        var hints: [Text] = []
        if !drift.unacknowledged.isEmpty {
            hints.append(
                "see what changed, and accept or refuse it: \(session.program) recipients review")
        }
        if drifted > 0 {
            hints.append("encrypt them for the right people: \(session.program) recipients heal")
        }
        for hint in hints { session.hint(hint) }
    }
}

/// What is told of one entry: a row for each thing.
struct DriftRows {
    private let entry: Drift.Entry

    init(_ entry: Drift.Entry) { self.entry = entry }

    func add(to table: inout Table) {
        let name = Styled(entry.name)
        for key in entry.missing {
            table.add(Styled("missing", .bad), name, key.cell, key.fingerprintCell)
        }
        for reader in entry.extra {
            table.add(Styled("extra", .bad), name, reader.cells.who, reader.cells.key)
        }
        if entry.hidden > 0 {
            table.add(
                Styled("hidden", .warning), name,
                entry.hidden == 1 ? "1 recipient" : "\(entry.hidden) recipients", "")
        }
        for subkey in entry.oldSubkeys {
            table.add(
                subkey.isRevoked ? Styled("revoked subkey", .bad) : Styled("old subkey", .faint),
                name, subkey.owner.cell, Styled("\(subkey.id.hex)"))
        }
        if let flaw = entry.flaw { table.add(Styled("unreadable", .bad), name, Styled(flaw), "") }
        if entry.usesAEAD {
            table.add(
                Styled("aead", .warning), name, "GnuPG before 2.3 and most phones cannot read it",
                "")
        }
        if entry.folder == nil {
            table.add(Styled("no list", .bad), name, "no list of recipients holds for it", "")
        }
    }
}

extension Drift {
    fileprivate var json: JSON {
        [
            "checked": .int(Int64(checked)),
            "drifted": .int(Int64(drifted.count)),
            "entries": .array(entries.map(\.json)),
            "people": .array(
                people.map { person in
                    .object(
                        person.key.members + [
                            JSON.Member("folders", .array(person.folders.map { .path($0) })),
                            JSON.Member("state", person.standing.json),
                            JSON.Member("since", person.standing.since),
                        ])
                }),
            "unacknowledged": .array(
                unacknowledged.map { ["folder": .path($0.folder), "what": .string($0.what)] }),
            "unlisted": .array(
                unlisted.map { ["folder": .string($0.folder), "reason": .string($0.why)] }),
        ]
    }
}

extension Drift.Entry {
    fileprivate var json: JSON {
        [
            "entry": .string(name),
            "folder": .path(folder),
            "drifted": .bool(isDrifted),
            "missing": .array(missing.map { .object($0.members) }),
            "extra": .array(extra.map(\.json)),
            "hidden": .int(Int64(hidden)),
            "old_subkeys": .array(
                oldSubkeys.map { subkey in
                    .object(
                        subkey.owner.members + [
                            JSON.Member("key_id", "\(subkey.id.hex)"),
                            JSON.Member("revoked", .bool(subkey.isRevoked)),
                        ])
                }),
            "unreadable": .text(flaw),
            "aead": .bool(usesAEAD),
        ]
    }
}

extension Standing {
    /// The day on which somebody could not be encrypted to any more, where it is known.
    fileprivate var since: JSON {
        switch self {
        case .expired(let end): .day(end)
        case .ended(let day): .string(day.spelling)
        default: .null
        }
    }
}
