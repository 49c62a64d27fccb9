import CGit2
import PasselCore

/// The id of a git object.
public struct GitID: Sendable, Hashable {
    let oid: git_oid

    init(_ oid: git_oid) { self.oid = oid }

    /// The id that 20 bytes are, or nothing.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 20 else { return nil }
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid.id) { $0.copyBytes(from: bytes) }
        self.oid = oid
    }

    /// The id spelled by 40 hexadecimal digits, or nothing.
    public init?(hex: some Sequence<UInt8>) {
        let digits = hex.map { $0.hexValue ?? 16 }
        guard digits.count == 40, digits.allSatisfy({ $0 < 16 }) else { return nil }
        self.init(stride(from: 0, to: 40, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// The id that git gives to a file of this content.
    ///
    /// Calls `git_odb_hash`.
    public init(ofFile content: [UInt8]) {
        var oid = git_oid()
        // Several threads may come here first. Where libgit2 cannot be started, no id is computed.
        guard GitLibrary.started >= 0 else {
            self.oid = oid
            return
        }
        // Cannot fail for a blob in memory: it only computes a hash.
        _ = content.withUnsafeBytes {
            git_odb_hash(
                &oid, $0.baseAddress ?? UnsafeRawPointer(bitPattern: 1), $0.count, GIT_OBJECT_BLOB)
        }
        self.oid = oid
    }

    /// 20 bytes.
    public var bytes: [UInt8] { withUnsafeBytes(of: oid.id) { Array($0) } }

    /// 40 lower-case hexadecimal digits.
    public var hex: String { bytes.hex.lowercased() }

    /// Whether both have the same bytes.
    public static func == (left: GitID, right: GitID) -> Bool {
        withUnsafeBytes(of: left.oid.id) { left in
            withUnsafeBytes(of: right.oid.id) { left.elementsEqual($0) }
        }
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        withUnsafeBytes(of: oid.id) { hasher.combine(bytes: $0) }
    }
}
