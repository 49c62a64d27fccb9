public import PasselCore
import PasselPosix

/// A backup's file, as far as it can be judged without opening what is encrypted.
public struct BackupFile: Sendable {
    /// Where it is.
    public let path: Path
    /// Its size.
    public let size: Int
    /// When it was made.
    public let created: Instant
    /// Where the message begins, and how long it is.
    let message: (start: Int, size: Int)
    /// The digest of the text at its head.
    let readMe: Digest

    /// The longest text at the head of a backup.
    private static let longestText = 1 << 16

    /// Reads all of it: whether it is a whole backup as it was written, every bit of it.
    ///
    /// - Throws: a `Problem` for anything else.
    public init(checking path: Path) throws {
        self.path = path
        let reader = try Self.open(path)
        size = reader.status.size
        var archive = TarReader()
        var members: [(member: TarMember, digest: Digest)] = []
        var (digest, member): (DigestStream, TarMember?) = (DigestStream(), nil)
        var sums: [UInt8] = []
        var start = 0
        do {
            while true {
                let piece = try reader.next()
                guard !piece.isEmpty else { break }
                try archive.read(piece) { event in
                    switch event {
                    case .member(let found):
                        guard members.count < 3, found.kind == .file,
                            found.name == BackupMember.message || found.size <= Self.longestText
                        else { throw TarReader.Malformed() }
                        if found.name == BackupMember.message {
                            start = members.reduce(TarMember.block) {
                                $0 + TarMember.block + $1.member.size
                                    + TarMember.padding(after: $1.member.size).count
                            }
                        }
                        (member, digest) = (found, DigestStream())
                    case .content(let bytes):
                        bytes.withUnsafeBytes { digest.add($0) }
                        if member?.name == BackupMember.sums { sums += bytes }
                    case .complete:
                        if let member { members.append((member, digest.digest)) }
                    }
                }
            }
            try archive.finish()
        } catch is TarReader.Malformed {
            throw Self.damaged(path)
        }
        let wanted = [BackupMember.readMe, BackupMember.message, BackupMember.sums]
        guard members.map(\.member.name) == wanted,
            members.allSatisfy({ $0.member.time == members[0].member.time }),
            members.allSatisfy({ $0.member.mode == 0o644 }),
            let manifest = BackupManifest(sums),
            manifest.lines
                == members.prefix(2).map({ BackupManifest.Line($0.member.name, $0.digest) })
        else { throw Self.damaged(path) }
        message = (start, members[1].member.size)
        readMe = members[0].digest
        created = Instant(second: members[0].member.time)
    }

    private static func open(_ path: Path) throws -> FileReader {
        do {
            return try FileReader(path, following: true)
        } catch let error as SystemError {
            throw error.problem
        }
    }

    private static func damaged(_ path: Path) -> Problem {
        Problem(
            "\(path) is damaged, cut off, or no backup of passel's",
            hints: ["use another one: passel backup ls \(ShellWord.text(path.parent.bytes))"])
    }

    /// What `open` makes of the message.
    func reading<R>(_ open: (_ feed: () throws -> [UInt8]?) throws -> R) throws -> R {
        let reader = try Self.open(path)
        try reader.seek(message.start)
        var left = message.size
        return try open {
            guard left > 0 else { return nil }
            let piece = try reader.next(limit: left)
            guard !piece.isEmpty else { throw Self.damaged(path) }
            left -= piece.count
            return piece
        }
    }

    // MARK: At a glance

    /// What its head says of a file.
    public struct Glance: Sendable {
        /// Where it is.
        public let path: Path
        /// Its size.
        public let size: Int
        /// When it was made; nothing where its head is damaged.
        public let created: Instant?
        /// The store that its name tells of.
        public let store: [UInt8]?
        /// Whether it is as long as it says it is.
        public let isComplete: Bool
    }

    /// Looks at the head of every file in a folder that is called like a backup; the newest first.
    ///
    /// - Throws: a `Problem` when the folder cannot be listed.
    public static func glances(in folder: Path) throws -> [Glance] {
        do {
            return try Files.names(in: folder)
                .filter { $0.bytes.ends(with: ".backup.tar") }
                .compactMap { try glance(folder / $0.bytes) }
                .sorted { left, right in
                    let (one, other) = (left.created?.second ?? .min, right.created?.second ?? .min)
                    return one == other ? left.path.bytes.precedes(right.path.bytes) : one > other
                }
        } catch let error as SystemError {
            throw error.problem
        }
    }

    private static func glance(_ path: Path) throws -> Glance? {
        guard let status = try FileStatus(of: path), status.kind == .file else { return nil }
        let name = BackupName(path.name)
        func found(_ created: Instant?, _ isComplete: Bool) -> Glance {
            Glance(
                path: path, size: status.size, created: created ?? name?.created,
                store: name?.store, isComplete: isComplete)
        }
        var archive = TarReader()
        var members: [TarMember] = []
        // What is no archive of ours is told as incomplete, whatever is wrong with it.
        guard let reader = try? FileReader(path, following: true), let start = try? reader.next()
        else { return found(nil, false) }
        // Its end is not read, so that it is never complete here.
        try? archive.read(start) { event in
            if case .member(let member) = event { members.append(member) }
        }
        guard members.count >= 2, members[0].name == BackupMember.readMe,
            members[1].name == BackupMember.message
        else { return found(nil, false) }
        let sums = BackupManifest([
            BackupManifest.Line(BackupMember.readMe, Digest(of: [])),
            BackupManifest.Line(BackupMember.message, Digest(of: [])),
        ]).content.count
        let whole =
            [members[0].size, members[1].size, sums].reduce(TarMember.end.count) {
                $0 + TarMember.block + $1 + TarMember.padding(after: $1).count
            }
        return found(Instant(second: members[0].time), status.size == whole)
    }
}
