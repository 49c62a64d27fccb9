import CSodium

/// Bytes that must not be seen: locked, guarded, left out of core dumps, and wiped when the last
/// copy goes.
///
/// The memory is libsodium's (`sodium_malloc`: guard pages, a canary, `mlock` where the limit
/// allows, `MADV_DONTDUMP`). Copies share it. Nothing prints it, equality takes constant time, and
/// the bytes are reached only inside a closure.
public struct Secret: Sendable {
    private let storage: Storage
    /// How many bytes it holds.
    public let count: Int

    /// A secret of `count` bytes, filled by `fill`, which returns how many of them it used.
    ///
    /// What `fill` throws is thrown on, and the memory wiped. At most `count` bytes are kept.
    public init(
        capacity: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Int
    ) rethrows {
        storage = Storage(byteCount: capacity)
        count = min(capacity, max(0, try fill(storage.buffer)))
    }

    /// A copy of `bytes`, whose own memory stays the caller's to wipe.
    public init(copying bytes: UnsafeRawBufferPointer) {
        self.init(capacity: bytes.count) { memory in
            memory.copyMemory(from: bytes)
            return bytes.count
        }
    }

    /// The pieces, one after the other.
    public init(joining pieces: [Secret]) { self.init(pieces.map { .secret($0) }) }

    /// Text that is not secret in itself, such as a line break that joins secrets.
    public init(plain text: String) {
        var text = text
        self = text.withUTF8 { Secret(copying: UnsafeRawBufferPointer($0)) }
    }

    /// Whether it holds no bytes.
    public var isEmpty: Bool { count == 0 }

    /// Calls `body` with the bytes, which must not be kept or copied beyond it.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try body(UnsafeRawBufferPointer(rebasing: storage.buffer[..<count]))
    }

    /// The bytes of `range`, as a secret of their own.
    public func slice(_ range: Range<Int>) -> Secret {
        withBytes { Secret(copying: UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// The line with this number, counted from 1, without its line feed; nothing when there is
    /// none.
    ///
    /// Only LF ends a line: a CR before it belongs to the line, as for pass.
    public func line(_ number: Int) -> Secret? {
        let range: Range<Int>? = withBytes { bytes in
            var start = 0
            for _ in 1..<max(1, number) {
                guard let end = bytes[start...].firstIndex(of: .newline) else { return nil }
                start = end + 1
            }
            guard start < bytes.count else { return nil }
            return start..<(bytes[start...].firstIndex(of: .newline) ?? bytes.count)
        }
        return range.map(slice)
    }

    /// Everything after the first line feed; empty when there is none.
    public var afterFirstLine: Secret {
        let start = withBytes { ($0.firstIndex(of: .newline) ?? $0.count - 1) + 1 }
        return slice(max(0, start)..<count)
    }

    /// The memory, owned once and wiped at the end.
    private final class Storage: @unchecked Sendable {
        // Sendable: written only inside Secret's initialiser, before any other thread can know it.
        let buffer: UnsafeMutableRawBufferPointer

        init(byteCount: Int) {
            precondition(sodium_init() >= 0, "libsodium could not start")
            guard let memory = sodium_malloc(max(1, byteCount)) else {
                fatalError("no memory for a secret of \(byteCount) bytes")
            }
            buffer = UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
        }

        deinit { sodium_free(buffer.baseAddress) }
    }
}

extension Secret: Equatable {
    /// Whether both hold the same bytes; takes the same time wherever they differ.
    ///
    /// Calls `sodium_memcmp`.
    public static func == (left: Secret, right: Secret) -> Bool {
        guard left.count == right.count else { return false }
        return left.withBytes { a in
            right.withBytes { b in
                a.isEmpty || sodium_memcmp(a.baseAddress, b.baseAddress, a.count) == 0
            }
        }
    }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<secret>" }
    public var debugDescription: String { "<secret>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
