import Glibc
import PasselCore
import PasselPosix

/// Which folders of a work tree had just the names that the index has when they were last read, and
/// what the folders were then: a folder that is still the same need not be read again.
///
/// As git's untracked cache, and as it this relies on the file system: a name that comes to a folder
/// or goes from it changes the folder's times. A file of records, each of
///
///     32 bits      how many bytes the record has
///     32 bits      how many of them are the folder's name
///     6 x 64 bits  the folder's device, inode, and times of modification and change, each in
///                  seconds and nanoseconds
///     the folder's name, with a slash at its end; nothing for the top
///     the names of its files, each ended by a NUL; `/` and the name of each folder in it, likewise
///
/// in the order of the index, and with numbers as this machine has them. What makes no sense is as
/// good as not there.
struct UntrackedCache: Sendable {
    /// What a folder was.
    struct Facts: Sendable, Equatable {
        fileprivate let numbers: [UInt64]

        init(_ status: stat) {
            numbers = [
                UInt64(status.st_dev), UInt64(status.st_ino),
                UInt64(bitPattern: Int64(status.st_mtim.tv_sec)),
                UInt64(bitPattern: Int64(status.st_mtim.tv_nsec)),
                UInt64(bitPattern: Int64(status.st_ctim.tv_sec)),
                UInt64(bitPattern: Int64(status.st_ctim.tv_nsec)),
            ]
        }

        /// Whether another change would show: a file system may give two within a moment the same
        /// time.
        static func areOld(_ status: stat, at now: Int64) -> Bool {
            max(status.st_mtim.tv_sec, status.st_ctim.tv_sec) + 2 < Int(now)
        }
    }

    /// A folder as it was read, to be compared and to be kept.
    struct Record: Sendable {
        fileprivate let range: Range<Int>
        fileprivate let nameLength: Int
    }

    private let bytes: [UInt8]
    private static let head = Array("passel untracked-cache 1\n".utf8)
    private static let factsLength = 6 * 8
    private static let nameStart = 8 + factsLength

    /// What a file has; nothing where it is no such file.
    init(_ file: [UInt8]) { bytes = file.starts(with: Self.head) ? file : [] }

    /// The records of the folders that are asked for, in the order in which both are.
    func records(of folders: some Sequence<[UInt8]>) -> [Record?] {
        bytes.withUnsafeBytes { bytes in
            var next = Self.record(bytes, at: Self.head.count)
            return folders.map { folder in
                while let here = next {
                    let order = Self.order(bytes, here, folder)
                    if order > 0 { return nil }
                    next = Self.record(bytes, at: here.range.upperBound)
                    if order == 0 { return here }
                }
                return nil
            }
        }
    }

    private static func record(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Record? {
        guard start + nameStart <= bytes.count else { return nil }
        let length = Int(bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
        let name = Int(bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self))
        guard length <= bytes.count - start, nameStart + name <= length else { return nil }
        return Record(range: start..<(start + length), nameLength: name)
    }

    private static func order(
        _ bytes: UnsafeRawBufferPointer, _ record: Record, _ folder: [UInt8]
    ) -> Int {
        let start = record.range.lowerBound + nameStart
        let order = folder.withUnsafeBytes { folder -> Int32 in
            guard let here = bytes.baseAddress, let other = folder.baseAddress else { return 0 }
            return memcmp(here + start, other, min(record.nameLength, folder.count))
        }
        return order != 0 ? Int(order) : record.nameLength - folder.count
    }

    /// Whether the folder is what it was, and had just the names that the index has of it now.
    func stillHolds(_ record: Record, _ status: stat, _ place: IndexPlace, _ index: IndexFile)
        -> Bool
    {
        let facts = Facts(status)
        return bytes.withUnsafeBytes { bytes in
            let start = record.range.lowerBound + 8
            for (number, fact) in facts.numbers.enumerated()
            where bytes.loadUnaligned(fromByteOffset: start + 8 * number, as: UInt64.self) != fact {
                return false
            }
            var rest = bytes[
                (record.range.lowerBound + Self.nameStart + record.nameLength)..<record.range
                    .upperBound]
            var isSame = true
            Self.eachName(place, index) { name in
                guard isSame, rest.count > name.count, rest[rest.startIndex + name.count] == 0,
                    let here = UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                    let other = name.baseAddress, memcmp(here, other, name.count) == 0
                else { return isSame = false }
                rest = rest.dropFirst(name.count + 1)
            }
            return isSame && rest.isEmpty
        }
    }

    private static func eachName(
        _ place: IndexPlace, _ index: IndexFile, _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        index.bytes.withUnsafeBytes { bytes in
            for run in place.runs {
                for number in run {
                    let name = index.entries[number].name
                    body(
                        UnsafeRawBufferPointer(
                            rebasing: bytes[
                                (name.lowerBound + place.folder.count)..<name.upperBound]))
                }
            }
        }
        for folder in place.folders { ([.slash] + folder).withUnsafeBytes(body) }
    }

    /// A file for the next time: records that still hold, and folders that were just read.
    struct Writer {
        private(set) var bytes = UntrackedCache.head

        mutating func keep(_ record: Record, of cache: UntrackedCache) {
            bytes += cache.bytes[record.range]
        }

        mutating func add(_ facts: Facts, _ place: IndexPlace, _ index: IndexFile) {
            let start = bytes.count
            bytes += [0, 0, 0, 0]
            append(UInt32(place.folder.count))
            for fact in facts.numbers { append(fact) }
            bytes += place.folder
            UntrackedCache.eachName(place, index) { name in
                bytes += name
                bytes.append(0)
            }
            let length = UInt32(bytes.count - start)
            withUnsafeBytes(of: length) { bytes.replaceSubrange(start..<(start + 4), with: $0) }
        }

        private mutating func append(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number) { bytes += $0 }
        }
    }
}
