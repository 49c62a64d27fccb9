/// A form in which other programs keep secrets, and from which they can be imported.
public enum ImportFormat: String, Sendable, CaseIterable {
    case pypirc
    case dotenv
    case netrc
    case npmrc
    /// docker's `config.json`.
    case docker
    /// JSON or CSV.
    case bitwarden
    /// CSV.
    case onePassword = "1password"
    /// 1Password's archive.
    case onePUX = "1pux"
    /// CSV.
    case lastpass
    /// XML or CSV.
    case keepass
    /// CSV of browsers, or of anybody, with a header.
    case csv
    case json

    /// More values than any export has.
    static let mostParts = 5_000_000

    /// What is in a file that is not encrypted.
    ///
    /// - Throws: a `Problem` when it is of another form.
    public func items(_ source: Secret, inflater: some Inflater) throws -> ImportedItems {
        guard source.withBytes({ !$0.allSatisfy { $0 <= 0x20 } }) else {
            throw Problem("there is nothing in it")
        }
        switch self {
        case .pypirc: return try PyPIRCImport.items(source)
        case .dotenv: return try DotenvImport.items(source)
        case .netrc: return try NetRCImport.items(source)
        case .npmrc: return try NPMRCImport.items(source)
        case .docker: return try DockerImport.items(source)
        case .json: return try JSONImport.items(source)
        case .bitwarden where source.begins(with: "{"): return try BitwardenImport.items(source)
        case .keepass where source.begins(with: "<"):
            return try KeePassImport.items(source, inflater: inflater)
        case .bitwarden, .keepass, .lastpass, .onePassword, .csv:
            return try CSVImport(format: self).items(source)
        case .onePUX: return try OnePUXImport.items(source, inflater: inflater)
        }
    }
}

extension Secret {
    /// Whether its first character, behind a byte order mark and blanks, is this one.
    func begins(with mark: Unicode.Scalar) -> Bool {
        withBytes { bytes in
            let text = bytes.dropFirst(bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)
            return text.first { $0 > 0x20 } == UInt8(ascii: mark)
        }
    }
}
