import PasselCore
import PasselPosix

/// The line drawing of a character set, as tree 2.1.0 has it.
struct TreeLines {
    let through: [UInt8]
    let item: [UInt8]
    let last: [UInt8]
    /// What lies below the last of several.
    let blank = "    ".bytes

    /// The drawing for `TREE_CHARSET`, else for the locale.
    init(_ settings: Settings) {
        let charset = settings.environment["TREE_CHARSET"]
        self.init(
            charset: charset.map { String(decoding: $0, as: UTF8.self) } ?? settings.codeset)
    }

    init(charset: String) {
        switch charset.lowercased() {
        case "utf-8", "utf8":
            (through, item, last) = ("│\u{a0}\u{a0} ".bytes, "├── ".bytes, "└── ".bytes)
        case "cp437", "ibm437", "437":
            (through, item, last) = (
                [0xb3, 0x20, 0x20, 0x20], [0xc3, 0xc4, 0xc4, 0x20], [0xc0, 0xc4, 0xc4, 0x20]
            )
        case "iso-8859-1", "iso-8859-1:1987", "iso_8859-1", "latin1", "l1", "ibm819", "cp819":
            (through, item, last) = ("|   ".bytes, "|-- ".bytes, "&middot;-- ".bytes)
        default:
            (through, item, last) = ("|   ".bytes, "|-- ".bytes, "`-- ".bytes)
        }
    }
}
