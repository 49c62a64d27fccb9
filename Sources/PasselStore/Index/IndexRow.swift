import PasselCore

/// What the index keeps of one ciphertext, as it lies in secret memory.
///
///     32  id of the ciphertext
///      1  what follows: 1 session key, 2 last four, 4 kind, 8 end; 16 it is a token
///      *  session key: length in one byte, text
///      4  last four characters of the secret
///      *  kind that the secret looks like: length in one byte, text
///      8  second at which the secret says that it ends
///     32  HMAC of the secret under the store's own key
///      4  number of fields, then of each the lengths of key and value in 4 bytes, and both
///
/// The bytes must not be kept beyond the call that gives them.
struct IndexRow {
    let bytes: UnsafeRawBufferPointer
    let id: MessageID
    let hasSessionKey: Bool
    /// Whether its fields are those of a token.
    let isToken: Bool
    let lastFour: Text?
    let kind: Text?
    let end: Int64?
    private let sessionKeyPlace: Range<Int>
    private let hashPlace: Range<Int>
    private let fieldPlaces: [(key: Range<Int>, value: Range<Int>)]

    private enum Part {
        static let sessionKey: UInt8 = 1
        static let lastFour: UInt8 = 2
        static let kind: UInt8 = 4
        static let end: UInt8 = 8
        static let token: UInt8 = 16
    }

    /// The row that the bytes are; nothing for others.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > MessageID.length,
            let id = MessageID(UnsafeRawBufferPointer(rebasing: bytes[..<MessageID.length]))
        else { return nil }
        let parts = bytes[MessageID.length]
        var place = MessageID.length + 1
        func take(_ count: Int) -> Range<Int>? {
            guard count >= 0, count <= bytes.count - place else { return nil }
            defer { place += count }
            return place..<(place + count)
        }
        func takeText() -> Range<Int>? { take(1).flatMap { take(Int(bytes[$0.lowerBound])) } }
        func takeLength() -> Int? {
            take(4).flatMap { UInt32(bytes, at: $0.lowerBound) }.map(Int.init)
        }

        guard let key = parts & Part.sessionKey == 0 ? place..<place : takeText(),
            let four = take(parts & Part.lastFour == 0 ? 0 : 4),
            let kind = parts & Part.kind == 0 ? place..<place : takeText(),
            let end = take(parts & Part.end == 0 ? 0 : 8),
            let hash = take(32), let count = takeLength()
        else { return nil }
        var fields: [(Range<Int>, Range<Int>)] = []
        for _ in 0..<count {
            guard let keyLength = takeLength(), let valueLength = takeLength(),
                let key = take(keyLength), let value = take(valueLength)
            else { return nil }
            fields.append((key, value))
        }
        guard place == bytes.count else { return nil }
        self.bytes = bytes
        self.id = id
        hasSessionKey = parts & Part.sessionKey != 0
        isToken = parts & Part.token != 0
        lastFour = four.isEmpty ? nil : Text(bytes[four])
        self.kind = kind.isEmpty ? nil : Text(bytes[kind])
        self.end = end.isEmpty ? nil : Int64(bytes, at: end.lowerBound)
        sessionKeyPlace = key
        hashPlace = hash
        fieldPlaces = fields
    }

    var sessionKey: SessionKey? {
        SessionKey(Secret(copying: UnsafeRawBufferPointer(rebasing: bytes[sessionKeyPlace])))
    }

    var fields: [EntryField] {
        fieldPlaces.map { EntryField(key: Text(bytes[$0.key]), value: Text(bytes[$0.value])) }
    }

    /// The keyed hash of the secret: two entries with the same one have the same secret.
    var secretHash: [UInt8] { Array(bytes[hashPlace]) }

    /// Where the row's bytes are that stay when the session key goes: all behind it.
    private var rest: Range<Int> { sessionKeyPlace.upperBound..<bytes.count }

    /// The row without its session key.
    var withoutSessionKey: Secret {
        Secret(capacity: bytes.count) { memory in
            let head = MessageID.length
            memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<head]))
            memory[head] = bytes[head] & ~Part.sessionKey
            let rest = UnsafeRawBufferPointer(rebasing: bytes[rest])
            UnsafeMutableRawBufferPointer(rebasing: memory[(head + 1)...]).copyMemory(from: rest)
            return head + 1 + rest.count
        }
    }

    /// The row of a ciphertext that says `text`.
    ///
    /// Of the entry only its fields are in it: not the secret, no `otpauth://` line and no text.
    static func encode(
        _ id: MessageID, _ text: EntryText, sessionKey: SessionKey?, hashKey: Secret
    ) -> Secret {
        let secret = text.secret
        let finding = text.isOpaque ? nil : secret.tokenFinding
        let four = secret.lastFour
        let kind = finding.flatMap { $0.kind.bytes.count < 256 ? $0.kind : nil }
        var head = id.digest.bytes
        head.append(
            (sessionKey == nil ? 0 : Part.sessionKey) | (four == nil ? 0 : Part.lastFour)
                | (kind == nil ? 0 : Part.kind) | (finding?.expires == nil ? 0 : Part.end)
                | (TokenMetadata(text).isToken ? Part.token : 0))
        var tail = four?.bytes ?? []
        if let kind { tail += [UInt8(kind.bytes.count)] + kind.bytes }
        if let end = finding?.expires { tail += end.second.bytesInFile }
        tail += secret.withBytes { Digest(code: $0, key: hashKey) }.bytes
        var count: UInt32 = 0
        var size = 0
        text.forEachField { key, value in
            count += 1
            size += 8 + key.count + value.count
        }
        tail += count.bytesInFile
        let keyText = sessionKey?.spelling ?? Secret(plain: "")
        return Secret(capacity: head.count + 1 + keyText.count + tail.count + size) { memory in
            var place = 0
            func put(_ bytes: UnsafeRawBufferPointer) {
                UnsafeMutableRawBufferPointer(rebasing: memory[place...]).copyMemory(from: bytes)
                place += bytes.count
            }
            func put(_ bytes: [UInt8]) { bytes.withUnsafeBytes { put($0) } }
            put(head)
            if sessionKey != nil {
                put([UInt8(keyText.count)])
                keyText.withBytes { put($0) }
            }
            put(tail)
            text.forEachField { key, value in
                put(UInt32(key.count).bytesInFile + UInt32(value.count).bytesInFile)
                put(key)
                put(value)
            }
            return place
        }
    }
}
