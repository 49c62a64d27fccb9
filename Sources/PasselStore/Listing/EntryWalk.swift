public import PasselCore
import PasselPosix

extension Store {
    /// Every entry below the store's top, sorted by path: hidden folders included, reserved ones
    /// left out.
    ///
    /// Links to files and folders are followed, each real file given once and no folder entered
    /// twice.
    public func entryFiles() throws -> [Path] {
        var files: [Path] = []
        var seen: Set<FileStatus.Identity> = []
        try walk(root, &files, &seen)
        return files
    }

    private func walk(
        _ folder: Path, _ files: inout [Path], _ seen: inout Set<FileStatus.Identity>
    ) throws {
        guard let status = try FileStatus(of: folder), seen.insert(status.identity).inserted else {
            return
        }
        let names: [Files.Name]
        do {
            names = try Files.names(in: folder)
        } catch let error as SystemError {
            observer.warned(error.problem)
            return
        }
        for name in names.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
            let path = folder / name.bytes
            guard !EntryName.isReserved(name.bytes) else { continue }
            let isEntry = path.hasSuffixIgnoringCase(EntryName.suffix)
            switch name.kind == .link || name.kind == nil
                ? try FileStatus(of: path)?.kind : name.kind
            {
            case .folder: try walk(path, &files, &seen)
            case .file where isEntry:
                if let identity = try FileStatus(of: path)?.identity, seen.insert(identity).inserted
                {
                    files.append(path)
                }
            default: break
            }
        }
    }
}

extension EntryName {
    private static let reserved = [".git", ".extensions", ".passel", ".public-keys"]
        .map { Array($0.utf8) }

    /// Whether nothing below a folder of this name is an entry: it is git's, the extensions', our
    /// own or that of the keys.
    static func isReserved(_ name: [UInt8]) -> Bool {
        name.first == UInt8(ascii: ".") && reserved.contains(name)
    }
}
