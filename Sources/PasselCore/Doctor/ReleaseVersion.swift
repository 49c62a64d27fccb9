/// The number of a release as its makers give it: `2.39.5`.
public struct ReleaseVersion: Sendable, Comparable, Hashable {
    private let numbers: [Int]

    /// The numbers at the beginning, such as those of `2.5.14-beta3`; nothing where there is none.
    public init?(_ spelling: [UInt8]) {
        var numbers: [Int] = []
        for part in spelling.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            let digits = part.prefix(while: \.isDigit)
            guard !digits.isEmpty, digits.count < 10 else { break }
            numbers.append(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
            guard digits.count == part.count else { break }
        }
        guard !numbers.isEmpty else { return nil }
        self.init(numbers)
    }

    /// A release by its numbers.
    public init(_ numbers: [Int]) {
        // 1.9 and 1.9.0 are one release.
        self.numbers = Array(numbers[..<((numbers.lastIndex { $0 != 0 } ?? -1) + 1)])
    }

    /// The first two numbers: releases that share them get the same corrections.
    public var line: ReleaseVersion { ReleaseVersion(Array(numbers.prefix(2))) }

    /// As its makers write it, without zeros at its end.
    public var text: Text { Text(numbers.map { String($0) }.joined(separator: ".").utf8) }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func < (left: ReleaseVersion, right: ReleaseVersion) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }
}
