import PasselCore
import PasselPosix
import PasselStore

/// Draws a tree as pass does: tree(1)'s lines without the suffix `.gpg`.
struct TreeRendering {
    private let output: Output
    private let colours: TreeColours
    private let lines: Lines

    init(session: Session) {
        output = session.output
        colours = TreeColours(session.settings.environment)
        let charset = session.settings.environment["TREE_CHARSET"]
        lines = Lines(
            charset: charset.map { String(decoding: $0, as: UTF8.self) } ?? session.settings.codeset
        )
    }

    /// Prints the nodes, one a line.
    func print(_ nodes: [StoreTree.Node]) {
        var text: [UInt8] = []
        text.reserveCapacity(Self.piece + 4096)
        draw(nodes, [], &text)
        output.write(text)
        StoreTree.keep(nodes)
    }

    /// How much is drawn before it is written.
    private static let piece = 1 << 16

    private func draw(
        _ nodes: [StoreTree.Node], _ indent: [UInt8], _ text: inout [UInt8]
    ) {
        if text.count > Self.piece {
            output.write(text)
            text.removeAll(keepingCapacity: true)
        }
        let item = indent + lines.item
        nodes.withUnsafeBufferPointer { nodes in
            for index in nodes.indices {
                let isLast = index == nodes.count - 1
                text += isLast ? indent + lines.last : item
                line(nodes[index], &text)
                text.append(.newline)
                if !nodes[index].children.isEmpty {
                    let inner = indent + (isLast ? Self.blank : lines.through)
                    draw(nodes[index].children, inner, &text)
                }
            }
        }
    }

    private static let blank = "    ".bytes

    private func line(_ node: StoreTree.Node, _ text: inout [UInt8]) {
        let name = output.name(withoutSuffix(node.name))
        guard let link = node.link else {
            return colours.append(name, as: node.name, node.status, to: &text)
        }
        // `ln=target`: the link looks like what it leads to.
        let looks = colours.linksLookLikeTargets ? link.status : node.status
        colours.append(name, as: node.name, looks, isOrphan: link.status == nil, to: &text)
        text += " -> ".bytes
        let target = output.name(withoutSuffix(link.target))
        colours.append(target, as: link.target, link.status, to: &text)
        if node.isRecursive { text += "  [recursive, not followed]".bytes }
    }

    private func withoutSuffix(_ name: [UInt8]) -> ArraySlice<UInt8> {
        name.dropLast(name.ends(with: Self.suffix) ? Self.suffix.count : 0)
    }

    private static let suffix = EntryName.suffix.bytes

    /// The line drawing of a character set, as tree 2.1.0 has it.
    private struct Lines {
        let through: [UInt8]
        let item: [UInt8]
        let last: [UInt8]

        init(charset: String) {
            switch charset.lowercased() {
            case "utf-8", "utf8":
                (through, item, last) = ("│\u{a0}\u{a0} ".bytes, "├── ".bytes, "└── ".bytes)
            case "cp437", "ibm437", "437":
                (through, item, last) = (
                    [0xb3, 0x20, 0x20, 0x20], [0xc3, 0xc4, 0xc4, 0x20], [0xc0, 0xc4, 0xc4, 0x20]
                )
            case "iso-8859-1", "iso-8859-1:1987", "iso_8859-1", "latin1", "l1", "ibm819", "cp819":
                (through, item, last) = ("|   ".bytes, "|-- ".bytes, "&middot;-- ".bytes)
            default:
                (through, item, last) = ("|   ".bytes, "|-- ".bytes, "`-- ".bytes)
            }
        }
    }
}
