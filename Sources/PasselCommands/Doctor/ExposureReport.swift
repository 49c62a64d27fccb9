import PasselCore
import PasselStore

/// What a copy of the repository tells, for people.
struct ExposureReport {
    private let exposure: Exposure

    init(_ exposure: Exposure) { self.exposure = exposure }

    func print(_ session: Session) {
        var table = Table("WHAT", "WHICH", .right("SIZE"), .right("COUNT"), "FIRST", "LAST")
        func add(_ what: Text, _ which: Text, size: Int? = nil, _ span: Exposure.Span) {
            table.add(
                Styled(what), Styled(which), Styled(size.map { "\($0)" } ?? ""),
                Styled("\(span.count)"), Styled(Instant(second: span.first).spelling),
                Styled(Instant(second: span.last).spelling))
        }
        func add(_ what: Text, _ which: Text, count: Int) {
            table.add(
                Styled(what), Styled(which), Styled(""), Styled("\(count)"), Styled(""), Styled(""))
        }
        add("commits", "", exposure.commits)
        for person in exposure.people { add("author", person.name, person.span) }
        for reader in exposure.readers { add("reader", reader.key.shown, count: reader.files) }
        for listed in exposure.listed { add("listed", listed.name, count: listed.lists) }
        for entry in exposure.entries { add("entry", entry.name, size: entry.size, entry.span) }
        for file in exposure.others { add("file", file.name, size: file.size, file.span) }
        for file in exposure.removed { add("removed", file.name, file.span) }
        table.print(session)
        session.output.error(
            """
            That is what a copy of the repository tells without any key. The message of a commit \
            says what it changed, a signature who made it. Files that are no entries can be read: \
            lists and the roster say who reads what, keys bear names and addresses, profiles name \
            variables. What entries and events of the log say stays hidden.
            """)
    }
}

extension KeyID {
    fileprivate var shown: Text { self == .hidden ? "hidden" : Text(hex.utf8) }
}

extension Exposure {
    /// Everything.
    var json: JSON {
        [
            "commits": .object(commits.members),
            "authors": .array(people.map { .object($0.span.with("name", .string($0.name))) }),
            "readers": .array(
                readers.map { ["key": .string($0.key.shown), "files": .int(Int64($0.files))] }),
            "listed": .array(
                listed.map { ["name": .string($0.name), "lists": .int(Int64($0.lists))] }),
            "entries": .array(entries.map(\.json)),
            "files": .array(others.map(\.json)),
            "removed": .array(removed.map { .object($0.span.with("name", .string($0.name))) }),
        ]
    }
}

extension Exposure.File {
    fileprivate var json: JSON {
        .object(
            [JSON.Member("name", .string(name)), JSON.Member("size", .int(Int64(size ?? 0)))]
                + span.members)
    }
}

extension Exposure.Span {
    fileprivate var members: [JSON.Member] {
        [
            JSON.Member("count", .int(Int64(count))), JSON.Member("first", .int(first)),
            JSON.Member("last", .int(last)),
        ]
    }

    fileprivate func with(_ key: String, _ value: JSON) -> [JSON.Member] {
        [JSON.Member(key, value)] + members
    }
}
