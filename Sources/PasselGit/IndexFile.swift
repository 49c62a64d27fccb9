import CGit2
import Glibc
import PasselCore
import PasselPosix

/// git's index as its file has it: what is staged, with the facts by which a file that did not
/// change is known.
///
/// Read here and not by libgit2, which takes longer for it than looking at all the files does.
struct IndexFile {
    struct Entry {
        private let nameStart: UInt32
        private let nameLength: UInt32
        /// Where the entry begins.
        fileprivate let start: UInt32
        let mode: UInt32
        private let flags: UInt16
        private let moreFlags: UInt16

        fileprivate init(
            name: Range<Int>, start: Int, mode: UInt32, flags: UInt16, moreFlags: UInt16
        ) {
            // The file is no larger than 2^30 bytes, and names in pieces are shorter than that.
            (nameStart, nameLength) = (UInt32(name.lowerBound), UInt32(name.count))
            (self.start, self.mode) = (UInt32(start), mode)
            (self.flags, self.moreFlags) = (flags, moreFlags)
        }

        /// A NUL stands behind it.
        var name: Range<Int> { Int(nameStart)..<(Int(nameStart) + Int(nameLength)) }
        var stage: Int { Int(flags >> 12 & 3) }
        var isSubmodule: Bool { mode & 0o170000 == 0o160000 }
        /// Whether git was told not to look at the file, or that it need not be there.
        var isUnwatched: Bool { flags & 0x8000 != 0 || moreFlags & 0x4000 != 0 }
        /// Whether only the name is staged so far.
        var isIntent: Bool { moreFlags & 0x2000 != 0 }
    }

    /// A folder's tree as it was when it was last known, with how many entries it has.
    struct Folder {
        fileprivate let name: Range<Int>
        /// Nothing when something below was staged since.
        let tree: GitID?
        let count: Int
        /// How many folders follow it that are in it.
        fileprivate let inner: Int
        /// Where they begin.
        fileprivate let end: Int
    }

    /// What the entries' ranges refer to: names, which version 4 keeps in pieces, are behind the
    /// file's own bytes.
    private(set) var bytes: [UInt8]
    private(set) var entries: [Entry] = []
    /// The part with the folders' trees.
    private var trees = 0..<0

    /// Thrown for an index of a kind that is not read here: split in two, sparse, or newer.
    struct Unknown: Error {}

    init(_ file: [UInt8]) throws {
        bytes = file
        guard !file.isEmpty else { return }
        guard file.starts(with: "DIRC".utf8), file.count >= 32, file.count <= 1 << 30 else {
            throw Unknown()
        }
        let (version, count) = (Self.number(file, 4), Int(Self.number(file, 8)))
        guard (2...4).contains(version), count <= file.count / 62 else { throw Unknown() }
        var offset = 12
        entries.reserveCapacity(count)
        for _ in 0..<count { try readEntry(&offset, version) }
        // A checksum of 20 bytes ends the file.
        let end = file.count - 20
        while offset + 8 <= end {
            let size = Int(Self.number(file, offset + 4))
            let content = (offset + 8)..<(offset + 8 + size)
            guard content.upperBound <= end else { throw Unknown() }
            let signature = file[offset..<(offset + 4)]
            if signature.elementsEqual("TREE".utf8) {
                trees = content
            } else if file[offset] > UInt8(ascii: "Z") {
                // In lower case: nobody can read the index who does not know it.
                throw Unknown()
            }
            offset = content.upperBound
        }
    }

    private mutating func readEntry(_ offset: inout Int, _ version: UInt32) throws {
        let start = offset
        let limit = bytes.count
        guard start + 62 <= limit else { throw Unknown() }
        let flags = UInt16(bytes[start + 60]) << 8 | UInt16(bytes[start + 61])
        var moreFlags: UInt16 = 0
        var name = start + 62
        if version > 2, flags & 0x4000 != 0 {
            guard name + 2 <= limit else { throw Unknown() }
            moreFlags = UInt16(bytes[name]) << 8 | UInt16(bytes[name + 1])
            name += 2
        }
        let range: Range<Int>
        if version == 4 {
            range = try joinedName(&name)
            offset = name
        } else {
            var end = name
            let long = Int(flags & 0xfff)
            // Names that do not fit into 12 bits are ended by their NUL alone.
            if long < 0xfff { end += long } else { while end < limit, bytes[end] != 0 { end += 1 } }
            guard end < limit, bytes[end] == 0 else { throw Unknown() }
            range = name..<end
            offset = start + (end - start + 8) / 8 * 8
        }
        entries.append(
            Entry(
                name: range, start: start, mode: Self.number(bytes, start + 24), flags: flags,
                moreFlags: moreFlags))
    }

