/// Entries from any JSON: an object is a folder, and each text in it an entry.
///
/// An object that has a `password` is one entry, and so is one in an array; its other members are
/// fields.
enum JSONImport {
    static func items(_ source: Secret) throws -> ImportedItems {
        try source.withBytes { bytes in
            guard let json = JSONPlaces(bytes, parts: ImportFormat.mostParts) else {
                throw Problem("it is not JSON, or a key in it stands twice")
            }
            var reader = Reader(json: json)
            switch json.root {
            case .object: reader.read(json.root, in: [])
            case .array(let elements):
                for element in elements { reader.read(element, in: []) }
            default:
                throw Problem("it is a single value: only objects have names for entries")
            }
            return reader.result
        }
    }

    private struct Reader {
        let json: JSONPlaces
        var result = ImportedItems()

        mutating func read(_ node: JSONPlaces.Node, in folder: [Text]) {
            let members = json.members(node)
            let roles = LoginTable.roles(of: members.map(\.key))
            if let place = roles.firstIndex(of: .password), case .string = members[place].value {
                return login(members, roles, in: folder)
            }
            for (key, value) in members {
                let name = folder + [key]
                switch value {
                case .object: read(value, in: name)
                case .array(let elements) where elements.allSatisfy(\.isObject):
                    for element in elements { read(element, in: name) }
                case .array, .null: result.leftOut.append("\(shown(name)) is no text")
                case .string, .number, .bool:
                    let value = json.value(value)
                    guard let value, !value.isEmpty else {
                        result.leftOut.append("\(shown(name)) is empty")
                        continue
                    }
                    let content = ImportedContent(secret: value)
                    result.items.append(
                        ImportedItem(place: name, content: content.content, goesOn: content.goesOn))
                }
            }
        }

        /// An object that is one entry.
        private mutating func login(
            _ members: [(key: Text, value: JSONPlaces.Node)], _ roles: [LoginTable.Role],
            in folder: [Text]
        ) {
            var cells: [(role: LoginTable.Role, value: Secret)] = []
            for (member, role) in zip(members, roles) {
                guard let value = json.value(member.value) else {
                    if case .null = member.value { continue }
                    result.leftOut.append("\(shown(folder + [member.key])) is no text")
                    continue
                }
                cells.append((role, value))
            }
            // In an object with a name of its own that is the entry's.
            let isNamed = roles.contains { [.title, .url].contains($0) } || folder.isEmpty
            guard let item = LoginTable().item(cells) else { return }
            result.items.append(
                ImportedItem(
                    place: isNamed ? folder + item.place : folder, account: item.account,
                    content: item.content, goesOn: item.goesOn))
        }

        private func shown(_ place: [Text]) -> Text { place.joined(separator: "/") }
    }
}

extension JSONPlaces.Node {
    fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}
