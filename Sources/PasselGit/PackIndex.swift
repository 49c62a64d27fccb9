import Glibc
import PasselCore
import PasselPosix

/// The list of what is in a pack, as far as it says where: gitformat-pack(5), both versions.
///
/// libgit2 reads at whatever place it finds there, also past the end of the pack, and ends with a
/// signal.
enum PackIndex {
    /// The id of the pack's content, which ends it.
    private static let trailer = 20

    /// Whether all lists of a folder lead into their packs.
    ///
    /// A list that cannot be read or is too short is libgit2's to refuse.
    ///
    /// - Parameter folder: where a repository keeps its packs; there may be none.
    /// - Throws: `GitProblem` for one that leads elsewhere.
    static func checkAll(in folder: Path) throws {
        guard FileStatus.isFolder(folder) else { return }
        for name in try Files.names(in: folder).map(\.bytes) where name.ends(with: ".idx") {
            let stem = folder / Array(name.dropLast(".idx".utf8.count))
            // Without a pack, the list is not used; one that cannot be read is refused when it is.
            guard let pack = try? FileStatus(of: stem.appending(".pack"), following: true),
                let places = try? places(in: folder / name)
            else { continue }
            let end = Int64(pack.size - trailer)
            guard places.allSatisfy({ 0 <= $0 && $0 < end }) else {
                throw GitProblem(
                    "read the objects", "\(Path(name).repaired) leads past the end of its pack",
                    hints: ["passel fsck --repair"])
            }
        }
    }

    /// Where the objects begin, in the order of the list; nothing for one that is too short.
    private static func places(in file: Path) throws -> [Int64]? {
        let reader = try FileReader(file, following: true)
        let head = try bytes(0, 8 + 1024, reader)
        guard head.count == 8 + 1024 else { return nil }
        guard head.starts(with: [0xFF, 0x74, 0x4F, 0x63]) else {
            // The first version has the place before each id.
            let count = number(head, 1020)
            let table = try bytes(1024, count * 24, reader)
            guard table.count == count * 24 else { return nil }
            return (0..<count).map { Int64(number(table, $0 * 24)) }
        }
        let count = number(head, 8 + 1020)
        // After the ids and their checksums; far places have a table of their own.
        let start = 8 + 1024 + count * 24
        let table = try bytes(start, reader.status.size - start, reader)
        guard table.count >= count * 4 else { return nil }
        return (0..<count).map { index in
            let near = number(table, index * 4)
            guard near & 0x8000_0000 != 0 else { return Int64(near) }
            let far = count * 4 + (near & 0x7FFF_FFFF) * 8
            guard far + 8 <= table.count else { return .max }
            return Int64(truncatingIfNeeded: number(table, far) << 32 | number(table, far + 4))
        }
    }

    private static func bytes(_ offset: Int, _ count: Int, _ reader: FileReader) throws -> [UInt8] {
        guard count > 0, offset + count <= reader.status.size else { return [] }
        try reader.seek(offset)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let piece = try reader.next(limit: count - bytes.count)
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }

    /// The four bytes at a place, the highest first.
    private static func number(_ bytes: [UInt8], _ place: Int) -> Int {
        bytes.withUnsafeBytes {
            Int(UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
        }
    }
}
