/// The files of a ZIP archive, by their places.
///
/// Read from the list at its end, as APPNOTE.TXT 4.3.12 has it. Archives of several parts,
/// encrypted ones and those of 4 GiB and more are refused.
struct ZipPlaces {
    /// A file in it.
    struct File: Sendable, Equatable {
        /// Its name.
        let name: Text
        /// Where its bytes are, as they were packed.
        let place: Range<Int>
        /// How many there are once they are unpacked.
        let size: Int
        /// Whether they are packed, or stand as they are.
        let isPacked: Bool
        /// The check sum of what it holds: CRC-32.
        let checksum: UInt32

        /// Whether this is what it holds.
        func isWhole(_ content: Secret) -> Bool {
            content.count == size && content.withBytes { CRC32.of($0) } == checksum
        }
    }

    /// The files, in the order of the list.
    let files: [File]

    /// Reads the list of an archive; nothing for what is none or another kind.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let list = Self.list(bytes) else { return nil }
        var files: [File] = []
        var place = list.start
        for _ in 0..<list.count {
            guard let (file, next) = Self.file(bytes, place) else { return nil }
            files.append(file)
            place = next
        }
        self.files = files
    }

    /// Where the list begins, and how many files it names.
    private static func list(_ bytes: UnsafeRawBufferPointer) -> (start: Int, count: Int)? {
        let shortest = 22
        guard bytes.count >= shortest else { return nil }
        // A comment may stand behind it.
        let first = max(0, bytes.count - shortest - 0xffff)
        for place in stride(from: bytes.count - shortest, through: first, by: -1) {
            guard number(bytes, place, 4) == 0x0605_4b50,
                let count = number(bytes, place + 10, 2), let start = number(bytes, place + 16, 4),
                number(bytes, place + 4, 2) == 0, count != 0xffff, start <= place
            else { continue }
            return (start, count)
        }
        return nil
    }

    private static func file(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> (File, next: Int)? {
        guard number(bytes, place, 4) == 0x0201_4b50, let flags = number(bytes, place + 8, 2),
            flags & 1 == 0, let method = number(bytes, place + 10, 2), method == 0 || method == 8,
            let checksum = number(bytes, place + 16, 4), let packed = number(bytes, place + 20, 4),
            let size = number(bytes, place + 24, 4), let nameLength = number(bytes, place + 28, 2),
            let extra = number(bytes, place + 30, 2), let comment = number(bytes, place + 32, 2),
            let header = number(bytes, place + 42, 4), packed != 0xffff_ffff, size != 0xffff_ffff,
            place + 46 + nameLength <= bytes.count,
            number(bytes, header, 4) == 0x0403_4b50,
            let ownName = number(bytes, header + 26, 2),
            let ownExtra = number(bytes, header + 28, 2)
        else { return nil }
        let start = header + 30 + ownName + ownExtra
        guard start + packed <= bytes.count, method == 8 || packed == size else { return nil }
        let name = bytes[(place + 46)..<(place + 46 + nameLength)]
        let file = File(
            name: Text(name), place: start..<(start + packed), size: size, isPacked: method == 8,
            checksum: UInt32(checksum))
        return (file, place + 46 + nameLength + extra + comment)
    }

    /// So many bytes as a number, the lowest first; nothing beyond the end.
    private static func number(
        _ bytes: UnsafeRawBufferPointer, _ place: Int, _ length: Int
    ) -> Int? {
        guard place >= 0, place + length <= bytes.count else { return nil }
        return bytes[place..<(place + length)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
