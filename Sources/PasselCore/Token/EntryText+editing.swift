/// Bytes of an entry that are replaced by others.
private struct Splice {
    let place: Range<Int>
    let new: Secret
}

extension EntryText {
    /// Why a field or the secret cannot be changed alone.
    public struct NotEditable: Error, Equatable {}

    /// The values of the field with this key, in order.
    public func values(_ field: TokenField) -> [Text] {
        fields(field.key).map { unit in source.withBytes { Text($0[unit.value]) } }
    }

    /// The entry in which a field has exactly these values; all other bytes are as they were.
    ///
    /// Lines that are there keep their place, key and spacing; new ones come behind the last field,
    /// or last of all; of lines too many the last ones go.
    ///
    /// - Throws: `NotEditable` where the entry is not made of lines, and where the result would be
    ///   read as something else.
    public func setting(_ field: TokenField, to values: [Text]) throws -> Secret {
        guard !isOpaque else { throw NotEditable() }
        let there = fields(field.key)
        var splices = zip(there, values).compactMap { unit, value in
            replacement(of: unit, by: value)
        }
        splices += there.dropFirst(values.count).map { unit in
            Splice(place: unit.content.lowerBound..<start(after: unit), new: Secret(copying: []))
        }
        let more = values.dropFirst(there.count)
        if !more.isEmpty {
            splices.append(insertion(of: more.map { (field, $0) }, after: there.last))
        }
        let result = applying(splices)
        let after = EntryText(result)
        guard after.values(field) == values,
            after.units.count == units.count - there.count + values.count,
            isSame(as: after, without: field)
        else { throw NotEditable() }
        return result
    }

    /// The entry with another secret; all other bytes are as they were.
    ///
    /// - Throws: `NotEditable` as above.
    public func replacingSecret(by new: Secret) throws -> Secret {
        guard !isOpaque, let first = units.first else { throw NotEditable() }
        let result = applying([Splice(place: first.content, new: new)])
        let after = EntryText(result)
        guard !after.isOpaque, let secret = after.units.first, after.value(of: secret) == new,
            after.units.count == units.count,
            after.source.slice(secret.content.upperBound..<after.source.count)
                == source.slice(first.content.upperBound..<source.count)
        else { throw NotEditable() }
        return result
    }

    /// Whether both hold the same, part by part, but for this field.
    private func isSame(as other: EntryText, without field: TokenField) -> Bool {
        source.withBytes { here in
            other.source.withBytes { there in
                rest(without: field).elementsEqual(other.rest(without: field)) {
                    here[$0].elementsEqual(there[$1])
                }
            }
        }
    }

    /// Where everything else stands.
    private func rest(without field: TokenField) -> [Range<Int>] {
        let own = Set(fields(field.key).map(\.content))
        return units.map(\.content).filter { !own.contains($0) }
    }

    private func replacement(of unit: Unit, by value: Text) -> Splice? {
        let same = source.withBytes { $0[unit.value].elementsEqual(value.bytes) }
        guard !same else { return nil }
        let needsBlank = source.withBytes { bytes in
            bytes[unit.value.lowerBound - 1] == UInt8(ascii: ":")
        }
        return Splice(
            place: unit.value, new: Secret(copying: (needsBlank ? [0x20] : []) + value.bytes))
    }

    /// Lines behind one part; behind the last field, or the end, when there is none.
    private func insertion(of lines: [(TokenField, Text)], after unit: Unit?) -> Splice {
        let known = units.last { unit in
            guard case .field(let key) = part(of: unit) else { return false }
            return TokenField(key: key.bytes) != nil
        }
        let before = unit ?? known ?? units.last { $0.kind == .field } ?? units[units.count - 1]
        let place = start(after: before)
        let lineEnd: [UInt8] = before.end == .crlf ? [.carriageReturn, .newline] : [.newline]
        var text: [UInt8] = place == source.count && !endsInNewline ? lineEnd : []
        for (field, value) in lines {
            text += field.key.bytes + Array(": ".utf8) + value.bytes + lineEnd
        }
        return Splice(place: place..<place, new: Secret(copying: text))
    }

    /// Where the next part begins.
    private func start(after unit: Unit) -> Int {
        units.first { $0.content.lowerBound > unit.content.lowerBound }?.content.lowerBound
            ?? source.count
    }

    private func applying(_ splices: [Splice]) -> Secret {
        var pieces: [Secret] = []
        var place = 0
        for splice in splices.sorted(by: { $0.place.lowerBound < $1.place.lowerBound }) {
            pieces += [source.slice(place..<splice.place.lowerBound), splice.new]
            place = splice.place.upperBound
        }
        return Secret(joining: pieces + [source.slice(place..<source.count)])
    }
}
