import PasselCore
import PasselPosix
import PasselStore

/// `clone`: gets a store from elsewhere.
struct Clone: Command {
    static let word = "clone"
    static let summary = "get a store from elsewhere"
    static let discussion = """
        Fetches the store, looks at everything in it before any of it is used, and shows whom it is \
        for, with their fingerprints: compare those with what the people themselves tell you. What \
        you agree to is what this machine acknowledges from then on. After a no, or when something \
        in it is refused, nothing is left behind.
        """
    static let parameters: [any Parameter] = [url, folder, Flag.yes, Flag.json]
    private static let url = Operand("URL", .text, "where it is, as git takes it")
    private static let folder = OptionalOperand(
        "DIR", .file, "where to put it; otherwise where your store belongs")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let line = TransientLine(session)
        let cloning: Cloning
        do {
            defer { line.erase() }
            cloning = try Cloning(arguments[Self.url], to: store) { line.show($0) }
        }
        do {
            let entries = cloning.entries == 1 ? "1 entry" : "\(cloning.entries) entries"
            try session.approve(
                ["\(entries), for these people:"] + Self.plan(cloning.people),
                question: "Have you compared the fingerprints, and do you want it?", arguments)
        } catch {
            cloning.discard()
            throw error
        }
        try cloning.finish()
        if arguments[Flag.json] {
            session.output.json(json(cloning))
        } else {
            session.output.line("The store is in \(cloning.place).")
        }
        return .done
    }

    private var store: Store {
        guard let folder = arguments[Self.folder] else { return session.store }
        var settings = session.store.settings
        let here = folder.isAbsolute ? folder : Files.currentFolder() / folder
        settings.root = here.withoutTrailingSlashes
        return Store(
            settings, cipher: session.gpg,
            observer: Store.Observer(
                told: { [session] in session.output.error($0) },
                warned: { [session] in session.warn($0) }))
    }

    /// The people, folder by folder.
    private static func plan(_ listing: TeamListing) -> [Text] {
        listing.folders.flatMap { folder -> [Text] in
            [folder.path.folderText + ":"]
                + folder.people.map { person in
                    let key = person.key.fingerprint?.grouped ?? "unknown key"
                    let role: Text =
                        listing.generation == nil ? "" : ", \(person.role.rawValue)"
                    return "  \(key)  \(person.key.name)\(role)"
                }
        }
    }

    private func json(_ cloning: Cloning) -> JSON {
        [
            "place": .path(cloning.place),
            "entries": .int(Int64(cloning.entries)),
            "signature": .text(cloning.gate.commits.first?.trust.word),
            "people": .array(
                cloning.people.folders.flatMap { folder in
                    folder.people.map { person in
                        .object(
                            [JSON.Member("folder", .path(folder.path))] + person.key.members
                                + [JSON.Member("role", "\(person.role.rawValue)")])
                    }
                }),
        ]
    }
}
