import PasselCore

/// A number of bytes for people.
enum ByteCount {
    /// In the largest unit of which there is one, such as `12 MB`.
    static func text(_ bytes: Int) -> Text {
        for (unit, size) in [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)]
        where bytes >= size {
            let tenths = bytes / (size / 10)
            return tenths < 100
                ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(bytes / size) \(unit)"
        }
        return bytes == 1 ? "1 byte" : "\(bytes) bytes"
    }
}
