/// Changes of a content that leave every other byte as it is.
struct ContentEdits {
    private let content: Secret
    private var changes: [(range: Range<Int>, pieces: [ContentPiece])] = []

    init(_ content: Secret) { self.content = content }

    /// Puts pieces in the place of some bytes; no two changes are about the same byte.
    mutating func replace(_ range: Range<Int>, by pieces: [ContentPiece]) {
        changes.append((range, pieces))
    }

    /// Puts pieces before a byte, behind what was put there before.
    mutating func insert(_ pieces: [ContentPiece], at place: Int) {
        replace(place..<place, by: pieces)
    }

    /// The content with all changes.
    var result: Secret {
        let order = changes.indices.sorted { first, second in
            let (a, b) = (changes[first].range, changes[second].range)
            if a.lowerBound != b.lowerBound { return a.lowerBound < b.lowerBound }
            return a.isEmpty != b.isEmpty ? a.isEmpty : first < second
        }
        var pieces: [ContentPiece] = []
        var place = 0
        for change in order.map({ changes[$0] }) {
            pieces.append(.secret(content.slice(place..<change.range.lowerBound)))
            pieces += change.pieces
            place = change.range.upperBound
        }
        pieces.append(.secret(content.slice(place..<content.count)))
        return Secret(pieces)
    }
}
