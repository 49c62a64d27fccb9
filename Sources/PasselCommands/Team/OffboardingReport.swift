import PasselCore
import PasselStore

/// Shows lists of what somebody who left could read, and how far they are worked off.
struct OffboardingReport {
    let session: Session
    let json: Bool

    static func entries(_ count: Int) -> Text { count == 1 ? "1 entry" : "\(count) entries" }

    /// An entry of a list, by the name that it had.
    private struct Entry {
        let name: Text
        var places: Set<[UInt8]> = []
        var versions: Set<OffboardingList.Content> = []
        var isCertain = false

        var now: [Text] { places.sorted { $0.precedes($1) }.map { Text($0) } }
    }

    private func entries(of list: OffboardingList) -> [Entry] {
        var entries: [[UInt8]: Entry] = [:]
        for item in list.items {
            var entry = entries[item.name] ?? Entry(name: Text(item.name))
            if let place = item.place.name { entry.places.insert(place) }
            entry.versions.formUnion(item.contents)
            if item.isCertain { entry.isCertain = true }
            entries[item.name] = entry
        }
        return entries.sorted { $0.key.precedes($1.key) }.map(\.value)
    }

    // MARK: The list

    func show(_ list: OffboardingList, _ outcome: TeamChange.Outcome? = nil) {
        let entries = entries(of: list)
        guard !json else {
            session.output.json(
                .object(members(list, entries) + (outcome == nil ? [] : outcome.members)))
            return
        }
        var table = Table("ENTRY", "NOW", .right("VERSIONS"))
        for entry in entries {
            let versions: Text = entry.isCertain ? "\(entry.versions.count)" : "perhaps"
            table.add(Styled(entry.name), now(entry.now), Styled(versions))
        }
        table.print(session)
        let name = Text(list.name)
        guard let outcome else {
            session.output.error("\(name) could read \(Self.entries(entries.count))")
            return
        }
        session.output.error(
            "\(name) left; \(Self.entries(outcome.reencrypted.count)) encrypted anew, \(Self.entries(entries.count)) to change"
        )
        if !entries.isEmpty {
            let next = "\(session.program) offboard --status \(list.person.hex)" as Text
            session.output.error("\(session.program): hint: see what is left to do: \(next)")
        }
    }

    private func now(_ places: [Text]) -> Styled {
        places.isEmpty ? Styled("-", .warning) : Styled(places.joined(separator: ", "))
    }

    private func members(_ list: OffboardingList, _ entries: [Entry]) -> [JSON.Member] {
        [
            JSON.Member("person", person(list)), JSON.Member("day", .string(list.day.spelling)),
            JSON.Member(
                "entries",
                .array(
                    entries.map {
                        [
                            "entry": .string($0.name), "now": texts($0.now),
                            "versions": .array(
                                $0.versions.sorted().map { .string(Text($0.hex.utf8)) }),
                            "certain": .bool($0.isCertain),
                        ]
                    })),
        ]
    }

    private func person(_ list: OffboardingList) -> JSON {
        .object(NamedKey(name: Text(list.name), fingerprint: list.person).members)
    }

    private func texts(_ texts: [Text]) -> JSON { .array(texts.map { .string($0) }) }

    // MARK: What is left to do

    func show(_ statuses: [OffboardingStatus]) {
        guard !json else {
            session.output.json(["people": .array(statuses.map(object))])
            return
        }
        var table = Table("ENTRY", "NOW", "WHY", "WHO")
        for status in statuses {
            for item in status.items {
                guard case .open(let reason) = item.state else { continue }
                table.add(
                    Styled(item.name), now(item.places), reason.cell(isCertain: item.isCertain),
                    Styled(Text(status.list.name)))
            }
        }
        table.print(session)
        for status in statuses {
            let list = status.list
            let left: Text = "\(Text(list.name)) left on \(list.day.spelling)"
            session.output.error(
                status.openCount == 0
                    ? "\(left); all of \(Self.entries(status.items.count)) settled"
                    : "\(left); \(status.openCount) of \(Self.entries(status.items.count)) open")
        }
        if statuses.isEmpty { session.output.error("nobody left yet") }
        if statuses.contains(where: \.needsHand) {
            session.output.error(
                "\(session.program): hint: once it is changed where it was used: \(session.program) offboard --done ENTRY"
            )
        }
    }

    private func object(_ status: OffboardingStatus) -> JSON {
        [
            "person": person(status.list), "day": .string(status.list.day.spelling),
            "open": .int(Int64(status.openCount)),
            "entries": .array(
                status.items.map { item in
                    [
                        "entry": .string(item.name), "now": texts(item.places),
                        "certain": .bool(item.isCertain), "state": item.state.word,
                        "reason": item.state.reason.map { .string(Text($0.rawValue.utf8)) }
                            ?? .null,
                        "done": item.state.day.map { .string($0.spelling) } ?? .null,
                    ]
                }),
        ]
    }
}

extension OffboardingStatus {
    /// Whether something can only be settled by hand.
    fileprivate var needsHand: Bool {
        items.contains { [.gone, .unknown].contains($0.state.reason) }
    }
}

extension OffboardingStatus.State {
    fileprivate var word: JSON {
        switch self {
        case .open: "open"
        case .closed: "closed"
        case .done: "done"
        }
    }

    fileprivate var reason: OffboardingStatus.Reason? {
        if case .open(let reason) = self { reason } else { nil }
    }

    fileprivate var day: Day? {
        if case .done(let day) = self { day } else { nil }
    }
}

extension OffboardingStatus.Reason {
    /// The reason in words.
    fileprivate func cell(isCertain: Bool) -> Styled {
        switch self {
        case .readable: Styled("still encrypted to them", .bad)
        case .unchanged where isCertain: Styled("not changed", .bad)
        case .unchanged: Styled("not changed; perhaps they could read it", .warning)
        case .unknown: Styled("cannot be told", .warning)
        case .gone: Styled("removed from the store; change it where it was used", .warning)
        }
    }
}
