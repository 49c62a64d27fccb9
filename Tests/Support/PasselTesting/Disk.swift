import Foundation
import Glibc

/// What lies at a path, without following a symbolic link.
public struct FileFacts: Sendable, Equatable {
    /// What kind of thing a path names.
    public enum Kind: String, Sendable { case file, folder, link, other }
    /// What kind of thing it is.
    public var kind: Kind
    /// The permission bits.
    public var mode: UInt32
    /// The size in bytes.
    public var byteCount: Int
    /// Where a symbolic link points.
    public var target: Bytes?
}

/// Files and folders by their byte names.
public enum Disk {
    /// The bytes of the file at `path`, or nil when it cannot be read.
    public static func read(_ path: Bytes) -> Bytes? {
        let descriptor = withCString(path) { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT != S_IFDIR else {
            return nil
        }
        var result = Bytes()
        var buffer = Bytes(repeating: 0, count: max(4096, Int(information.st_size) + 1))
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return count == 0 ? result : nil }
            result += buffer[..<count]
        }
    }

    /// The bytes of the file at `path`, or nil when it cannot be read.
    public static func read(_ path: String) -> Bytes? { read(Bytes(path.utf8)) }

    /// Creates or replaces the file at `path`; a new file gets exactly `mode`.
    public static func write(_ bytes: Bytes, to path: Bytes, mode: UInt32 = 0o600) throws {
        guard mode & 0o111 == 0 else { return try install(bytes, at: path, mode: mode) }
        let isNew = facts(path) == nil
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        let descriptor = withCString(path) { open($0, flags, mode_t(mode)) }
        guard descriptor >= 0 else { throw failure("write", path) }
        defer { close(descriptor) }
        if isNew { fchmod(descriptor, mode_t(mode)) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes a program.
    ///
    /// Another process writes it: a descriptor of ours that a child of another thread inherits for a
    /// moment would make the kernel refuse to run it.
    private static func install(_ bytes: Bytes, at path: Bytes, mode: UInt32) throws {
        let words = ["-m", String(mode, radix: 8), "/dev/stdin"].map { Bytes($0.utf8) }
        let outcome = try Invocation(
            "install", words + [path], environment: [Bytes("PATH=/usr/bin:/bin".utf8)],
            directory: "/", input: .bytes(bytes)
        ).run()
        guard outcome.status == 0 else {
            throw TestingProblem("cannot write \(path.text): \(outcome.stderr.text)")
        }
    }

    /// Creates or replaces the file at `path`; a new file gets exactly `mode`.
    public static func write(_ text: String, to path: String, mode: UInt32 = 0o600) throws {
        try write(Bytes(text.utf8), to: Bytes(path.utf8), mode: mode)
    }

    /// Makes the folder `path` and the missing ones above it, each with `mode`.
    public static func makeFolder(_ path: Bytes, mode: UInt32 = 0o700) throws {
        guard !path.isEmpty, facts(path)?.kind != .folder else { return }
        if let slash = path.lastIndex(of: 0x2F), slash > 0 {
            try makeFolder(Bytes(path[..<slash]), mode: mode)
        }
        let made = withCString(path) {
            mkdir($0, mode_t(mode)) == 0 && chmod($0, mode_t(mode)) == 0
        }
        // A link to a folder, or a trailing slash, is as good as a folder.
        guard made || errno == EEXIST else { throw failure("make folder", path) }
    }

    /// Makes the folder `path` and the missing ones above it, each with `mode`.
    public static func makeFolder(_ path: String, mode: UInt32 = 0o700) throws {
        try makeFolder(Bytes(path.utf8), mode: mode)
    }

    /// What lies at `path`, or nil when nothing does.
    public static func facts(_ path: Bytes) -> FileFacts? {
        var information = stat()
        guard withCString(path, { lstat($0, &information) }) == 0 else { return nil }
        let kind: FileFacts.Kind =
            switch information.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        return FileFacts(
            kind: kind, mode: UInt32(information.st_mode & 0o7777),
            byteCount: Int(information.st_size), target: kind == .link ? linkTarget(path) : nil)
    }

    /// What lies at `path`, or nil when nothing does.
    public static func facts(_ path: String) -> FileFacts? { facts(Bytes(path.utf8)) }

    /// The names in the folder `path`, in byte order, without `.` and `..`.
    public static func names(in path: Bytes) -> [Bytes] {
        guard let folder = withCString(path, { opendir($0) }) else { return [] }
        defer { closedir(folder) }
        var names: [Bytes] = []
        while let item = readdir(folder) {
            let name = withUnsafeBytes(of: &item.pointee.d_name) { bytes in
                Bytes(bytes.prefix { $0 != 0 })
            }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Every path below `folder`, relative to it, parents first; links are not followed.
    ///
    /// A folder for which `enter` answers false is listed, its content is not.
    public static func walk(_ folder: Bytes, enter: (Bytes) -> Bool = { _ in true }) -> [Bytes] {
        var result: [Bytes] = []
        func visit(_ relative: Bytes) {
            for name in names(in: relative.isEmpty ? folder : folder + [0x2F] + relative) {
                let path = relative.isEmpty ? name : relative + [0x2F] + name
                result.append(path)
                if facts(folder + [0x2F] + path)?.kind == .folder, enter(path) { visit(path) }
            }
        }
        visit([])
        return result
    }

    /// Deletes what lies at `path`, with everything in it.
    public static func remove(_ path: String) {
        // An agent that is just ending deletes its sockets at the same time, which stops a removal.
        for _ in 0..<20 where facts(path) != nil {
            do { try FileManager.default.removeItem(atPath: path) } catch { usleep(10_000) }
        }
    }

    static func withCString<Result>(
        _ path: Bytes, _ body: (UnsafePointer<CChar>) -> Result
    ) -> Result {
        (path + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { buffer in
                guard let address = buffer.baseAddress else { preconditionFailure("never empty") }
                return body(address)
            }
        }
    }

    private static func linkTarget(_ path: Bytes) -> Bytes? {
        var buffer = Bytes(repeating: 0, count: 4096)
        let count = withCString(path) { name in
            buffer.withUnsafeMutableBytes { space in
                readlinkBytes(name, space)
            }
        }
        return count < 0 ? nil : Bytes(buffer[..<count])
    }

    private static func readlinkBytes(
        _ name: UnsafePointer<CChar>, _ space: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard let start = space.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
        return readlink(name, start, space.count)
    }

    private static func failure(_ verb: String, _ path: Bytes) -> TestingProblem {
        TestingProblem("cannot \(verb) \(path.text): \(String(cString: strerror(errno)))")
    }
}
