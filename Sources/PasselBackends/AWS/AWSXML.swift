import PasselCore

/// The flat XML that the older services of AWS answer with.
enum AWSXML {
    /// Where the text of the first element of this name stands, which has no other in it.
    static func element(_ name: String, in text: UnsafeRawBufferPointer) -> Range<Int>? {
        guard let start = end(of: "<\(name)>", in: text) else { return nil }
        let rest = text[start...]
        guard let stop = rest.firstIndex(of: UInt8(ascii: "<")),
            rest[stop...].starts(with: "</\(name)>".utf8)
        else { return nil }
        return start..<stop
    }

    private static func end(of tag: String, in text: UnsafeRawBufferPointer) -> Int? {
        var rest = text[...]
        while let next = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[next...]
            if rest.starts(with: tag.utf8) { return next + tag.utf8.count }
            rest = rest.dropFirst()
        }
        return nil
    }
}
