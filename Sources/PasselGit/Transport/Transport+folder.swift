import Glibc
import PasselCore
import PasselPosix

extension Transport {
    /// Whether a branch of a remote that is a folder of this machine is at a commit; no where only
    /// git can tell.
    ///
    /// Asking git takes a program at either end, for what one small file says.
    func isSeen(_ commit: GitID, at remote: GitRemote, branch: String) -> Bool {
        let configuration = repository.configuration
        // Whatever stands between us and the folder is the user's own.
        guard configuration.string("remote", remote.name.bytes, "uploadpack") == nil,
            configuration.names(of: "url").isEmpty,
            let place = RemoteAddress(remote.url.bytes).file(from: repository.workTree)
        else { return false }
        let folder = Self.gitFolder(at: place)
        // git does not look into the repository of somebody else.
        guard let status = try? FileStatus(of: folder, following: false),  // unseen: git tells why
            status.kind == .folder, status.owner == geteuid(),
            FileStatus.isFolder(folder / "objects"),
            FileStatus.isFile(folder / "HEAD"),
            // Packed, a link, in another format, or none: git knows how to read it.
            let content = try? Files.read(
                folder / "refs/heads" / Array(branch.utf8), followingLinks: false)
        else { return false }
        return content == Array("\(commit.hex)\n".utf8)
    }

    /// The folder of the repository at a place: the place itself, or `.git` in it.
    static func gitFolder(at place: Path) -> Path {
        let inner = place / ".git"
        return FileStatus.isFolder(inner) ? inner : place
    }
}
