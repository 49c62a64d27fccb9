import PasselCore
import PasselPosix
import PasselStore

/// Draws a tree as pass does: tree(1)'s lines without the suffix `.gpg`.
struct TreeRendering {
    private let output: Output
    private let colours: TreeColours
    private let lines: TreeLines

    init(session: Session) {
        output = session.output
        colours = TreeColours(session.settings.environment)
        lines = TreeLines(session.settings)
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
                    let inner = indent + (isLast ? lines.blank : lines.through)
                    draw(nodes[index].children, inner, &text)
                }
            }
        }
    }

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
}
