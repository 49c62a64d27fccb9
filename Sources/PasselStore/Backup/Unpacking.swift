import CPosix
import Glibc
import PasselCore
import PasselPosix

/// The members of a backup's archive on their way into a folder of this run's own.
///
/// Nothing is written outside of it, whatever the archive says; links are made last, so that nothing
/// goes through one.
struct Unpacking {
    /// The digest of every file, in the archive's order.
    private(set) var lines: [BackupManifest.Line] = []
    /// The links.
    private(set) var links: [BackupInfo.Link] = []

    private let folder: Path
    private var archive = TarReader()
    private var digest = DigestStream()
    private var current: (member: TarMember, file: Int32, path: Path)?
    private var modes: [(path: Path, mode: UInt32)] = []

    init(into folder: Path) { self.folder = folder }

    /// Makes the folder.
    func begin() throws { _ = try DurableFile.makeFolder(folder) }

    /// Takes in more of the archive.
    ///
    /// - Throws: `TarReader.Malformed`; `SystemError`.
    mutating func read(_ bytes: UnsafeRawBufferPointer) throws {
        var archive = archive
        try archive.read(Array(bytes)) { event in
            switch event {
            case .member(let member): try begin(member)
            case .content(let piece):
                try piece.withUnsafeBytes { piece in
                    digest.add(piece)
                    if let current {
                        try Files.write(piece, to: current.file, name: current.path)
                    }
                }
            case .complete: complete()
            }
        }
        self.archive = archive
    }

    private mutating func begin(_ member: TarMember) throws {
        guard Self.isSafe(member) else { throw TarReader.Malformed() }
        let path = folder / member.name
        digest = DigestStream()
        switch member.kind {
        case .folder:
            _ = try DurableFile.makeFolder(path.withoutTrailingSlashes)
            modes.append((path, member.mode & 0o777 | 0o700))
        case .link(let target):
            links.append(BackupInfo.Link(name: Path(member.name), target: target))
        case .file:
            if member.name.contains(.slash) { try makeFolders(path.parent) }
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let file = path.withCString { passel_open($0, flags, 0o600) }
            guard file >= 0 else { throw SystemError("write", path) }
            current = (member, file, path)
        }
    }

    private func makeFolders(_ path: Path) throws {
        guard path != folder, !FileStatus.isFolder(path) else { return }
        try makeFolders(path.parent)
        _ = try DurableFile.makeFolder(path)
    }

    private mutating func complete() {
        guard let (member, file, _) = current else { return }
        // What cannot be set stays as it is: for the owner only.
        fchmod(file, member.mode & 0o777)
        close(file)
        current = nil
        if member.name != BackupMember.manifest, member.name != BackupMember.signature {
            lines.append(BackupManifest.Line(member.name, digest.digest))
        }
    }

    /// Makes what had to wait, once the message proved authentic.
    ///
    /// - Throws: a `Problem` when the archive is not complete.
    mutating func finish(_ file: Path) throws {
        do {
            try archive.finish()
        } catch {
            throw Problem("\(file): what is encrypted in it is cut off")
        }
        // Should it be left open after a failure, the end of the process closes it.
        for link in links { try DurableFile.symlink(link.target, at: folder / link.name) }
        for (path, mode) in modes.reversed() {
            let code = path.withCString { chmod($0, mode) }
            guard code == 0 else { throw SystemError("write", path) }
        }
    }

    /// Whether a name means one place in the folder, and one only.
    private static func isSafe(_ member: TarMember) -> Bool {
        var name = member.name[...]
        if case .folder = member.kind {
            guard name.last == .slash else { return false }
            name = name.dropLast()
        }
        return name.split(separator: .slash, omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && !part.contains(0)
                && ![".", ".."].contains { part.elementsEqual($0.utf8) }
        }
    }
}
