/// Whatever an entry's file or a keybox holds: no trap, no look beyond its end, no message to nobody.
func fuzzPackets(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let buffer = UnsafeRawBufferPointer(start: start, count: count)
    var reader = PacketReader(buffer)
    var end = 0
    // A malformed rest ends the walk.
    while let packet = try? reader.next() {
        precondition(packet.tag < 64)
        precondition(packet.body.lowerBound > end && packet.body.upperBound <= count)
        end = packet.body.upperBound
        for byte in buffer[packet.body].suffix(1) { precondition(byte <= 255) }
    }
    let bytes = Array(buffer)
    do throws(EncryptedMessage.Flaw) {
        let message = try EncryptedMessage(bytes)
        precondition(!message.recipients.isEmpty)
        // Whatever follows a whole message is noticed, unless it is armour, which has an end.
        guard bytes.first != UInt8(ascii: "-") else { return 0 }
        precondition((try? EncryptedMessage(bytes + [0x00])) == nil || isOpenEnded(bytes))
    } catch {
        precondition(!error.description.isEmpty)
    }
    // The head of a message is that of the whole, and needs no more than the first bytes of it.
    if let message = try? EncryptedMessage(bytes), let head = try? EncryptedMessage.head(bytes) {
        precondition(head == message)
    }
    if let file = KeyFile(bytes) {
        precondition(!file.fingerprints.isEmpty && KeyFile(file.bytes) == file)
        let own = file.withoutForeignSignatures
        precondition(own.fingerprints == file.fingerprints && own.bytes.count <= file.bytes.count)
    }
    if let preferences = KeyPreferences(bytes) {
        precondition((4...6).contains(preferences.version))
    }
    for signature in DetachedSignatures(bytes)?.signatures ?? [] {
        precondition(DetachedSignatures(signature.bytes)?.signatures.count == 1)
    }
    for key in Keybox(bytes).keys { precondition(key.fingerprint.utf8.count == 40) }
    return 0
}

/// Whether the last packet has no length of its own and takes everything to the end.
private func isOpenEnded(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
        var reader = PacketReader(buffer)
        var last = 0
        var next = 0
        while let packet = try? reader.next() {
            last = next
            next = packet.body.upperBound
        }
        return buffer[last] & 0xC3 == 0x83
    }
}
