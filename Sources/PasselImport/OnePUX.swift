import CImport
public import PasselCore

/// 1Password's archive, `.1pux`: a ZIP archive with `export.data` and the files of documents.
public enum OnePUX {
    /// What is in it.
    ///
    /// - Throws: a `Problem` for what is no such archive, or a damaged one.
    public static func items(_ archive: Secret) throws -> ImportedItems {
        guard let places = archive.withBytes({ ZipPlaces($0) }),
            let data = places.files.first(where: { $0.name == "export.data" })
        else {
            throw Problem(
                "it is not a .1pux archive of 1Password",
                hints: ["export it again: 1Password > File > Export, 1PUX"])
        }
        return try OnePasswordImport.items(content(of: data, archive)) { id, name in
            let wanted = "files/\(id)__\(name)" as Text
            return try places.files.first { $0.name == wanted }.map { try content(of: $0, archive) }
        }
    }

    private static func content(of file: ZipPlaces.File, _ archive: Secret) throws -> Secret {
        let packed = archive.slice(file.place)
        let content =
            file.isPacked ? try Unpacking.inflate(packed, .raw, size: file.size) : packed
        let checksum = content.withBytes { passel_crc32($0.baseAddress, $0.count) }
        guard checksum == UInt(file.checksum) else { throw Unpacking.damaged }
        return content
    }
}
