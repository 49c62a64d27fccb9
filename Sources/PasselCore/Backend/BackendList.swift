/// A backend that the user has set up.
public struct BackendEntry: Sendable, Hashable {
    /// What locations call it.
    public var name: BackendName
    /// What kind of backend it is, which says what program speaks for it.
    public var type: BackendName
    /// Its settings, in order.
    public var settings: [BackendSetting]

    /// A backend.
    public init(_ name: BackendName, type: BackendName, _ settings: [BackendSetting] = []) {
        self.name = name
        self.type = type
        self.settings = settings
    }
}

/// The backends that this machine knows: a file with a section for each.
///
///     [vault]
///     type = vault
///     address = https://vault.example.org:8200
///     token = passel://infra/vault
///
/// Lines that begin with `#` are left alone. Nothing in it is secret.
public struct BackendList: Sendable {
    private struct Section {
        var lines: [[UInt8]]
        var entry: BackendEntry
    }

    /// What stands before the first section.
    private var head: [[UInt8]] = []
    private var sections: [Section] = []

    /// No backend.
    public init() {}

    /// Reads a file.
    ///
    /// - Throws: a `Problem` that names the line that means nothing.
    public init(_ bytes: [UInt8]) throws(Problem) {
        let lines = bytes.split(separator: .newline, omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let line = Array(line), text = line.trimmingBlanks
            func refused(_ reason: Text) -> Problem { Problem("line \(number + 1): \(reason)") }
            if number == lines.count - 1, line.isEmpty { break }
            if text.isEmpty || text.first == UInt8(ascii: "#") {
                append(line)
                continue
            }
            if text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") {
                guard let name = BackendName(text.dropFirst().dropLast()) else {
                    throw refused("a backend's name has lower-case letters, digits and -")
                }
                guard self[name] == nil else { throw refused("\(name.text) stands there twice") }
                sections.append(Section(lines: [line], entry: BackendEntry(name, type: name)))
                continue
            }
            guard let last = sections.indices.last else {
                throw refused("a setting stands before the first [NAME]")
            }
            let equals = text.firstIndex(of: UInt8(ascii: "=")) ?? text.endIndex
            let (key, value) = (
                text[..<equals].trimmingBlanks, text[equals...].dropFirst().trimmingBlanks
            )
            if key.elementsEqual("type".utf8) {
                guard let type = BackendName(value) else {
                    throw refused("type names no kind of backend")
                }
                sections[last].entry.type = type
            } else {
                let setting: BackendSetting
                do {
                    setting = try BackendSetting(key + [UInt8(ascii: "=")] + value)
                } catch {
                    throw refused(error.message)
                }
                guard !sections[last].entry.settings.contains(where: { $0.key == setting.key })
                else {
                    throw refused("\(setting.key) stands there twice")
                }
                sections[last].entry.settings.append(setting)
            }
            sections[last].lines.append(line)
        }
    }

    private mutating func append(_ line: [UInt8]) {
        if let last = sections.indices.last {
            sections[last].lines.append(line)
        } else {
            head.append(line)
        }
    }

    /// The backends, in the order of the file.
    public var entries: [BackendEntry] { sections.map(\.entry) }

    /// The backend of this name.
    public subscript(name: BackendName) -> BackendEntry? {
        sections.first { $0.entry.name == name }?.entry
    }

    /// Puts a backend in the place of the one of its name, or at the end.
    public mutating func set(_ entry: BackendEntry) {
        let lines: [Text] =
            ["[\(entry.name.text)]", "type = \(entry.type.text)"]
            + entry.settings.map { "\($0.key) = \($0.shownValue)" }
        let section = Section(lines: lines.map(\.bytes), entry: entry)
        if let place = sections.firstIndex(where: { $0.entry.name == entry.name }) {
            sections[place] = section
        } else {
            sections.append(section)
        }
    }

    /// Takes a backend away.
    public mutating func remove(_ name: BackendName) {
        sections.removeAll { $0.entry.name == name }
    }

    /// The file.
    public var text: Text {
        Text((head + sections.flatMap(\.lines)).flatMap { $0 + [.newline] })
    }
}
