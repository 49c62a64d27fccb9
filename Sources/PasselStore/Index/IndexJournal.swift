import CPosix
import Glibc
import PasselCore
import PasselPosix

/// The file `index.journal` beside the index: rows of commands that had a plaintext but did not open
/// the index.
///
/// Each record is its length in 4 bytes, a tag of 8 as in the index, and a box. The box is sealed
/// with the secret of `index.local`, so that nobody else can add to it; what is in it is sealed once
/// more, to a key of which the secret part is in the index, so that who cannot open the index cannot
/// read it. It is not flushed: what a power cut takes is found again.
struct IndexJournal {
    let folder: StateFolder
    let anchor: IndexAnchor

    static let name: Path = "index.journal"
    /// What is not folded into the index for so long is not added to.
    private static let limit = 8 << 20
    private static let headLength = 12

    /// A record as it lies in the file.
    private struct Record {
        let tag: UInt64
        let box: Range<Int>
    }

    private static func records(_ content: [UInt8]) -> (records: [Record], end: Int) {
        content.withUnsafeBytes { bytes in
            var records: [Record] = []
            var place = 0
            while let length = UInt32(bytes, at: place), let tag = UInt64(bytes, at: place + 4) {
                let box = (place + headLength)..<(place + headLength + Int(length))
                guard length > 0, box.upperBound <= bytes.count else { break }
                records.append(Record(tag: tag, box: box))
                place = box.upperBound
            }
            return (records, place)
        }
    }

    private func content() throws -> [UInt8] {
        try Files.readIfPresent(folder.file(Self.name), limit: Self.limit * 2) ?? []
    }

    /// The tags of what is in it, read without the rest of it and not checked.
    func uncheckedTags() throws -> [UInt64] {
        let path = folder.file(Self.name)
        let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let descriptor = path.withCString { passel_open($0, flags, 0) }
        guard descriptor >= 0 else {
            guard passel_errno() == ENOENT else { throw SystemError("read", path) }
            return []
        }
        defer { close(descriptor) }
        return try Self.walk(descriptor, path).tags
    }

    /// The rows in it, and whether each is ours; what was cut off at the end counts for nothing.
    func rows(_ keys: BoxKeys) throws -> (rows: [Secret], isWhole: Bool) {
        let content = try content()
        let recordKey = anchor.recordKey
        var rows: [Secret] = []
        for record in Self.records(content).records {
            let opened = SecretBox.open(
                content[record.box], key: recordKey, context: record.tag.bytesInFile)
            guard let opened, let row = keys.open(opened.exposedBytes) else {
                return (rows, false)
            }
            rows.append(row)
        }
        return (rows, true)
    }

    /// Adds rows; for who holds the lock.
    ///
    /// - Throws: `SystemError`.
    func add(_ rows: [Secret]) throws {
        let path = folder.file(Self.name)
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let descriptor = path.withCString { passel_open($0, flags, 0o600) }
        guard descriptor >= 0 else { throw SystemError("write", path) }
        defer { close(descriptor) }
        let end = try goodEnd(descriptor, path)
        guard end < Self.limit else { return }
        let recordKey = anchor.recordKey
        let records = rows.flatMap { row -> [UInt8] in
            let tag = row.withBytes { bytes in
                IndexRow(bytes).map {
                    MessageTag($0.id, hasSessionKey: $0.hasSessionKey, isToken: $0.isToken).value
                } ?? 0
            }
            let inner = BoxKeys.seal(row, to: anchor.publicKey)
            let box = SecretBox.seal(
                inner.withUnsafeBytes { Secret(copying: $0) }, key: recordKey,
                context: tag.bytesInFile)
            return UInt32(box.count).bytesInFile + tag.bytesInFile + box
        }
        guard lseek(descriptor, off_t(end), SEEK_SET) >= 0 else { throw SystemError("write", path) }
        try records.withUnsafeBytes { try Files.write($0, to: descriptor, name: path) }
    }

    /// Where the last whole record ends; what a killed writer left behind it is cut off.
    private func goodEnd(_ descriptor: Int32, _ path: Path) throws -> Int {
        let (_, end, size) = try Self.walk(descriptor, path)
        guard end == size || ftruncate(descriptor, off_t(end)) == 0 else {
            throw SystemError("write", path)
        }
        return end
    }

    /// Goes from record to record.
    private static func walk(
        _ descriptor: Int32, _ path: Path
    ) throws -> (tags: [UInt64], end: Int, size: Int) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError("read", path) }
        let size = Int(status.st_size)
        var (tags, place): ([UInt64], Int) = ([], 0)
        var head = [UInt8](repeating: 0, count: headLength)
        while place < size, pread(descriptor, &head, headLength, off_t(place)) == headLength {
            let (length, tag) = head.withUnsafeBytes {
                (Int(UInt32($0, at: 0) ?? 0), UInt64($0, at: 4) ?? 0)
            }
            guard length > 0, place + headLength + length <= size else { break }
            place += headLength + length
            tags.append(tag)
        }
        return (tags, place, size)
    }
}
