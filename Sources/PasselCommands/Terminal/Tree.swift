import PasselCore

/// Folders with people beneath, or anything else that lies in something: drawn with the lines of
/// `ls`.
///
/// The cells of neighbours without anything beneath them stand in columns.
struct Tree {
    /// A line, and what lies beneath it.
    struct Node {
        var cells: [Styled]
        var children: [Node]

        init(_ cells: Styled..., children: [Node] = []) {
            self.cells = cells
            self.children = children
        }
    }

    let nodes: [Node]

    init(_ nodes: [Node]) { self.nodes = nodes }

    /// Prints the nodes, one a line.
    func print(_ session: Session) {
        session.output.write(
            rendered(
                onTerminal: session.output.isTerminal, session.looks, TreeLines(session.settings)))
    }

    func rendered(onTerminal: Bool, _ looks: Looks, _ lines: TreeLines) -> [UInt8] {
        var text: [UInt8] = []
        func draw(_ nodes: [Node], _ indent: [UInt8]) {
            let widths = widths(nodes, onTerminal)
            for (index, node) in nodes.enumerated() {
                let isLast = index == nodes.count - 1
                text += indent + (isLast ? lines.last : lines.item)
                text += line(node, node.children.isEmpty ? widths : [], onTerminal, looks)
                text.append(.newline)
                draw(node.children, indent + (isLast ? lines.blank : lines.through))
            }
        }
        draw(nodes, [])
        return text
    }

    private func line(_ node: Node, _ widths: [Int], _ onTerminal: Bool, _ looks: Looks) -> [UInt8]
    {
        var line: [UInt8] = []
        for (index, styled) in node.cells.enumerated() {
            let cell = Cell(styled)
            line += looks.apply(
                cell.look, to: onTerminal ? cell.bytes : Cell.piped(styled.text.bytes))
            guard index < node.cells.count - 1 else { break }
            let width = index < widths.count ? widths[index] : 0
            line += [UInt8](repeating: 0x20, count: max(0, width - cell.width) + 2)
        }
        return line
    }

    private func widths(_ nodes: [Node], _ onTerminal: Bool) -> [Int] {
        let leaves = nodes.filter { $0.children.isEmpty }
        let columns = leaves.map(\.cells.count).max() ?? 0
        return (0..<columns).map { column in
            leaves.filter { $0.cells.count > column }.map { Cell($0.cells[column]).width }.max()
                ?? 0
        }
    }
}
