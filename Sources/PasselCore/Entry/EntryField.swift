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
    /// All fields, in order.
    public var fields: [EntryField] {
        source.withBytes { bytes in
            units.filter { $0.kind == .field }.map {
                EntryField(key: Text(bytes[$0.key]), value: Text(bytes[$0.value]))
            }
        }
    }
}
