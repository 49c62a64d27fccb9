/// Whatever a `.gpg-id` holds: no trap, and every recipient is something that gpg can be given.
func fuzzRecipients(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let content = Array(UnsafeBufferPointer(start: start, count: count))
    // What is refused is refused with a message; only what is accepted has more to show.
    guard let list = try? RecipientList(content, path: "/s/.gpg-id") else { return 0 }
    for recipient in list.recipients {
        precondition(!recipient.bytes.isEmpty)
        precondition(recipient.bytes == recipient.bytes.trimmingBlanks)
        precondition(!recipient.bytes.contains(UInt8(ascii: "#")))
        precondition(recipient.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        _ = KeyID(hex: recipient.bytes)
    }
    precondition(Set(list.recipients).count == list.recipients.count)

    // Another spelling of the same list is read as the same list.
    let again = list.recipients.flatMap { Array(" \t".utf8) + $0.bytes + Array(" # x\r\n".utf8) }
    let second = try? RecipientList([.newline] + again, path: "/s/.gpg-id")
    precondition(again.count > 1 << 20 || second == list)
    return 0
}
