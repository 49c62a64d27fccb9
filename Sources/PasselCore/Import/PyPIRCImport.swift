/// Entries from a `.pypirc`: one for each index.
enum PyPIRCImport {
    static func items(_ source: Secret) throws -> ImportedItems {
        let file = INIFile(source)
        var result = ImportedItems()
        var seen: Set<[UInt8]> = []
        for section in file.sections where !section.name.elementsEqual("distutils".utf8) {
            let name = Text(section.name)
            guard seen.insert(section.name).inserted else {
                throw Problem("it has the section [\(name)] twice, so nothing can read it")
            }
            func value(_ key: String) -> Secret? {
                section.options.last { $0.key.elementsEqual(key.utf8) }.map(file.value)
            }
            guard let password = value("password"), !password.isEmpty else {
                result.leftOut.append("[\(name)] has no password")
                continue
            }
            var content = ImportedContent(secret: password)
            content.add("username", value("username"))
            content.add("url", value("repository")?.asText ?? Self.indexes[name])
            for option in section.options {
                let key = String(decoding: option.key, as: UTF8.self)
                guard !["username", "password", "repository"].contains(key) else { continue }
                content.add(Text(option.key), file.value(option))
            }
            result.items.append(ImportedItem(place: [name], content: content.content))
        }
        return result
    }

    private static let indexes: [Text: Text] = [
        "pypi": "https://upload.pypi.org/legacy/", "testpypi": "https://test.pypi.org/legacy/",
    ]
}
