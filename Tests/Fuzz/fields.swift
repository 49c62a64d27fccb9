/// Whatever an entry holds: a field that is set is there afterwards, and all else is as it was.
func fuzzFields(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let entry = EntryText(Secret(copying: bytes))
    precondition(entry.assembled.withBytes { $0.elementsEqual(bytes) })
    let metadata = TokenMetadata(entry)
    for field in metadata.unreadable { precondition(!metadata[field].isEmpty) }
    for values: [Text] in [[], ["2027-01-31"], ["a", "b", "c"]] {
        for field in [TokenField.expires, .location] {
            guard let result = try? entry.setting(field, to: values) else { continue }
            let after = EntryText(result)
            precondition(after.values(field) == values)
            for other in TokenField.allCases where other != field {
                precondition(after.values(other) == entry.values(other))
            }
            let again = try? after.setting(field, to: values)
            precondition(again == result)
        }
    }
    if let replaced = try? entry.replacingSecret(by: Secret(plain: "new")) {
        precondition(
            replaced.line(1) == Secret(plain: "new") || entry.units.isEmpty
                || replaced.line(1) == Secret(plain: "new\r"))
    }
    return 0
}
