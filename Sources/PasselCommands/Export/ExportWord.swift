import PasselCore

/// A value to export, as it is typed: `NAME=REF`, or a reference alone.
///
/// The name is a variable, a section, a key or a file, which the format decides.
struct ExportWord: Sendable {
    let name: Text?
    let reference: Reference

    init(name: Text? = nil, _ reference: Reference) {
        self.name = name
        self.reference = reference
    }

    /// Reads what was typed; with a `=` it is a pair, unless it begins with `passel://`.
    init?(_ spelling: [UInt8]) {
        guard !spelling.starts(with: Reference.scheme),
            let equals = spelling.firstIndex(of: UInt8(ascii: "="))
        else {
            guard let reference = Reference(spelling) else { return nil }
            self.init(reference)
            return
        }
        guard equals > 0, let reference = Reference(spelling[(equals + 1)...]) else { return nil }
        self.init(name: Text(spelling[..<equals]), reference)
    }
}

extension ValueKind<ExportWord> {
    /// A value to export.
    static var exported: ValueKind {
        ValueKind(
            placeholder: "NAME=REF",
            expected: "NAME=ENTRY, NAME=ENTRY#FIELD or a reference alone", candidates: .entries,
            read: ExportWord.init)
    }
}
