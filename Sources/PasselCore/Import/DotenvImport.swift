/// Entries from a `.env`: one for each variable, under its name.
enum DotenvImport {
    static func items(_ source: Secret) throws -> ImportedItems {
        let found: [Dotenv.Assignment]
        do {
            found = try Dotenv.assignments(in: source)
        } catch {
            throw Problem("line \(error.line): \(error.reason)")
        }
        var result = ImportedItems()
        var last: [Text: Int] = [:]
        for (index, line) in found.enumerated() { last[line.name.text] = index }
        for (index, line) in found.enumerated() where last[line.name.text] == index {
            let name = line.name.text
            guard !line.value.isEmpty else {
                result.leftOut.append("\(name) is empty")
                continue
            }
            guard !line.value.withBytes({ $0.starts(with: "passel://".utf8) }) else {
                result.leftOut.append("\(name) is a reference to an entry")
                continue
            }
            if let doubt = line.doubt { result.leftOut.append("a doubt about \(name): \(doubt)") }
            let content = ImportedContent(secret: line.value)
            result.items.append(
                ImportedItem(place: [name], content: content.content, goesOn: content.goesOn))
        }
        return result
    }
}
