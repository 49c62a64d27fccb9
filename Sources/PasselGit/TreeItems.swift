import Glibc
import PasselCore

/// The items of a git tree, read from its bytes: for each a mode, a name and an id.
///
/// Whatever the bytes are, reading them ends, at the latest with an error.
struct TreeItems {
    struct Item {
        let mode: UInt32
        let name: ArraySlice<UInt8>
        let id: GitID

        var isFolder: Bool { mode & 0o170000 == 0o040000 }

        /// The tree that it is, if it is a folder.
        var folder: GitID? { isFolder ? id : nil }

        /// What it is if it is no folder.
        var leaf: GitLeaf? {
            switch mode & 0o170000 {
            case 0o040000: nil
            case 0o120000: GitLeaf(kind: .link, id: id)
            case 0o160000: GitLeaf(kind: .submodule, id: id)
            default: GitLeaf(kind: mode & 0o100 == 0 ? .file : .executable, id: id)
            }
        }

        /// Whether it comes before `other`: by bytes, a folder as if its name ended in a slash.
        func precedes(_ other: Item) -> Bool {
            var (here, there) = (name.startIndex, other.name.startIndex)
            while here < name.endIndex, there < other.name.endIndex {
                let (mine, theirs) = (name[here], other.name[there])
                if mine != theirs { return mine < theirs }
                here += 1
                there += 1
            }
            let mine = here < name.endIndex ? name[here] : isFolder ? .slash : 0
            let theirs =
                there < other.name.endIndex ? other.name[there] : other.isFolder ? .slash : 0
            return mine < theirs
        }
    }

    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() throws -> Item? {
        guard offset < bytes.count else { return nil }
        let space = bytes[offset...].firstIndex(of: 0x20) ?? bytes.endIndex
        let end = bytes[space...].firstIndex(of: 0) ?? bytes.endIndex
        let digits = bytes[offset..<space]
        guard end < bytes.endIndex, let id = GitID(bytes[(end + 1)...].prefix(20)),
            !digits.isEmpty, digits.allSatisfy({ (0x30...0x37).contains($0) })
        else { throw GitProblem("read a folder of a commit", "its object is damaged") }
        let mode = digits.reduce(0) { $0 << 3 | UInt32($1 & 7) }
        offset = end + 21
        return Item(mode: mode, name: bytes[(space + 1)..<end], id: id)
    }

    /// Passes over the items that come next in both alike.
    ///
    /// Most items of two commits are: the bytes are compared, not the items.
    mutating func skipItems(commonWith other: inout TreeItems) {
        let length = bytes.withUnsafeBytes { mine in
            other.bytes.withUnsafeBytes { theirs in
                Self.commonItems(
                    UnsafeRawBufferPointer(rebasing: mine[offset...]),
                    UnsafeRawBufferPointer(rebasing: theirs[other.offset...]))
            }
        }
        offset += length
        other.offset += length
    }

    /// How many bytes the items take with which both begin.
    private static func commonItems(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
    ) -> Int {
        guard let start = left.baseAddress, let other = right.baseAddress else { return 0 }
        let count = min(left.count, right.count)
        var common = 0
        while common < count {
            let block = min(256, count - common)
            guard memcmp(start + common, other + common, block) == 0 else { break }
            common += block
        }
        while common < count, left[common] == right[common] { common += 1 }
        // An item ends 20 bytes behind the NUL behind its name.
        var whole = 0
        while whole < common, let end = memchr(start + whole, 0, common - whole) {
            let next = UnsafeRawPointer(end) - start + 21
            guard next <= common else { break }
            whole = next
        }
        return whole
    }
}
