/// Whatever a name holds: the rules are those of its components, and a quoted name can be read back.
func fuzzNames(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let path = Path(bytes)
    let parts = path.bytes.split(separator: .slash).map(Array.init)
    precondition((try? EntryName.refuseSneaky(path)) != nil || parts.contains([0x2E, 0x2E]))
    precondition((try? EntryName.refuseSneaky(path)) == nil || !parts.contains([0x2E, 0x2E]))
    if (try? EntryName.refuseUnstorable(path)) != nil {
        precondition(!parts.isEmpty && parts.allSatisfy { $0.count <= 251 })
        let top = parts.first { $0 != [0x2E] }?.map(\.asciiLowercased)
        precondition(top != Array(".passel".utf8) && top != Array(".public-keys".utf8))
        precondition(!parts.contains { $0.map(\.asciiLowercased) == Array(".git".utf8) })
    }
    checkPath(path)
    for utf8 in [false, true] {
        let quoted = QuotedName.text(path.bytes, utf8: utf8).bytes
        precondition(unquoted(quoted) == path.bytes)
        precondition(quoted.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        precondition(utf8 || quoted.allSatisfy { $0 < 0x80 })
        precondition(String(validating: quoted, as: UTF8.self) != nil)
    }
    return 0
}

private func checkPath(_ path: Path) {
    precondition(path.isWithin(path) && path.relative(to: path) == "")
    precondition(path.components.isEmpty || path.isWithin(path.parent) || path.parent == ".")
    let child = path / "x"
    precondition(child.name == [UInt8(ascii: "x")])
    precondition(path.isEmpty || child.relative(to: path) == "x")
}

/// What a shell makes of a quoted name.
private func unquoted(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text[...]
    while let first = rest.popFirst() {
        switch first {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            result += rest.prefix { $0 != first }
            rest = rest.drop { $0 != first }.dropFirst()
        case UInt8(ascii: "\\"): result.append(rest.removeFirst())
        case UInt8(ascii: "$"):
            rest = rest.dropFirst()
            while let next = rest.popFirst(), next != UInt8(ascii: "'") {
                precondition(next == UInt8(ascii: "\\"))
                result.append(escaped(&rest))
            }
        default: preconditionFailure("something outside of quotes")
        }
    }
    return result
}

private func escaped(_ rest: inout ArraySlice<UInt8>) -> UInt8 {
    let letters: [UInt8] = Array("abtnvfr".utf8)
    let values: [UInt8] = [7, 8, 9, 10, 11, 12, 13]
    if let index = rest.first.flatMap({ letters.firstIndex(of: $0) }) {
        rest = rest.dropFirst()
        return values[index]
    }
    let digits = rest.prefix(3)
    rest = rest.dropFirst(3)
    return UInt8(digits.reduce(0) { $0 * 8 + Int($1 - 0x30) })
}
