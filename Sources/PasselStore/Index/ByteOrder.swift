/// Whole numbers as the index writes them: the lowest byte first.
extension FixedWidthInteger {
    /// Its bytes.
    var bytesInFile: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }

    /// The number that so many bytes at a place are; nothing where there are too few.
    init?(_ bytes: UnsafeRawBufferPointer, at place: Int) {
        guard place >= 0, place <= bytes.count - MemoryLayout<Self>.size else { return nil }
        self.init(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Self.self))
    }
}
