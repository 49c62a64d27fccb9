import PasselCore
import PasselStore

/// `recipients ls`: the people of every folder, with their keys.
struct RecipientsList: Command {
    static let word = "ls"
    static let summary = "list who may read, folder by folder"
    static let discussion = """
        A folder without readers of its own has those of the folder above it. “not pinned” is what \
        this machine has not acknowledged yet.
        """
    static let parameters: [any Parameter] = [path, Flag.json]
    private static let path = Option(
        "path", letter: "p", .folder, "only this folder and what lies in it")

    let session: Session
    let arguments: Arguments

    func run() throws -> ExitStatus {
        let listing = try session.store.teamListing(below: arguments[Self.path] ?? "")
        if arguments[Flag.json] {
            session.output.json(json(listing))
            return .done
        }
        show(listing)
        if listing.folders.contains(where: { !$0.isPinned }) {
            session.warn(
                Problem(
                    "some of it is not what this machine has acknowledged",
                    hints: [
                        "see what changed, and accept or refuse it: \(session.program) recipients review"
                    ]))
        }
        return .done
    }

    // MARK: For people

    private func show(_ listing: TeamListing) {
        guard let first = listing.folders.first else { return }
        let header: Text = first.path == Roster.top ? "Password Store" : Text(first.path.bytes)
        let origin: Text = first.isOwn ? "" : ", as in \(first.source.folderText)"
        session.output.line(header + origin)
        var rest = listing.folders.dropFirst()
        Tree(people(first) + nodes(below: first.path, &rest)).print(session)
    }

    /// Folders stand beneath the nearest one above them that has people of its own.
    private func nodes(
        below parent: Path, _ rest: inout ArraySlice<TeamListing.Folder>
    ) -> [Tree.Node] {
        var nodes: [Tree.Node] = []
        while let folder = rest.first, parent == Roster.top || folder.path.isWithin(parent) {
            rest.removeFirst()
            let name =
                parent == Roster.top
                ? folder.path : folder.path.relative(to: parent) ?? folder.path
            var node = Tree.Node(Styled(name.folderText, .strong))
            if !folder.isPinned { node.cells.append(Standing.notPinned.cell) }
            node.children = people(folder) + self.nodes(below: folder.path, &rest)
            nodes.append(node)
        }
        return nodes
    }

    private func people(_ folder: TeamListing.Folder) -> [Tree.Node] {
        folder.people.map { person in
            let until: Text = person.until.map { " until \($0.spelling)" } ?? ""
            return Tree.Node(
                person.key.cell, person.key.fingerprintCell,
                Styled("\(person.role.rawValue)\(until)"), person.standing.cell)
        }
    }

    // MARK: For programs

    private func json(_ listing: TeamListing) -> JSON {
        [
            "generation": listing.generation.map { .int(Int64($0)) } ?? .null,
            "folders": .array(listing.folders.map(json)),
        ]
    }

    private func json(_ folder: TeamListing.Folder) -> JSON {
        [
            "folder": .path(folder.path),
            "own": .bool(folder.isOwn),
            "inherited_from": .path(folder.isOwn ? nil : folder.source),
            "pinned": .bool(folder.isPinned),
            "people": .array(
                folder.people.map { person in
                    .object(
                        person.key.members + [
                            JSON.Member("role", "\(person.role.rawValue)"),
                            JSON.Member("until", .text(person.until?.spelling)),
                            JSON.Member("expires", .day(person.expires)),
                            JSON.Member("state", person.standing.json),
                        ])
                }),
        ]
    }
}
