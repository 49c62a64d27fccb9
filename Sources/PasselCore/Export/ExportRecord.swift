/// What is remembered of a file with secrets that was written: where it is, what it is made of, and
/// keyed hashes by which a change of it or of the store shows.
public struct ExportRecord: Sendable, Equatable {
    /// One value in the file.
    public struct Item: Sendable, Equatable {
        /// What it is called there.
        public var name: Text
        /// The reference to the entry, as it is written.
        public var reference: Text
        /// The mark of the part that it stands in.
        public var mark: Text
        /// The value that the store had.
        public var value: Digest

        /// A value in a file.
        public init(name: Text, reference: Text, mark: Text, value: Digest) {
            self.name = name
            self.reference = reference
            self.mark = mark
            self.value = value
        }
    }

    /// Where the file is; absolute, links in its folder resolved.
    public var path: Path
    /// The format with its options.
    public var form: ExportForm
    /// When it was written.
    public var time: Int64
    /// When the tokens in it end that were made for it.
    public var ends: Int64?
    /// The values, in order.
    public var items: [Item]
    /// Every part that is ours, by its mark.
    public var parts: [Text: Digest]
    /// The parts as they were before, until it is sure that the file was written.
    public var before: [Text: Digest] = [:]

    /// A file that is about to be written.
    public init(
        path: Path, form: ExportForm, time: Int64, ends: Int64?, items: [Item],
        parts: [Text: Digest]
    ) {
        self.path = path
        self.form = form
        self.time = time
        self.ends = ends
        self.items = items
        self.parts = parts
    }
}

extension ExportRecord {
    /// A word of its own, a name, and what belongs to it: every line of the text has three.
    private static func line(_ word: String, _ name: Text, _ value: [UInt8]) -> [UInt8] {
        Array(word.utf8) + [0x20] + PercentEncoding.encode(name.bytes) + [0x20]
            + PercentEncoding.encode(value) + [.newline]
    }

    private var options: [(Text, Text?)] {
        [
            ("keyring", form.usesKeyring ? "yes" : nil),
            ("materialise", form.isMaterialised ? "yes" : nil), ("profile", form.profile),
            ("template", form.templatePath.map { Text($0.bytes) }),
            ("name", form.name), ("namespace", form.namespace),
            ("kind", form.kind == .opaque ? nil : Text(form.kind.rawValue.utf8)),
            (
                "projects",
                form.projects.isEmpty ? nil : form.projects.joined(separator: ",")
            ), ("lifetime", form.lifetime.map { "\($0)" }), ("ends", ends.map { "\($0)" }),
            ("time", "\(time)"),
        ]
    }

    private var lines: [UInt8] {
        var lines = Self.line("file", Text(form.format.rawValue.utf8), path.bytes)
        for case (let name, let value?) in options {
            lines += Self.line("option", name, value.bytes)
        }
        for item in items {
            lines += Self.line("item", item.name, item.reference.bytes)
            lines += Self.line("in", item.mark, item.value.bytes)
        }
        for (word, parts) in [("part", parts), ("before", before)] {
            for (mark, digest) in parts.sorted(by: { $0.key.bytes.precedes($1.key.bytes) }) {
                lines += Self.line(word, mark, digest.bytes)
            }
        }
        return lines
    }

    /// Several records as one text.
    public static func text(_ records: [ExportRecord]) -> [UInt8] { records.flatMap(\.lines) }

    /// The records of such a text; nothing when it is none.
    public static func read(_ text: [UInt8]) -> [ExportRecord]? {
        var records: [ExportRecord] = []
        for line in text.split(separator: .newline) {
            let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
            guard words.count == 3, let name = PercentEncoding.decode(words[1]).map({ Text($0) }),
                let value = PercentEncoding.decode(words[2])
            else { return nil }
            let word = String(decoding: words[0], as: UTF8.self)
            if word == "file" {
                guard let format = ExportFormat(rawValue: name.description) else { return nil }
                records.append(
                    ExportRecord(
                        path: Path(value), form: ExportForm(format), time: 0, ends: nil, items: [],
                        parts: [:]))
            } else if records.isEmpty || !records[records.count - 1].take(word, name, value) {
                return nil
            }
        }
        return records
    }

    private mutating func take(_ word: String, _ name: Text, _ value: [UInt8]) -> Bool {
        switch word {
        case "item":
            items.append(
                Item(
                    name: name, reference: Text(value), mark: "", value: Digest(of: [])))
        case "in", "part", "before":
            guard value.count == 32 else { return false }
            let digest = Digest(hash: value)
            if word == "part" { parts[name] = digest }
            if word == "before" { before[name] = digest }
            guard word == "in" else { return true }
            guard !items.isEmpty else { return false }
            items[items.count - 1].mark = name
            items[items.count - 1].value = digest
        case "option": return setOption(name.description, Text(value))
        default: return false
        }
        return true
    }

    private mutating func setOption(_ name: String, _ value: Text) -> Bool {
        let number = Int64(value.description)
        switch name {
        case "keyring": form.usesKeyring = true
        case "materialise": form.isMaterialised = true
        case "profile": form.profile = value
        case "template": form.templatePath = Path(value.bytes)
        case "name": form.name = value
        case "namespace": form.namespace = value
        case "kind":
            guard let kind = KubernetesSecret.Kind(rawValue: value.description) else {
                return false
            }
            form.kind = kind
        case "lifetime": form.lifetime = number
        case "projects":
            form.projects = value.bytes.split(separator: UInt8(ascii: ",")).map { Text($0) }
        case "ends": ends = number
        case "time":
            guard let number else { return false }
            time = number
        default: return false
        }
        return true
    }
}
