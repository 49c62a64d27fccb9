import Glibc
import PasselCore

/// The lines that come through a descriptor, kept as secrets.
struct LineReader {
    private let descriptor: Int32
    private let limit: Int
    private var waiting = Secret(plain: "")
    /// Whether what came ended with a line, none of which was too long.
    private(set) var isWhole = true

    init(descriptor: Int32, limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// The next line without its end; nothing at the end, or when a line is too long.
    mutating func next() -> Secret? {
        var reader = SecretReader(limit: limit)
        var (scanned, offset) = (0, 0)
        do {
            while true {
                let rest = waiting
                let count = try reader.fillOnce { memory in
                    guard offset < rest.count else { return fill(memory) }
                    return rest.withBytes { bytes in
                        let piece = bytes[offset...].prefix(memory.count)
                        memory.copyBytes(from: piece)
                        offset += piece.count
                        return piece.count
                    }
                }
                guard count > 0 else {
                    isWhole = reader.count == 0
                    return nil
                }
                guard let end = reader.firstIndex(of: .newline, from: scanned) else {
                    scanned = reader.count
                    continue
                }
                let all = reader.secret
                waiting = Secret(joining: [
                    all.slice((end + 1)..<all.count), rest.slice(offset..<rest.count),
                ])
                return all.slice(0..<end)
            }
        } catch {
            isWhole = false
            return nil
        }
    }

    private func fill(_ memory: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = read(descriptor, memory.baseAddress, memory.count)
            if count >= 0 || errno != EINTR { return count }
        }
    }
}
