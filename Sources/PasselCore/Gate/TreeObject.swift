/// A folder of a commit as git keeps it, judged before anything in it is used.
///
/// git sorts the names of a folder, folders as if their names ended in a slash, and has each once;
/// what is not so was not made by git, and programs disagree on what it means.
public enum TreeObject {
    /// What is wrong with one.
    public enum Flaw: Error, Sendable, Equatable {
        case damaged
        case unsorted([UInt8])
        case twice([UInt8])
        case mode([UInt8], digits: [UInt8])
        case tooMany(limit: Int)

        /// The flaw in words, to follow a folder's name and a colon.
        public var description: Text {
            switch self {
            case .damaged: "the folder's object is damaged"
            case .unsorted(let name): "the folder is not sorted at “\(name)”"
            case .twice(let name): "the folder has “\(name)” twice"
            case .mode(let name, let digits): "“\(name)” has the unknown mode \(digits)"
            case .tooMany(let limit): "the folder has more than \(limit) names"
            }
        }
    }

    /// What the check found of one that is in order.
    public struct Summary: Sendable, Equatable {
        /// How many names it has.
        public var count = 0
        /// Whether git takes it for a repository without a work tree: HEAD beside objects and refs,
        /// or beside a word on where they are.
        public var isRepository = false
    }

    /// The modes that git writes.
    private static let modes = ["100644", "100755", "120000", "160000", "40000"].map {
        Array($0.utf8)
    }
    private static let folderMode = Array("40000".utf8)

    /// Reads all of its bytes once, keeping none of them.
    ///
    /// - Throws: the first `Flaw`.
    public static func check(
        _ bytes: [UInt8], nameLimit: Int = .max
    ) throws(Flaw) -> Summary {
        try bytes.withUnsafeBytes { buffer in check(buffer, nameLimit) }.get()
    }

    private static func check(
        _ bytes: UnsafeRawBufferPointer, _ nameLimit: Int
    ) -> Result<Summary, Flaw> {
        var summary = Summary()
        var offset = 0
        var previous: (name: UnsafeRawBufferPointer, isFolder: Bool)?
        // Files whose names the next ones may begin with: a folder of the same name comes later.
        var open: [UnsafeRawBufferPointer] = []
        var signs: Set<Sign> = []
        while offset < bytes.count {
            guard summary.count < nameLimit else { return .failure(.tooMany(limit: nameLimit)) }
            summary.count += 1
            // No mode has more digits than six.
            let head = bytes[offset...].prefix(7)
            guard let space = head.firstIndex(of: 0x20),
                let end = bytes[space...].firstIndex(of: 0), end - space > 1,
                bytes.count - end > 20
            else { return .failure(oddMode(bytes, offset)) }
            let name = UnsafeRawBufferPointer(rebasing: bytes[(space + 1)..<end])
            let digits = bytes[offset..<space]
            guard modes.contains(where: { $0.elementsEqual(digits) }) else {
                return .failure(.mode(Array(name), digits: Array(digits)))
            }
            let isFolder = digits.elementsEqual(folderMode)
            if let previous {
                if previous.name.elementsEqual(name) { return .failure(.twice(Array(name))) }
                guard precedes(previous.name, previous.isFolder, name, isFolder) else {
                    return .failure(.unsorted(Array(name)))
                }
            }
            while let last = open.last, !name.starts(with: last) { open.removeLast() }
            if isFolder {
                guard !open.contains(where: { $0.elementsEqual(name) }) else {
                    return .failure(.twice(Array(name)))
                }
            } else {
                open.append(name)
            }
            if let sign = Sign(name, isFolder) { signs.insert(sign) }
            previous = (name, isFolder)
            offset = end + 21
        }
        summary.isRepository =
            signs.isSuperset(of: [.head, .objects, .refs])
            || signs.isSuperset(of: [.head, .common])
        return .success(summary)
    }

    /// What is wrong where no item could be read: too many digits, or no item at all.
    private static func oddMode(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Flaw {
        let digits = bytes[offset...].prefix { (0x30...0x37).contains($0) }
        guard digits.count > 6, digits.count < 64, digits.endIndex < bytes.count,
            bytes[digits.endIndex] == 0x20,
            let end = bytes[digits.endIndex...].firstIndex(of: 0)
        else { return .damaged }
        return .mode(Array(bytes[(digits.endIndex + 1)..<end]), digits: Array(digits))
    }

    private static func precedes(
        _ left: UnsafeRawBufferPointer, _ leftIsFolder: Bool, _ right: UnsafeRawBufferPointer,
        _ rightIsFolder: Bool
    ) -> Bool {
        let shared = min(left.count, right.count)
        for index in 0..<shared where left[index] != right[index] {
            return left[index] < right[index]
        }
        let mine: UInt8 = left.count > shared ? left[shared] : leftIsFolder ? .slash : 0
        let theirs: UInt8 = right.count > shared ? right[shared] : rightIsFolder ? .slash : 0
        return mine < theirs
    }

    /// What git looks for in a repository; upper and lower case are equal, as on other systems.
    private enum Sign {
        case head, objects, refs, common

        init?(_ name: UnsafeRawBufferPointer, _ isFolder: Bool) {
            func isCalled(_ word: String) -> Bool {
                name.count == word.utf8.count
                    && name.lazy.map(\.asciiLowercased).elementsEqual(word.utf8)
            }
            if isFolder {
                if isCalled("objects") {
                    self = .objects
                } else if isCalled("refs") {
                    self = .refs
                } else {
                    return nil
                }
            } else {
                if isCalled("head") {
                    self = .head
                } else if isCalled("commondir") {
                    self = .common
                } else {
                    return nil
                }
            }
        }
    }
}
