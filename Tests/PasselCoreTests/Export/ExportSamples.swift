import PasselCore

/// Values on their way out, and files as texts.
enum ExportSamples {
    static func item(
        _ name: Text, _ value: String, url: Text? = nil, user: Text? = nil, kind: Text? = nil
    ) -> ExportItem {
        ExportItem(
            name: name, entry: "ci/\(name)", reference: "ci/\(name)", value: Secret(plain: value),
            kind: kind, url: url, username: user)
    }

    static let pypi = item(
        "pypi", "one", url: "https://upload.pypi.org/legacy/", user: "__token__", kind: "pypi")
    static let corp = item("corp", "two", url: "https://pypi.corp.example/legacy/", user: "bot")
}

extension MergedFile {
    /// The file with these items, as a text.
    func merged(_ items: ExportItem..., into text: String = "") throws -> String {
        try content(with: items, in: Secret(plain: text)).exposed
    }

    /// The file without a part, as a text.
    func removed(_ mark: Text, from text: String) throws -> String {
        try removing(mark, from: Secret(plain: text)).exposed
    }

    /// A part, as a text.
    func partText(_ mark: Text, of text: String) throws -> String? {
        try part(mark, of: Secret(plain: text))?.exposed
    }
}

extension WholeFile {
    /// The file with these items, as a text.
    func text(_ items: ExportItem...) throws -> String { try content(items).exposed }
}

extension Secret {
    /// What it holds; of secrets made for a test only.
    var exposed: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}

/// The message of the problem that `body` throws.
func message(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return (error as? Problem).map { "\($0.message)" }
    }
}
