/// A document of XML as its elements.
///
/// It lives no longer than the memory that it was read from.
struct XMLTree {
    /// An element.
    struct Node {
        let name: [UInt8]
        let attributes: [XMLReader.Attribute]
        fileprivate(set) var children: [Node] = []
        fileprivate(set) var text: [(place: Range<Int>, isRaw: Bool)] = []

        /// The first child of this name.
        subscript(_ name: String) -> Node? {
            children.first { $0.name.elementsEqual(name.utf8) }
        }

        /// The children of this name.
        func all(_ name: String) -> [Node] {
            children.filter { $0.name.elementsEqual(name.utf8) }
        }

        /// How many elements of this name it has, at any depth.
        func count(of name: String) -> Int {
            children.reduce(0) { count, child in
                count + (child.name.elementsEqual(name.utf8) ? 1 : 0) + child.count(of: name)
            }
        }
    }

    let root: Node
    private let reader: XMLReader

    /// Reads a document.
    ///
    /// - Throws: `XMLReader.Flaw`.
    init(_ bytes: UnsafeRawBufferPointer) throws(XMLReader.Flaw) {
        let reader = XMLReader(bytes)
        var rest = reader
        var open: [Node] = []
        var root: Node?
        while let event = try rest.next() {
            switch event {
            case .start(let name, let attributes):
                guard root == nil else { throw XMLReader.Flaw(line: 1, reason: "it has two roots") }
                open.append(Node(name: name, attributes: attributes))
            case .text(let place, let isRaw):
                open[open.count - 1].text.append((place, isRaw))
            case .end:
                let node = open.removeLast()
                if open.isEmpty { root = node } else { open[open.count - 1].children.append(node) }
            }
        }
        guard let root else { throw XMLReader.Flaw(line: 1, reason: "there is nothing in it") }
        self.root = root
        self.reader = reader
    }

    /// The text of an element, without that of those in it.
    func text(_ node: Node) throws(XMLReader.Flaw) -> Secret { try reader.value(node.text) }

    /// What an attribute of an element says; nothing when it has none of this name.
    func attribute(_ name: String, of node: Node) throws(XMLReader.Flaw) -> Text? {
        guard let found = node.attributes.first(where: { $0.name.elementsEqual(name.utf8) }) else {
            return nil
        }
        return try reader.text(found)
    }
}
