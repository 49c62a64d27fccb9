import PasselCore
import PasselPosix

/// Something that goes into a backup.
struct BackupMember {
    /// Where its content comes from.
    enum Source {
        case bytes([UInt8])
        /// A file of the store.
        case file(Path)
        /// A file that nobody else has.
        case unnamed(UnnamedFile)
        case folder
        case link([UInt8])
    }

    /// What it is called in there.
    let name: [UInt8]
    let source: Source
    var mode: UInt32 = 0o600

    // What members are called.
    static let readMe = Array("README".utf8)
    static let info = Array("INFO".utf8)
    static let pins = Array("pins".utf8)
    static let bundle = Array("store.bundle".utf8)
    static let manifest = Array("MANIFEST".utf8)
    static let signature = Array("MANIFEST.sig".utf8)
    /// The message, in the archive that the file is.
    static let message = Array("contents.tar.gpg".utf8)
    static let sums = Array("SHA256SUMS".utf8)
    /// The folder of a store without history.
    static let store: Path = "store"
    /// The folder of what is in no commit.
    static let uncommitted: Path = "uncommitted"
    /// The folder of public keys, each a file called by its fingerprint.
    static let keys: Path = "public-keys"
}

/// The archive of a backup's members, made while it is read.
final class BackupArchive {
    private var members: ArraySlice<BackupMember>
    /// What is made of the manifest once it is complete.
    private let sign: (_ manifest: [UInt8]) throws -> [UInt8]?
    private let time: Int64
    private var manifest = BackupManifest()
    private var current: (name: [UInt8], reader: FileReader, size: Int, left: Int)?
    private var digest = DigestStream()
    private var isManifestDone = false
    private var isOver = false

    init(
        _ members: [BackupMember], time: Int64, sign: @escaping ([UInt8]) throws -> [UInt8]?
    ) {
        self.members = members[...]
        self.time = time
        self.sign = sign
    }

    /// The next piece; nothing at the end.
    ///
    /// - Throws: a `Problem` when a file changes while it is read.
    func next() throws -> [UInt8]? {
        if let piece = try content() { return piece }
        guard let member = members.popFirst() else { return try ending() }
        switch member.source {
        case .bytes(let bytes):
            manifest.add(member.name, Digest(of: bytes))
            return header(member, .file, bytes.count) + bytes
                + TarMember.padding(after: bytes.count)
        case .folder: return header(member, .folder, 0)
        case .link(let target): return header(member, .link(target), 0)
        case .file(let path): return try begin(member, FileReader(path))
        case .unnamed(let file): return try begin(member, FileReader(file.path, following: true))
        }
    }

    private func header(_ member: BackupMember, _ kind: TarMember.Kind, _ size: Int) -> [UInt8] {
        TarMember(member.name, kind, size: size, mode: member.mode, time: time).header
    }

    private func begin(_ member: BackupMember, _ reader: FileReader) throws -> [UInt8] {
        let size = reader.status.size
        digest = DigestStream()
        current = (member.name, reader, size, size)
        return header(member, .file, size)
    }

    private func content() throws -> [UInt8]? {
        guard let (name, reader, size, left) = current else { return nil }
        guard left > 0 else {
            guard try reader.next(limit: 1).isEmpty else { throw changed(name) }
            manifest.add(name, digest.digest)
            current = nil
            return TarMember.padding(after: size)
        }
        let piece = try reader.next(limit: left)
        guard !piece.isEmpty else { throw changed(name) }
        digest.add(piece)
        current?.left -= piece.count
        return piece
    }

    private func changed(_ name: [UInt8]) -> Problem {
        Problem(
            "\(Text(name)) changed while it was read; there is no backup", hints: ["try again"])
    }

    private func ending() throws -> [UInt8]? {
        if !isManifestDone {
            isManifestDone = true
            let content = manifest.content
            var last = [BackupMember(name: BackupMember.manifest, source: .bytes(content))]
            if let signature = try sign(content) {
                last.append(BackupMember(name: BackupMember.signature, source: .bytes(signature)))
            }
            members = last[...]
            return try next()
        }
        guard !isOver else { return nil }
        isOver = true
        return TarMember.end
    }
}
