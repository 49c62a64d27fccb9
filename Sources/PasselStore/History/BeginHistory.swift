import PasselCore
import PasselPosix

extension Store {
    /// Commits everything that is in the store, then the attributes that let git show entries'
    /// differences.
    ///
    /// Nested repositories keep their own history and are left out.
    public func beginHistory() throws {
        try exclusively {
            let files = try present(root)
            try Change(store: self, steps: files.map { .record($0) }) { _ in
                CommitSubject.firstContents
            }.perform()
            let attributes = Array("*.gpg diff=gpg\n".utf8)
            let file = root / ".gitattributes"
            guard try Files.readIfPresent(file) != attributes || files.contains(file) else {
                return
            }
            try Change(store: self, steps: [.write(file, attributes, mode: .kept)]) { _ in
                CommitSubject.attributes
            }.perform()
        }
    }

    private func present(_ folder: Path) throws -> [Path] {
        try Files.names(in: folder).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
            .flatMap { name -> [Path] in
                let path = folder / name.bytes
                guard name.bytes != Array(".git".utf8) else { return [] }
                guard try FileStatus(of: path, following: false)?.kind == .folder else {
                    return [path]
                }
                if try FileStatus(of: path / ".git", following: false) != nil { return [] }
                return try present(path)
            }
    }
}
