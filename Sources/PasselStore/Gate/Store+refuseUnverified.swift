public import PasselCore
public import PasselGit
import PasselPosix

extension Store {
    /// Refuses an entry whose content nobody of the team vouches for, where `passel.require-signed`
    /// is on: what a `git pull` outside of passel brought has passed no gate.
    ///
    /// Cheap as long as our branch is where it was when it was last verified. What is new since then
    /// is verified once; our own signed commits are good like everybody's.
    ///
    /// - Parameters:
    ///   - content: the file's bytes as they are about to be decrypted.
    ///   - commit: the commit that they are of, if not what our branch has now.
    /// - Throws: a `Problem` that says which commit changed it, and what can be done.
    public func refuseUnverified(
        _ file: Path, content: [UInt8], at commit: GitID? = nil
    ) throws {
        try verification(at: commit)?.require(file, content)
    }

    /// What refuses entries that nobody vouches for; nothing where `passel.require-signed` is off.
    public func verification(at commit: GitID? = nil) throws -> Verification? {
        guard try settings.configuration.requiresSigned else { return nil }
        guard let repository = try repository(around: root),
            let head = try commit ?? repository.headID()
        else {
            throw Problem(
                "the store has no history, so nobody has signed what is in it",
                hints: ["begin one: passel git init"])
        }
        return try Verification(self, repository, head, isNow: commit == nil)
    }

    /// Refuses a change whose commit could not be signed, where unsigned ones are of no use.
    func refuseUnsigned(_ repository: GitRepository) throws {
        guard try settings.configuration.requiresSigned, !repository.signsWithOpenPGP else {
            return
        }
        throw Problem(
            "passel.require-signed is on, but git does not sign commits here; nothing was written",
            hints: [
                "sign with your OpenPGP key: passel git config commit.gpgsign true",
                "and say which: passel git config user.signingkey KEY",
            ])
    }

    /// Up to where our own branch was verified.
    var ownVerifiedHead: OwnVerifiedHead? { storedPins.map { OwnVerifiedHead(folder: $0.folder) } }
}
