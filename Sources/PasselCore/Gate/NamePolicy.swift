/// Which names a commit from elsewhere may bring.
///
/// What git's own check of objects (`git fsck`) refuses is refused here: every spelling that git
/// itself, or a file system with other rules than Linux's, takes for `.git`.
public enum NamePolicy {
    /// The longest part of a name, in bytes: what Linux file systems have room for.
    public static let partLimit = 255
    /// The longest whole name, in bytes: with the store's own path before it the kernel takes 4,095.
    public static let nameLimit = 3_072
    /// How many folders may be in each other.
    public static let depthLimit = 100

    /// What is wrong with one part of a name, be it of a folder or not; nothing if nothing is.
    public static func flaw(ofPart part: ArraySlice<UInt8>) -> (rule: GateRule, text: Text)? {
        // Nearly all names are of this kind, and a store has thousands.
        if isPlain(part) { return nil }
        return flaw(ofOddPart: part)
    }

    /// Whether nothing of what follows can be the matter: printable ASCII without what begins the
    /// names that git knows, a folder's path or a short name.
    static func isPlain(_ part: ArraySlice<UInt8>) -> Bool {
        guard let first = part.first, first != UInt8(ascii: "."), part.count <= partLimit else {
            return false
        }
        return part.allSatisfy { byte in
            switch byte {
            case .slash, UInt8(ascii: "\\"), UInt8(ascii: "~"): false
            default: (0x20...0x7E).contains(byte)
            }
        }
    }

    static func flaw(ofOddPart part: ArraySlice<UInt8>) -> (rule: GateRule, text: Text)? {
        if part.isEmpty { return (.gitName, "it is empty") }
        if part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
            return (.gitName, "it leads out of its folder")
        }
        if part.contains(.slash) { return (.gitName, "it has a slash in it") }
        // To some systems a backslash is a slash; what follows one is a name of its own.
        for piece in part.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false) {
            if piece.elementsEqual("..".utf8) { return (.gitName, "it leads out of its folder") }
            if isGit(piece) { return (.gitName, "it can be taken for git's own folder") }
            if isLike(piece, "gitmodules", short: "gi7eba") {
                return (.modules, "git would look for submodules in it")
            }
            if isLike(piece, "gitattributes", short: "gi7d29"),
                !part.elementsEqual(".gitattributes".utf8)
            {
                return (.attributes, "it can be taken for .gitattributes")
            }
        }
        if part.count > partLimit { return (.name, "it is longer than \(partLimit) bytes") }
        if part.contains(where: { $0 < 0x20 || $0 == 0x7f }) || hasC1(part) {
            return (.name, "it has control characters in it")
        }
        if part.starts(with: ".passel-tmp-".utf8) {
            return (.name, "it is kept for files that are being written")
        }
        return nil
    }

    /// Control characters above ASCII, in UTF-8.
    private static func hasC1(_ part: ArraySlice<UInt8>) -> Bool {
        zip(part, part.dropFirst()).contains { $0 == 0xC2 && (0x80...0x9F).contains($1) }
    }

    /// Whether git or another system takes it for `.git`.
    static func isGit(_ part: ArraySlice<UInt8>) -> Bool {
        if visible(part)?.elementsEqual(".git".utf8) == true { return true }
        let lower = part.map(\.asciiLowercased)
        for word in [".git", "git~1"] where lower.starts(with: word.utf8) {
            if endsForOthers(lower.dropFirst(word.utf8.count)) { return true }
        }
        return false
    }

    /// Whether another system takes it for `.WORD`, spelled out or as one of the short names that
    /// it makes of long ones.
    static func isLike(_ part: ArraySlice<UInt8>, _ word: String, short: String) -> Bool {
        let long = "." + word
        if visible(part)?.elementsEqual(long.utf8) == true { return true }
        let lower = part.map(\.asciiLowercased)
        if lower.starts(with: long.utf8), endsForOthers(lower.dropFirst(long.utf8.count)) {
            return true
        }
        let stem = Array(word.utf8.prefix(6))
        if lower.count >= 8, lower.starts(with: stem), lower[6] == UInt8(ascii: "~"),
            (UInt8(ascii: "1")...UInt8(ascii: "4")).contains(lower[7])
        {
            return endsForOthers(lower.dropFirst(8))
        }
        // Where those four are taken: the beginning of a checksum, and a number; eight bytes in all.
        guard lower.count >= 8, let tilde = lower.prefix(7).firstIndex(of: UInt8(ascii: "~")),
            tilde >= 1, lower[..<tilde].elementsEqual(short.utf8.prefix(tilde)),
            lower[tilde + 1] != UInt8(ascii: "0"), lower[(tilde + 1)..<8].allSatisfy(\.isDigit)
        else { return false }
        return endsForOthers(lower.dropFirst(8))
    }

    /// Whether what follows a name is dropped by NTFS: dots and blanks at the end, and the name of a
    /// stream.
    private static func endsForOthers(_ rest: ArraySlice<UInt8>) -> Bool {
        let end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
        return rest[..<end].allSatisfy { $0 == UInt8(ascii: ".") || $0 == 0x20 }
    }

    /// The name as HFS+ compares it: without the code points that it ignores, in lower case; nothing
    /// for what is not UTF-8.
    private static func visible(_ part: ArraySlice<UInt8>) -> [UInt8]? {
        var decoder = UTF8()
        var iterator = part.makeIterator()
        var result: [UInt8] = []
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return result
            case .error: return nil
            case .scalarValue(let scalar):
                switch scalar.value {
                case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: break
                case ..<0x80: result.append(UInt8(scalar.value).asciiLowercased)
                default: result += Array(String(scalar).utf8)
                }
            }
        }
    }
}
