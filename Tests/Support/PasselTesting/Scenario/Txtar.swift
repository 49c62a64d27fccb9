/// A text archive: a comment, then files, each headed by a line `-- name --`.
public struct Txtar: Sendable {
    /// One file of the archive.
    public struct Section: Sendable {
        /// Its name, as the heading has it.
        public var name: String
        /// Everything between its heading and the next.
        public var content: Bytes
    }

    /// The lines before the first heading.
    public private(set) var comment: [Bytes] = []
    /// The files, in order.
    public private(set) var sections: [Section] = []

    /// Reads an archive.
    public init(_ bytes: Bytes) {
        for line in bytes.lines {
            if let name = Txtar.heading(line) {
                sections.append(Section(name: name, content: []))
            } else if sections.isEmpty {
                comment.append(line)
            } else {
                sections[sections.count - 1].content += line + [0x0A]
            }
        }
    }

    /// The content of the file called `name`.
    public subscript(name: String) -> Bytes? { sections.first { $0.name == name }?.content }

    /// The archive's text with the content of the file `name` replaced; nil if it has none, or if
    /// the content cannot be a section because it does not end in a newline.
    func replacing(_ name: String, with content: Bytes) -> Bytes? {
        guard self[name] != nil, content.isEmpty || content.last == 0x0A else { return nil }
        return comment.flatMap { $0 + [0x0A] }
            + sections.flatMap { section in
                Bytes("-- \(section.name) --\n".utf8)
                    + (section.name == name ? content : section.content)
            }
    }

    private static func heading(_ line: Bytes) -> String? {
        guard line.hasPrefix("-- "), line.hasSuffix(" --"), line.count > 6 else { return nil }
        return Bytes(line.dropFirst(3).dropLast(3)).trimmed.text
    }
}
