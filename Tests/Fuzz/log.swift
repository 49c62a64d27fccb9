/// Whatever an event of the security log is said to be: what is read is written back byte for byte.
func fuzzLog(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let name = EventName(bytes) { precondition(name.text.bytes == bytes) }
    guard let event = try? SecurityEvent(bytes) else { return 0 }
    precondition(event.content == bytes)
    precondition(EventName(event.name.text.bytes) == event.name)
    let again = SecurityEvent(
        EventDraft(.added, event.entry), time: event.time, actor: event.actor, key: event.key,
        nonce: [], previous: event.previous)
    let read = try? SecurityEvent(again.content)
    precondition(read == again && read?.entry == event.entry && read?.actor == event.actor)
    let check = LogCheck([event.name.text: .text(bytes)])
    precondition(
        check.events == [event] && check.heads.isEmpty == event.previous.contains(event.name))
    _ = RotationLog([event]).markdown
    return 0
}
