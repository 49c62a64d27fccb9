import CGit2
public import PasselCore

/// Who wrote or made a commit, and when, as the commit states it.
public struct Authorship: Sendable, Hashable {
    /// The name, in whatever encoding.
    public let name: Text
    /// The mail address, without brackets.
    public let mail: Text
    /// In seconds since 1970.
    public let time: Int64
    /// How far the clock on the wall was ahead of UTC, in minutes.
    public let zone: Int

    init(_ signature: git_signature) {
        name = Text(signature.name.map { Array(cString: $0) } ?? [])
        mail = Text(signature.email.map { Array(cString: $0) } ?? [])
        time = signature.when.time
        zone = Int(signature.when.offset)
    }

    /// Reads `Name <mail> 1700000000 +0100`; what is missing or no number is empty or 0, as for
    /// `git log`.
    init(_ line: some BidirectionalCollection<UInt8>) {
        let opening = line.firstIndex(of: UInt8(ascii: "<")) ?? line.endIndex
        name = Text(line[..<opening].trimmingBlanks)
        mail = Text(line[opening...].dropFirst().prefix { $0 != UInt8(ascii: ">") })
        let closing = line.lastIndex(of: UInt8(ascii: ">")) ?? line.endIndex
        let parts = line[closing...].dropFirst().split(separator: 0x20)
        func number(_ part: some Sequence<UInt8>) -> Int64 {
            Int64(String(decoding: Array(part), as: UTF8.self)) ?? 0
        }
        time = parts.first.map { number($0) } ?? 0
        let offset = parts.dropFirst().first.map { Int(clamping: number($0)) } ?? 0
        zone = offset / 100 * 60 + offset % 100
    }
}
