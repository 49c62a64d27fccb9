import PasselCore

/// What is sent to a server, given away piece by piece, and only once.
final class HTTPContent {
    private let content: Secret
    private var sent = 0

    init(_ content: Secret) { self.content = content }

    /// Puts what comes next into this memory; how many bytes that is.
    func fill(_ memory: UnsafeMutableRawBufferPointer) -> Int {
        content.withBytes { bytes in
            let piece = bytes[sent...].prefix(memory.count)
            memory.copyBytes(from: piece)
            sent += piece.count
            return piece.count
        }
    }
}
