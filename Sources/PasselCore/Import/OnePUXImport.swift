/// Items from 1Password's archive, `.1pux`: a ZIP archive with `export.data` and the files of
/// documents.
enum OnePUXImport {
    static func items(_ archive: Secret, inflater: some Inflater) throws -> ImportedItems {
        guard let places = archive.withBytes({ ZipPlaces($0) }),
            let data = places.files.first(where: { $0.name == "export.data" })
        else {
            throw Problem(
                "it is not a .1pux archive of 1Password",
                hints: ["export it again: 1Password > File > Export, 1PUX"])
        }
        func content(of file: ZipPlaces.File) throws -> Secret {
            let packed = archive.slice(file.place)
            let content =
                file.isPacked ? try inflater.inflate(packed, .raw, size: file.size) : packed
            guard file.isWhole(content) else { throw Problem.damagedImport }
            return content
        }
        return try OnePasswordImport.items(content(of: data)) { id, name in
            let wanted = "files/\(id)__\(name)" as Text
            return try places.files.first { $0.name == wanted }.map { try content(of: $0) }
        }
    }
}
