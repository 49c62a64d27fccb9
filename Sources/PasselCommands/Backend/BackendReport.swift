import PasselCore

/// Shows how backends are set up.
struct BackendReport {
    let session: Session

    func show(_ entry: BackendEntry, json: Bool) {
        guard !json else { return session.output.json(self.json(entry)) }
        session.output.line("name: \(entry.name.text)")
        session.output.line("type: \(entry.type.text)")
        for setting in entry.settings {
            session.output.line("\(setting.key): \(setting.shownValue)")
        }
    }

    func json(_ entry: BackendEntry) -> JSON {
        [
            "name": .string(entry.name.text), "type": .string(entry.type.text),
            "settings": .array(
                entry.settings.map {
                    [
                        "key": .string($0.key), "value": .string($0.shownValue),
                        "credential": .bool($0.isCredential),
                    ]
                }),
        ]
    }
}
