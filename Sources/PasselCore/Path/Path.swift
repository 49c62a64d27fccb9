/// A file name or path as the bytes the kernel sees, spelled as it was given.
///
/// Nothing is normalised: pass prints the spelling back, and only the kernel knows what `..` means
/// behind a symbolic link.
public struct Path: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The bytes, without a final NUL.
    public let bytes: [UInt8]

    /// The path of exactly these bytes; what follows a NUL can name no file and is cut off.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes.prefix { $0 != 0 })
    }

    /// The path of exactly these bytes, as above; not copied where no NUL is in them.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes.firstIndex(of: 0).map { Array(bytes[..<$0]) } ?? bytes
    }

    /// The path that a string spells, in UTF-8.
    public init(_ string: String) {
        self.init(string.utf8)
    }

    /// The path that a literal spells, in UTF-8.
    public init(stringLiteral value: String) {
        self.init(value.utf8)
    }

    /// Whether it starts at the root.
    public var isAbsolute: Bool { bytes.first == .slash }

    /// Whether it has no bytes.
    public var isEmpty: Bool { bytes.isEmpty }

    /// The parts between slashes, without the empty ones.
    public var components: [[UInt8]] {
        bytes.split(separator: .slash).map(Array.init)
    }

    /// The last component, or nothing for the root and the empty path.
    public var name: [UInt8] {
        guard let end = bytes.lastIndex(where: { $0 != .slash }) else { return [] }
        let slash = bytes[..<end].lastIndex(of: .slash)
        return Array(bytes[(slash.map { $0 + 1 } ?? 0)...end])
    }

    /// Everything before the last component; `/` at the root, `.` where only a name is left.
    public var parent: Path {
        let end = bytes.lastIndex { $0 != .slash } ?? bytes.startIndex
        guard let slash = bytes[..<end].lastIndex(of: .slash) else {
            return isAbsolute ? "/" : "."
        }
        let kept = bytes[..<slash].lastIndex { $0 != .slash }
        return kept.map { Path(bytes[...$0]) } ?? "/"
    }

    /// The path without slashes at its end, except that the root stays.
    public var withoutTrailingSlashes: Path {
        guard hasTrailingSlash else { return self }
        let end = bytes.lastIndex { $0 != .slash }
        return end.map { Path(bytes[...$0]) } ?? "/"
    }

    /// Whether the last byte is a slash.
    public var hasTrailingSlash: Bool { bytes.last == .slash }

    /// This folder's child; exactly one slash is put between the two.
    public static func / (folder: Path, child: Path) -> Path {
        if folder.isEmpty { return child }
        var bytes = folder.withoutTrailingSlashes.bytes
        if folder.bytes != [.slash] { bytes.append(.slash) }
        bytes += child.bytes.drop { $0 == .slash }
        return Path(bytes)
    }

    /// This folder's child named by bytes.
    public static func / (folder: Path, child: [UInt8]) -> Path { folder / Path(child) }

    /// The path with bytes added to its last component, such as a suffix.
    public func appending(_ suffix: String) -> Path { Path(bytes + suffix.utf8) }

    /// Whether this is `folder` itself or lies below it, judged by spelling alone.
    public func isWithin(_ folder: Path) -> Bool { rest(below: folder) != nil }

    /// What is left of the path below `folder`, or nothing when it does not lie there.
    public func relative(to folder: Path) -> Path? {
        rest(below: folder).map { rest in
            Path(Array(rest.split(separator: .slash).joined(separator: [.slash])))
        }
    }

    /// What follows `folder`, from the slash behind it on; nothing when it does not lie there.
    ///
    /// Compares the bytes where they are: this is asked several times of every file of a change.
    private func rest(below folder: Path) -> ArraySlice<UInt8>? {
        guard isAbsolute == folder.isAbsolute else { return nil }
        var rest = bytes[...]
        var expected = folder.bytes[...]
        while true {
            expected = expected.drop { $0 == .slash }
            guard !expected.isEmpty else { return rest }
            rest = rest.drop { $0 == .slash }
            let component = expected.prefix { $0 != .slash }
            guard rest.starts(with: component) else { return nil }
            rest = rest.dropFirst(component.count)
            guard rest.isEmpty || rest.first == .slash else { return nil }
            expected = expected.dropFirst(component.count)
        }
    }

    /// Whether the last component ends in `suffix`, upper and lower case being equal.
    public func hasSuffixIgnoringCase(_ suffix: String) -> Bool {
        bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) {
            $0.asciiLowercased == $1.asciiLowercased
        }
    }

    /// Calls `body` with the NUL-terminated bytes.
    public func withCString<R>(_ body: (UnsafePointer<CChar>) throws -> R) rethrows -> R {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { buffer in
            for index in bytes.indices {
                buffer.initializeElement(at: index, to: CChar(bitPattern: bytes[index]))
            }
            buffer.initializeElement(at: bytes.count, to: 0)
            // An allocation that is not empty always has a base address.
            return try buffer.baseAddress.map { try body($0) } ?? body("")
        }
    }

    /// The path as a string; bytes that are not UTF-8 are repaired, so only for messages of other
    /// tools.
    public var repaired: String { String(decoding: bytes, as: UTF8.self) }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Path: CustomStringConvertible {
    public var description: String { repaired }
}