    /// Version 4: how much of the name before is dropped, and what comes behind the rest of it.
    private mutating func joinedName(_ offset: inout Int) throws -> Range<Int> {
        var dropped = 0
        while true {
            guard offset < bytes.count, dropped < 1 << 24 else { throw Unknown() }
            let byte = bytes[offset]
            offset += 1
            dropped = dropped << 7 | Int(byte & 0x7f)
            if byte & 0x80 == 0 { break }
            dropped += 1
        }
        guard let end = bytes[offset...].firstIndex(of: 0) else { throw Unknown() }
        let before = entries.last?.name ?? 0..<0
        guard dropped <= before.count else { throw Unknown() }
        let name = Array(bytes[before].dropLast(dropped)) + bytes[offset..<end]
        // Names that grow with each entry would be far more than the file.
        guard bytes.count + name.count < 1 << 31 else { throw Unknown() }
        offset = end + 1
        bytes += name
        let range = (bytes.count - name.count)..<bytes.count
        bytes.append(0)
        return range
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes.withUnsafeBytes {
            UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
    }

    /// The whole of what is staged; nothing where the index does not know its trees.
    var root: Folder? { folder(at: trees.lowerBound) }

    /// A folder in a folder; nothing where the index does not know it.
    func folder(_ name: some Sequence<UInt8>, in folder: Folder) -> Folder? {
        var offset = folder.end
        for _ in 0..<folder.inner {
            guard let next = self.folder(at: offset) else { return nil }
            if bytes[next.name].elementsEqual(name) { return next }
            guard let end = end(of: next) else { return nil }
            offset = end
        }
        return nil
    }

    /// Where the last folder in a folder ends.
    private func end(of folder: Folder, depth: Int = 0) -> Int? {
        guard depth < 256 else { return nil }
        var offset = folder.end
        for _ in 0..<folder.inner {
            guard let next = self.folder(at: offset), let end = end(of: next, depth: depth + 1)
            else { return nil }
            offset = end
        }
        return offset
    }

    private func folder(at offset: Int) -> Folder? {
        let rest = bytes[trees].dropFirst(offset - trees.lowerBound)
        guard let end = rest.firstIndex(of: 0), let space = rest[end...].firstIndex(of: 0x20),
            let line = rest[space...].firstIndex(of: .newline)
        else { return nil }
        func integer(_ range: Range<Int>) -> Int? {
            Int(String(decoding: rest[range], as: UTF8.self))
        }
        guard let count = integer((end + 1)..<space), let inner = integer((space + 1)..<line),
            inner >= 0
        else { return nil }
        let tree = count >= 0 ? GitID(rest[(line + 1)...].prefix(20)) : nil
        return Folder(
            name: offset..<end, tree: tree, count: count, inner: inner,
            end: line + (count >= 0 ? 21 : 1))
    }

    func id(_ entry: Entry) -> GitID? {
        GitID(bytes[(Int(entry.start) + 40)..<(Int(entry.start) + 60)])
    }

    /// Whether a file with this status is the one that was staged, as far as its status tells.
    ///
    /// `written`: when the index was; a file written since then, or at the same time, may have
    /// another content for all its status says.
    func matches(_ entry: Entry, _ status: stat, written: timespec) -> Bool {
        bytes.withUnsafeBytes { bytes in
            func fact(_ number: Int) -> UInt32 {
                UInt32(
                    bigEndian: bytes.loadUnaligned(
                        fromByteOffset: Int(entry.start) + 4 * number, as: UInt32.self))
            }
            let (seconds, part) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
            guard fact(2) == UInt32(truncatingIfNeeded: seconds),
                fact(9) == UInt32(truncatingIfNeeded: status.st_size)
            else { return false }
            // Who cannot keep the fraction of a second writes 0 for it.
            guard fact(3) == UInt32(truncatingIfNeeded: part) || fact(3) == 0,
                fact(5) == UInt32(truncatingIfNeeded: status.st_ino) || fact(5) == 0
            else { return false }
            return (seconds, part) < (written.tv_sec, written.tv_nsec)
                && (fact(3) != 0 || seconds < written.tv_sec)
        }
    }
}
