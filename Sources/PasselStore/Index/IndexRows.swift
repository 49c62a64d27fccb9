import PasselCore

/// The rows of an index in memory, by the ids of their ciphertexts.
struct IndexRows: Sendable {
    /// Rows one after the other, each with its length in 4 bytes before it: few pieces of secret
    /// memory, for each takes pages of its own.
    private var chunks: [Secret] = []
    private var places: [MessageID: Place] = [:]

    private struct Place {
        let chunk: Int
        let range: Range<Int>
        let hasSessionKey: Bool
        let isToken: Bool
    }

    /// No rows.
    init() {}

    /// The rows of an index's content; nothing for anything else.
    init?(_ body: Secret) {
        guard add(body) else { return nil }
    }

    var count: Int { places.count }
    var ids: some Sequence<MessageID> { places.keys }

    /// Whether a ciphertext has a row, with its session key if that is wanted.
    func has(_ id: MessageID, sessionKey: Bool = false) -> Bool {
        places[id].map { $0.hasSessionKey || !sessionKey } ?? false
    }

    /// Calls `body` with the row of a ciphertext, if there is one.
    func row<R>(_ id: MessageID, _ body: (IndexRow) -> R) -> R? {
        guard let place = places[id] else { return nil }
        return chunks[place.chunk].withBytes { bytes in
            IndexRow(UnsafeRawBufferPointer(rebasing: bytes[place.range])).map(body)
        }
    }

    func sessionKey(of id: MessageID) -> SessionKey? {
        guard places[id]?.hasSessionKey == true else { return nil }
        return row(id) { $0.sessionKey } ?? nil
    }

    /// Adds rows; one with a session key is not replaced by one without.
    mutating func add(_ rows: [Secret]) {
        guard !rows.isEmpty else { return }
        add(Self.chunk(rows))
    }

    static func chunk(_ rows: [Secret]) -> Secret {
        Secret(capacity: rows.reduce(0) { $0 + 4 + $1.count }) { memory in
            var place = 0
            for row in rows { row.withBytes { put($0, memory, &place) } }
            return place
        }
    }

    /// Whether the chunk held rows and nothing else; what came before the flaw is there.
    @discardableResult
    private mutating func add(_ chunk: Secret) -> Bool {
        let index = chunks.count
        chunks.append(chunk)
        return chunk.withBytes { bytes in
            var place = 0
            while place < bytes.count {
                guard let length = UInt32(bytes, at: place),
                    Int(length) <= bytes.count - place - 4
                else { return false }
                let range = (place + 4)..<(place + 4 + Int(length))
                guard let row = IndexRow(UnsafeRawBufferPointer(rebasing: bytes[range])) else {
                    return false
                }
                place = range.upperBound
                if places[row.id]?.hasSessionKey == true, !row.hasSessionKey { continue }
                places[row.id] = Place(
                    chunk: index, range: range, hasSessionKey: row.hasSessionKey,
                    isToken: row.isToken)
            }
            return true
        }
    }

    /// Adds the rows of another that are not here.
    mutating func add(missingFrom other: IndexRows) {
        add(
            other.places.filter { !has($0.key, sessionKey: $0.value.hasSessionKey) }.map {
                other.chunks[$0.value.chunk].slice($0.value.range)
            })
    }

    /// The content for an index of these rows, and the tags of them, sorted.
    func content(
        keeping wanted: (MessageID) -> Bool, sessionKeys: Bool
    ) -> (body: Secret, tags: [UInt64]) {
        let kept = places.filter { wanted($0.key) }
        let tags = kept.map { id, place in
            MessageTag(
                id, hasSessionKey: sessionKeys && place.hasSessionKey, isToken: place.isToken
            ).value
        }
        // A few bytes more than needed where session keys go.
        let size = kept.reduce(0) { $0 + 4 + $1.value.range.count }
        let body = Secret(capacity: size) { memory in
            var place = 0
            for (_, from) in kept {
                chunks[from.chunk].withBytes { bytes in
                    let row = UnsafeRawBufferPointer(rebasing: bytes[from.range])
                    if from.hasSessionKey, !sessionKeys,
                        let short = IndexRow(row)?.withoutSessionKey
                    {
                        short.withBytes { Self.put($0, memory, &place) }
                    } else {
                        Self.put(row, memory, &place)
                    }
                }
            }
            return place
        }
        return (body, tags.sorted())
    }

    private static func put(
        _ row: UnsafeRawBufferPointer, _ memory: UnsafeMutableRawBufferPointer, _ place: inout Int
    ) {
        UnsafeMutableRawBufferPointer(rebasing: memory[place...])
            .copyBytes(from: UInt32(row.count).bytesInFile)
        UnsafeMutableRawBufferPointer(rebasing: memory[(place + 4)...]).copyMemory(from: row)
        place += 4 + row.count
    }
}
