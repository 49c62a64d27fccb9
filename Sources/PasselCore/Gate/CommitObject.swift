/// A commit as git keeps it, as far as descent and signature go.
///
/// Whoever made it could write anything into it.
public struct CommitObject: Sendable {
    /// How a commit is signed.
    public enum Signature: Sendable, Equatable {
        /// Detached OpenPGP signatures, binary.
        case openPGP([UInt8])
        /// By a key of ssh or a certificate.
        case foreign
        /// Something that is no signature, or more than one.
        case damaged
    }

    /// The 40 hexadecimal digits of the folder that it holds.
    public let tree: [UInt8]
    /// Those of the commits that it was made from.
    public let parents: [[UInt8]]
    /// The second since the epoch in which it says it was made.
    public let time: Int64
    /// The signature in its head; one in the message is none.
    public let signature: Signature?
    /// What the signature is of: all bytes but the signature's own lines.
    public let payload: [UInt8]

    /// Reads the bytes; nothing for what git would not read as a commit.
    public init?(_ bytes: [UInt8]) {
        let end = Self.endOfHead(bytes)
        var kept: [UInt8] = []
        var signatures: [[UInt8]] = []
        var lines: [ArraySlice<UInt8>] = []
        var isSignature = false
        var offset = 0
        while offset < end {
            let stop = bytes[offset..<end].firstIndex(of: .newline) ?? end - 1
            let line = bytes[offset...stop]
            if line.first == 0x20, offset > 0 {
                if isSignature {
                    if !signatures.isEmpty { signatures[signatures.count - 1] += line.dropFirst() }
                    offset = stop + 1
                    continue
                }
            } else {
                // git leaves out the signature over another kind of ids, too.
                isSignature =
                    line.starts(with: "gpgsig ".utf8) || line.starts(with: "gpgsig-sha256 ".utf8)
                if line.starts(with: "gpgsig ".utf8) {
                    signatures.append(Array(line.dropFirst("gpgsig ".utf8.count)))
                }
                lines.append(line)
            }
            if !isSignature { kept += line }
            offset = stop + 1
        }
        payload = kept + bytes[end...]

        func value(_ line: ArraySlice<UInt8>, _ word: String) -> ArraySlice<UInt8>? {
            guard line.starts(with: word.utf8) else { return nil }
            let rest = line.dropFirst(word.utf8.count)
            return rest.last == .newline ? rest.dropLast() : rest
        }
        func isID(_ digits: ArraySlice<UInt8>) -> Bool {
            digits.count == 40 && digits.allSatisfy { $0.hexValue != nil }
        }
        guard let tree = lines.first.flatMap({ value($0, "tree ") }), isID(tree) else {
            return nil
        }
        self.tree = Array(tree)
        let parents = lines.dropFirst().prefix { value($0, "parent ") != nil }
            .compactMap { value($0, "parent ") }
        guard parents.allSatisfy(isID) else { return nil }
        self.parents = parents.map(Array.init)
        let rest = lines.dropFirst(1 + parents.count)
        let committer = rest.lazy.compactMap { value($0, "committer ") }.first
        // Name, address between angle brackets, second, offset.
        let close = committer?.lastIndex(of: UInt8(ascii: ">"))
        let second = close.flatMap { committer?[($0 + 1)...].split(separator: 0x20).first }
        time = second.flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
        signature = Self.signature(signatures)
    }

    /// Where the head ends: at the first empty line, or at the end of all.
    private static func endOfHead(_ bytes: [UInt8]) -> Int {
        var start = 0
        while let stop = bytes[start...].firstIndex(of: .newline) {
            if stop == start { return start }
            start = stop + 1
        }
        return bytes.count
    }

    private static func signature(_ found: [[UInt8]]) -> Signature? {
        guard let text = found.first else { return nil }
        guard found.count == 1 else { return .damaged }
        if text.starts(with: "-----BEGIN PGP SIGNATURE-----".utf8) {
            guard let binary = Armor.decode(text), !binary.isEmpty else { return .damaged }
            return .openPGP(binary)
        }
        let others = ["-----BEGIN SSH SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----"]
        return others.contains { text.starts(with: $0.utf8) } ? .foreign : .damaged
    }
}
