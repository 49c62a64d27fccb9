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
        let name: Range<Int>
        /// Where the entry begins.
        fileprivate let start: Int
        let mode: UInt32
        let flags: UInt16
        let moreFlags: UInt16

        var stage: Int { Int(flags >> 12 & 3) }
        var isSubmodule: Bool { mode & 0o170000 == 0o160000 }
        /// Whether git was told not to look at the file, or that it need not be there.
        var isUnwatched: Bool { flags & 0x8000 != 0 || moreFlags & 0x4000 != 0 }
        /// Whether only the name is staged so far.
        var isIntent: Bool { moreFlags & 0x2000 != 0 }
    }

    /// A folder's tree as it was when it was last known, with how many entries it has.
    struct Folder {
        let name: [UInt8]
        /// Nothing when something below was staged since.
        let tree: GitID?
        let count: Int
        let folders: [Folder]
    }

    /// What the entries' ranges refer to: names, which version 4 keeps in pieces, are behind the
    /// file's own bytes.
    private(set) var bytes: [UInt8]
    private(set) var entries: [Entry] = []
    private(set) var folders: Folder?

    /// Thrown for an index of a kind that is not read here: split in two, sparse, or newer.
    struct Unknown: Error {}

    init(_ file: [UInt8]) throws {
        bytes = file
        guard !file.isEmpty else { return }
        guard file.starts(with: "DIRC".utf8), file.count >= 32 else { throw Unknown() }
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
                var rest = file[content]
                folders = Self.folder(&rest)
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
            guard end < limit else { throw Unknown() }
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
        offset = end + 1
        bytes += name
        return (bytes.count - name.count)..<bytes.count
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func folder(_ rest: inout ArraySlice<UInt8>, depth: Int = 0) -> Folder? {
        guard depth < 256, let end = rest.firstIndex(of: 0),
            let space = rest[end...].firstIndex(of: 0x20),
            let line = rest[space...].firstIndex(of: .newline)
        else { return nil }
        let name = Array(rest[..<end])
        func integer(_ range: Range<Int>) -> Int? {
            Int(String(decoding: rest[range], as: UTF8.self))
        }
        guard let count = integer((end + 1)..<space),
            let inner = integer((space + 1)..<line), inner >= 0
        else { return nil }
        rest = rest[(line + 1)...]
        var tree: GitID?
        if count >= 0 {
            tree = GitID(rest.prefix(20))
            rest = rest.dropFirst(20)
        }
        var folders: [Folder] = []
        for _ in 0..<inner {
            guard let next = folder(&rest, depth: depth + 1) else { return nil }
            folders.append(next)
        }
        return Folder(name: name, tree: tree, count: count, folders: folders)
    }

    func id(_ entry: Entry) -> GitID? { GitID(bytes[(entry.start + 40)..<(entry.start + 60)]) }

    /// Whether a file with this status is the one that was staged, as far as its status tells.
    ///
    /// `written`: when the index was; a file written since then, or at the same time, may have
    /// another content for all its status says.
    func matches(_ entry: Entry, _ status: stat, written: timespec) -> Bool {
        bytes.withUnsafeBytes { bytes in
            func fact(_ number: Int) -> UInt32 {
                UInt32(
                    bigEndian: bytes.loadUnaligned(
                        fromByteOffset: entry.start + 4 * number, as: UInt32.self))
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
