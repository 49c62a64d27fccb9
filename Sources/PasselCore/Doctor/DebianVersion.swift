/// The version of a package of Debian or of what is made from it: `1:2.39.5-0+deb12u2`.
///
/// Compared as dpkg does: Debian Policy §5.6.12.
public struct DebianVersion: Sendable, Comparable, Hashable {
    /// As the package spells it.
    public let text: Text
    private let epoch: [UInt8]
    private let upstream: [UInt8]
    private let revision: [UInt8]

    /// The version that is spelled so.
    public init(_ spelling: [UInt8]) {
        text = Text(spelling)
        let colon = spelling.firstIndex(of: UInt8(ascii: ":"))
        epoch = colon.map { Array(spelling[..<$0]) } ?? []
        let rest = spelling[(colon.map { $0 + 1 } ?? 0)...]
        let hyphen = rest.lastIndex(of: UInt8(ascii: "-"))
        upstream = Array(rest[..<(hyphen ?? rest.endIndex)])
        revision = hyphen.map { Array(rest[($0 + 1)...]) } ?? []
    }

    /// The release of the makers that the package has.
    public var release: ReleaseVersion? { ReleaseVersion(upstream) }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func == (left: DebianVersion, right: DebianVersion) -> Bool {
        order(left, right) == 0
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func hash(into hasher: inout Hasher) { hasher.combine(upstream) }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func < (left: DebianVersion, right: DebianVersion) -> Bool {
        order(left, right) < 0
    }

    private static func order(_ left: DebianVersion, _ right: DebianVersion) -> Int {
        for (one, other) in [
            (left.epoch, right.epoch), (left.upstream, right.upstream),
            (left.revision, right.revision),
        ] {
            let result = order(one[...], other[...])
            if result != 0 { return result }
        }
        return 0
    }

    /// Runs of other characters and runs of digits in turn, beginning with the former.
    private static func order(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        var (left, right) = (left, right)
        while !left.isEmpty || !right.isEmpty {
            while left.first.map({ !$0.isDigit }) ?? false
                || right.first.map({ !$0.isDigit }) ?? false
            {
                let (one, other) = (weight(left.first), weight(right.first))
                guard one == other else { return one < other ? -1 : 1 }
                (left, right) = (left.dropFirst(), right.dropFirst())
            }
            let (one, other) = (number(&left), number(&right))
            guard one.count == other.count else { return one.count < other.count ? -1 : 1 }
            guard one == other else { return one.lexicographicallyPrecedes(other) ? -1 : 1 }
        }
        return 0
    }

    /// A tilde sorts before the end, letters before everything else.
    private static func weight(_ byte: UInt8?) -> Int {
        guard let byte, !byte.isDigit else { return 0 }
        if byte == UInt8(ascii: "~") { return -1 }
        return (0x61...0x7a).contains(byte | 0x20) ? Int(byte) : Int(byte) + 256
    }

    /// The digits at the beginning, without zeros before them.
    private static func number(_ bytes: inout ArraySlice<UInt8>) -> [UInt8] {
        let digits = bytes.prefix(while: \.isDigit)
        bytes = bytes.dropFirst(digits.count)
        return Array(digits.drop { $0 == 0x30 })
    }
}
