/// A line `key: value` of an entry.
public struct EntryField: Sendable, Hashable {
    /// The key as it is spelled.
    public let key: Text
    /// The value, without blanks around it.
    public let value: Text

    /// A field with this key and value.
    public init(key: Text, value: Text) {
        self.key = key
        self.value = value
    }
}

extension EntryText {
    /// Calls `body` with the key and the value of every field, in order; the bytes must not be kept
    /// beyond it.
    public func forEachField(
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void
    ) {
        source.withBytes { bytes in
            for unit in units where unit.kind == .field {
                body(
                    UnsafeRawBufferPointer(rebasing: bytes[unit.key]),
                    UnsafeRawBufferPointer(rebasing: bytes[unit.value]))
            }
        }
    }

    /// The secret: the first line, or the block or document that it begins.
    public var secret: Secret { units.first.map(value) ?? Secret(plain: "") }

    /// All fields, in order.
    public var fields: [EntryField] {
        source.withBytes { bytes in
            units.filter { $0.kind == .field }.map {
                EntryField(key: Text(bytes[$0.key]), value: Text(bytes[$0.value]))
            }
        }
    }
}
