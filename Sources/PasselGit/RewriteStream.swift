import PasselCore

/// The stream from `git fast-export` to `git fast-import`, without files that are to be forgotten.
///
/// Where a commit brings one of them, it takes away whatever has that name instead; everything else
/// passes as it is. Lines of our interest are `M MODE ID NAME`; what follows `data COUNT` is no line.
public struct RewriteStream {
    private let forgotten: Set<[UInt8]>
    /// What is left of the data that is passing.
    private var data = 0
    private var line: [UInt8] = []

    /// A stream without these objects.
    public init(without forgotten: Set<GitID>) {
        self.forgotten = Set(forgotten.map { Array($0.hex.utf8) })
    }

    /// What becomes of the next piece, as far as that is known yet.
    public mutating func filter(_ piece: UnsafeRawBufferPointer) -> [UInt8] {
        var result: [UInt8] = []
        var rest = piece[...]
        while !rest.isEmpty {
            if data > 0 {
                let passing = rest.prefix(data)
                result += passing
                data -= passing.count
                rest = rest.dropFirst(passing.count)
                continue
            }
            guard let end = rest.firstIndex(of: .newline) else {
                line += rest
                break
            }
            line += rest[...end]
            rest = rest[(end + 1)...]
            result += passed()
            line = []
        }
        return result
    }

    private mutating func passed() -> [UInt8] {
        if line.starts(with: "data ".utf8) {
            data = Int(String(decoding: line.dropFirst(5).dropLast(), as: UTF8.self)) ?? 0
            return line
        }
        guard line.starts(with: "M ".utf8) else { return line }
        let words = line.split(separator: 0x20, maxSplits: 3)
        guard words.count == 4, forgotten.contains(Array(words[2])) else { return line }
        return Array("D ".utf8) + words[3]
    }
}
