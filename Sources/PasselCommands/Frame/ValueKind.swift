import PasselCore

/// A kind of value on the command line: what stands for it in `--help`, and how it is read.
///
/// Values are bytes: names of entries need not be UTF-8.
struct ValueKind<Value: Sendable>: Sendable {
    /// What stands for the value of an option, such as `DATE`.
    let placeholder: String
    /// What it must be, as messages put it: `a day such as 2027-01-31`.
    let expected: String
    var candidates = Candidates.none
    /// The value that bytes mean; nothing when they mean none.
    let read: @Sendable ([UInt8]) -> Value?

    func shape(
        _ place: ParameterShape.Place, _ name: String, letter: Character? = nil, help: String
    ) -> ParameterShape {
        ParameterShape(
            place: place, name: name, letter: letter, value: placeholder, help: help,
            candidates: candidates, expected: expected, read: { read($0) })
    }
}

/// What can be completed in the place of a value.
enum Candidates: Sendable, Equatable {
    case none
    case entries
    case folders
    /// Keys of the keyring and of the team.
    case keys
    /// The team alone.
    case members
    /// Those who ask to join.
    case requests
    case files
    /// Profiles of the store.
    case profiles
    /// Remotes that git knows of.
    case remotes
    /// Backends that are set up on this machine.
    case backends
    case words([String])
}

extension ValueKind<Path> {
    /// The name of an entry, without slashes at its end.
    static var entry: ValueKind {
        ValueKind(placeholder: "NAME", expected: "the name of an entry", candidates: .entries) {
            storeName($0).flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// The name of an entry or of a folder; `.` and `/` are the top folder, which has no name.
    static var entryOrFolder: ValueKind {
        ValueKind(
            placeholder: "NAME", expected: "the name of an entry or folder", candidates: .entries,
            read: storeName)
    }

    /// The name of a folder; `.` and `/` are the top folder, which has no name.
    static var folder: ValueKind {
        ValueKind(
            placeholder: "FOLDER", expected: "the name of a folder", candidates: .folders,
            read: storeName)
    }

    /// A file outside the store.
    static var file: ValueKind {
        ValueKind(placeholder: "FILE", expected: "a file", candidates: .files) {
            $0.isEmpty ? nil : Path($0)
        }
    }

    /// A name below the store: without slashes around it, and never one that leads out of it.
    private static func storeName(_ bytes: [UInt8]) -> Path? {
        let components = Path(bytes).components.filter { $0 != ".".bytes }
        guard !components.contains("..".bytes) else { return nil }
        return Path(components.joined(separator: [.slash]))
    }
}

extension ValueKind<Recipient> {
    /// A key, as gpg's `-r` takes it.
    static var key: ValueKind { key(.keys) }

    /// The key of somebody in the team.
    static var member: ValueKind { key(.members) }

    /// The key of somebody who asks to join.
    static var request: ValueKind { key(.requests) }

    private static func key(_ candidates: Candidates) -> ValueKind {
        ValueKind(placeholder: "KEY", expected: "a key", candidates: candidates) {
            $0.isEmpty ? nil : Recipient($0)
        }
    }
}

extension ValueKind<Fingerprint> {
    /// A full fingerprint.
    static var fingerprint: ValueKind {
        ValueKind(
            placeholder: "FINGERPRINT", expected: "a full fingerprint: 40 hexadecimal digits",
            candidates: .keys
        ) { Fingerprint($0) }
    }
}

extension ValueKind<Day> {
    /// A day, in UTC.
    static var day: ValueKind {
        ValueKind(placeholder: "DATE", expected: "a day such as 2027-01-31") { Day($0) }
    }
}

extension ValueKind<Text> {
    /// Any text, the empty one included.
    static var text: ValueKind {
        ValueKind(placeholder: "TEXT", expected: "a text") { Text($0) }
    }
}

extension ValueKind<Int> {
    /// A whole number in a range.
    static func number(_ range: ClosedRange<Int>) -> ValueKind {
        let expected =
            range.upperBound == .max
            ? "a number from \(range.lowerBound)"
            : "a number from \(range.lowerBound) to \(range.upperBound)"
        return ValueKind(placeholder: "N", expected: expected) { bytes in
            guard !bytes.isEmpty, bytes.allSatisfy(\.isDigit),
                let number = Int(String(decoding: bytes, as: UTF8.self)), range.contains(number)
            else { return nil }
            return number
        }
    }
}

extension ValueKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words of an enumeration, or of some of them.
    static func choice(
        _ type: Value.Type, _ placeholder: String, among some: [Value]? = nil
    ) -> ValueKind {
        let values = some ?? Array(type.allCases)
        let words = values.map(\.rawValue)
        return ValueKind(
            placeholder: placeholder, expected: "one of \(words.joined(separator: ", "))",
            candidates: .words(words)
        ) { bytes in values.first { $0.rawValue.utf8.elementsEqual(bytes) } }
    }
}
