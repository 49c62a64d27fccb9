extension EntryText {
    /// What a reference to this entry stands for.
    ///
    /// Without a field that is the secret; `#otp` is the one-time password of `second` where the
    /// entry has a key, and every other field the first of that key, in either case of letters.
    /// `#entry` is everything that an entry holds which has no such field, but for the last line's
    /// end.
    ///
    /// - Throws: a `Problem` when there is no such field, or no password can be made.
    public func value(of reference: Reference, at second: Int64) throws(Problem) -> Secret {
        guard let field = reference.field else { return secret }
        if field.bytes.map(\.asciiLowercased) == Array("otp".utf8),
            let line = units.lazy.map(content(of:)).first(where: OneTimeURI.isOne)
        {
            return try password(of: line, reference, at: second)
        }
        guard let unit = fields(field).first else {
            if field.bytes.map(\.asciiLowercased) == Array("entry".utf8) {
                let end = source.withBytes { $0.last == .newline ? $0.count - 1 : $0.count }
                return source.slice(0..<end)
            }
            throw Problem(
                "\(reference.name) has no field \(field)",
                hints: ["passel show \(ShellWord.text(reference.name.bytes))"])
        }
        return value(of: unit)
    }

    private func password(
        of line: Secret, _ reference: Reference, at second: Int64
    ) throws(Problem) -> Secret {
        let end = line.withBytes { $0.firstIndex { $0 <= 0x20 } ?? $0.count }
        let uri: OneTimeURI
        do {
            uri = try OneTimeURI(line.slice(0..<end))
        } catch {
            throw Problem("\(reference.name): \(Text(error.rawValue.utf8))")
        }
        guard uri.key.counter == nil else {
            // Whoever only reads must not use up a number.
            throw Problem(
                "\(reference.name) has a key that counts: its passwords come from otp code only",
                hints: ["passel otp code \(ShellWord.text(reference.name.bytes))"])
        }
        return uri.key.password(at: second)
    }
}
