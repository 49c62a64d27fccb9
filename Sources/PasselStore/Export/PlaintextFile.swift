import CPosix
import Glibc
public import PasselCore
import PasselPosix

/// A file outside the store that holds secrets in clear, as it was when it was looked at.
///
/// It is replaced whole or not at all, readable by its owner only, never through a link, and only
/// while it is still what it was.
public struct PlaintextFile {
    /// Its path, the links of its folder resolved.
    public let path: Path
    /// What it held; nothing when it was not there.
    public let content: Secret?
    /// Its permissions then.
    public let mode: UInt32?

    /// More than any file that is merged into has.
    private static let limit = 16 << 20

    /// Looks at a file, there or not.
    ///
    /// - Throws: a `Problem` for a link, for what is no file, and for somebody else's file.
    public init(_ path: Path) throws {
        let place = Self.place(of: path)
        self.path = place
        guard let status = try FileStatus(of: place, following: false) else {
            (content, mode) = (nil, nil)
            return
        }
        guard status.kind != .link else {
            throw Problem(
                "\(path) is a link; nothing is written through it",
                hints: [
                    "name the file itself: --output \(ShellWord.text((Files.resolved(place) ?? place).bytes))"
                ])
        }
        guard status.kind == .file else {
            throw Problem("\(path) is not a file", hints: ["ls -ld \(ShellWord.text(path.bytes))"])
        }
        guard status.owner == geteuid() else {
            throw Problem("\(path) belongs to another user (id \(status.owner))")
        }
        content = try Files.readSecret(place, limit: Self.limit, following: false)
        mode = status.mode
    }

    /// The absolute path of a file, there or not, without the links of its folder.
    public static func place(of path: Path) -> Path {
        let path = path.isAbsolute ? path : Files.currentFolder() / path
        var missing: [[UInt8]] = [path.name]
        var folder = path.parent
        while true {
            if let resolved = Files.resolved(folder) {
                return missing.reversed().reduce(resolved) { $0 / $1 }
            }
            guard !folder.name.isEmpty else { return path }
            missing.append(folder.name)
            folder = folder.parent
        }
    }

    /// The nearest folder above it that is there.
    var existingFolder: Path {
        var folder = path.parent
        while !FileStatus.isFolder(folder), folder != "/" { folder = folder.parent }
        return folder
    }

    /// Refuses to go on when the file is not what it was.
    public func refuseChanged() throws {
        let now = try PlaintextFile(path)
        guard now.content == content else { throw changed }
    }

    private var changed: Problem {
        Problem("\(path) was changed by somebody else meanwhile; nothing was written")
    }

    /// Puts this content in its place; permissions become no wider than they were, and none but
    /// its owner's.
    ///
    /// Folders that are missing are made, for their owner only.
    ///
    /// - Throws: a `Problem` when it was changed meanwhile, `SystemError`; it is as it was then.
    public func replace(by new: Secret) throws {
        let folder = path.parent
        try StateFolder(at: folder).make()
        try write(new, in: folder) { descriptor in
            guard content != nil else {
                return try name(descriptor, path) { throw changed }
            }
            let temporary = folder / Path(Scratch.prefix + Random.name(length: 16))
            try name(descriptor, temporary) { throw SystemError("write", temporary, code: EEXIST) }
            do {
                try refuseChanged()
                try DurableFile.rename(temporary, to: path)
            } catch {
                Scratch.remove(temporary)
                throw error
            }
        }
        try DurableFile.flush(folder)
    }

    /// Writes a file that has no name yet.
    private func write(_ new: Secret, in folder: Path, _ body: (Int32) throws -> Void) throws {
        let descriptor = folder.withCString { passel_unnamed_file($0) }
        guard descriptor >= 0 else { return try writeNamed(new, in: folder) }
        defer { close(descriptor) }
        try fill(descriptor, new)
        try body(descriptor)
    }

    /// As above, where the file system has no files without a name.
    private func writeNamed(_ new: Secret, in folder: Path) throws {
        let temporary = folder / Path(Scratch.prefix + Random.name(length: 16))
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = temporary.withCString { passel_open($0, flags, 0o600) }
        guard descriptor >= 0 else { throw SystemError("write", folder) }
        do {
            defer { close(descriptor) }
            try fill(descriptor, new)
            try refuseChanged()
            try DurableFile.rename(temporary, to: path)
        } catch {
            Scratch.remove(temporary)
            throw error
        }
    }

    private func fill(_ descriptor: Int32, _ new: Secret) throws {
        // plaintext: what is exported stands in the file, which is what it is for.
        try new.withBytes { try Files.write($0, to: descriptor, name: path) }
        guard fchmod(descriptor, (mode ?? 0o600) & 0o600) == 0, fsync(descriptor) == 0 else {
            throw SystemError("write", path)
        }
    }

    private func name(_ descriptor: Int32, _ path: Path, taken: () throws -> Void) throws {
        guard path.withCString({ passel_name_file(descriptor, $0) }) == 0 else {
            let code = passel_errno()
            if code == EEXIST { try taken() }
            throw SystemError("write", path, code: code)
        }
    }

    /// Puts this content in its place, and overwrites what the disk had of the old one; with
    /// nothing to keep there is no file any more.
    ///
    /// - Throws: as `replace`.
    public func shred(keeping rest: Secret?) throws {
        let flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW
        let old = path.withCString { passel_open($0, flags, 0) }
        guard old >= 0 else { throw SystemError("write", path) }
        defer { close(old) }
        try refuseChanged()
        if let rest {
            try replace(by: rest)
            // Another name of the file would lose more than what is ours.
            var status = stat()
            guard fstat(old, &status) == 0, status.st_nlink == 0 else { return }
            try overwrite(old)
        } else {
            try overwrite(old)
            try DurableFile.remove(path)
            try DurableFile.flush(path.parent)
        }
    }

    private func overwrite(_ descriptor: Int32) throws {
        let zeros = [UInt8](repeating: 0, count: content?.count ?? 0)
        try zeros.withUnsafeBytes { try Files.write($0, to: descriptor, name: path) }
        guard fsync(descriptor) == 0 else { throw SystemError("overwrite", path) }
    }
}
