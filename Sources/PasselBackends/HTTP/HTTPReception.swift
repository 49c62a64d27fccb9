import PasselCore

/// What comes from a server, up to a limit.
final class HTTPReception {
    var head = HTTPHead()
    private var collected: SecretReader
    private(set) var isTooLarge = false

    /// What came of the body.
    var body: Secret { collected.secret }

    init(limit: Int) { collected = SecretReader(limit: limit) }

    /// Takes a part of the body; how much of it, as libcurl wants to know.
    func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        var taken = 0
        while taken < bytes.count {
            do {
                _ = try collected.fillOnce { memory in
                    let piece = bytes[taken...].prefix(memory.count)
                    memory.copyBytes(from: piece)
                    taken += piece.count
                    return piece.count
                }
            } catch {
                isTooLarge = true
                return 0
            }
        }
        return taken
    }
}
