/// A kind of file that is ours from its first to its last byte.
public protocol WholeFile: Sendable {
    /// The file with these items.
    ///
    /// - Throws: a `Problem` when the format or those who read it cannot hold an item.
    func content(_ items: [ExportItem]) throws -> Secret
}

/// One JSON object, a member for each value.
public struct JSONFile: WholeFile {
    /// The format.
    public init() {}

    /// As the protocol says.
    public func content(_ items: [ExportItem]) throws -> Secret {
        try ExportItem.requireDistinctNames(items)
        var pieces: [ContentPiece] = ["{"]
        for (index, item) in items.enumerated() {
            guard item.value.withBytes({ $0.isUTF8 }) else {
                throw item.unfit(for: "JSON", "it is not UTF-8")
            }
            pieces += [
                index == 0 ? "\n  " : ",\n  ", .plain(JSON.string(item.name).compact), ": \"",
                .secret(item.value.replacing(Escape.json)), "\"",
            ]
        }
        return Secret(pieces + ["\n}\n"])
    }
}

/// A template with values in the place of its references, one for each in their order.
public struct FilledTemplate: WholeFile {
    private let template: Template?

    /// - Parameter template: nothing where only what was written is looked at.
    public init(_ template: Template?) { self.template = template }

    /// As the protocol says.
    public func content(_ items: [ExportItem]) throws -> Secret {
        guard let template, template.references.count == items.count else {
            preconditionFailure("a value for each reference")
        }
        return template.filled(with: items.map(\.value))
    }
}

/// A file that holds one value and nothing else, as images read it that know `NAME_FILE`.
public struct ValueFile: WholeFile {
    /// The format.
    public init() {}

    /// As the protocol says; without the line end that the value may have, for the shells of most
    /// images take it away and other readers do not.
    public func content(_ items: [ExportItem]) throws -> Secret {
        guard let item = items.first, items.count == 1 else {
            preconditionFailure("a file for each value")
        }
        let kept = item.value.withBytes { bytes in
            (bytes.lastIndex { $0 != .newline && $0 != .carriageReturn } ?? -1) + 1
        }
        guard kept > 0 else { throw item.unfit(for: "a file", "it is empty") }
        guard kept <= 500 << 10 else {
            throw item.unfit(for: "a file", "docker takes at most 500 KB")
        }
        return item.value.slice(0..<kept)
    }
}

/// The part `secrets:` of a Compose file, which says where each value comes from and has none.
public struct ComposeFragment: WholeFile {
    /// Where Compose takes values from.
    public enum Source: Sendable {
        /// The environment that it runs in.
        case environment
        /// Files beside it.
        case files
    }

    private let source: Source
    /// The first line, by which a fragment is known as ours.
    public static let head: Text = "# Made by passel export; changes in here are lost."

    /// - Parameter source: where Compose takes values from.
    public init(_ source: Source) { self.source = source }

    /// As the protocol says.
    public func content(_ items: [ExportItem]) throws -> Secret {
        try ExportItem.requireDistinctNames(items)
        var text: Text = "\(Self.head)\nsecrets:\n"
        for item in items {
            let name = try Self.name(of: item)
            let place: Text =
                switch source {
                case .environment: "environment: \"\(name)\""
                case .files: "file: \"./\(name)\""
                }
            text += "  \"\(name)\":\n    \(place)\n"
        }
        return text.bytes.withUnsafeBytes { Secret(copying: $0) }
    }

    /// The name of an item, which is the name of a file, too.
    public static func name(of item: ExportItem) throws -> Text {
        let isName = item.name.bytes.allSatisfy {
            $0.isDigit || (0x61...0x7a).contains($0 | 0x20) || "-_.".utf8.contains($0)
        }
        guard isName, (1...64).contains(item.name.bytes.count),
            let first = item.name.bytes.first, !"-.".utf8.contains(first)
        else { throw Problem("\(item.name) cannot be the name of a secret of Compose") }
        return item.name
    }
}

extension ExportItem {
    /// Refuses two values with one name.
    public static func requireDistinctNames(_ items: [ExportItem]) throws {
        var names: Set<Text> = []
        for item in items where !names.insert(item.name).inserted {
            throw Problem(
                "\(item.name) is given twice",
                hints: ["give each a name of its own: NAME=REFERENCE"])
        }
    }
}
