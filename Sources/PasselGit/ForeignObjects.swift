import CGit2
public import PasselCore

/// Objects of a repository that nobody has vouched for: each is looked at before it is read.
///
/// What is missing, of another kind than expected, or larger than allowed, is not unpacked.
public final class ForeignObjects {
    /// What an object can be.
    public enum Kind: Sendable {
        case commit, folder, file
    }

    /// Why an object cannot be used.
    public enum Flaw: Error, Sendable, Equatable {
        case missing
        case damaged
        case wrongKind
        case tooLarge(limit: Int)

        /// The flaw in words.
        public var description: Text {
            switch self {
            case .missing: "the object is missing"
            case .damaged: "the object is damaged"
            case .wrongKind: "the object is of another kind"
            case .tooLarge(let limit): "it is larger than \(limit) bytes"
            }
        }
    }

    private let objects: GitObjectDatabase
    private var kept: [GitID: [UInt8]] = [:]
    private var keptSize = 0

    /// In bytes.
    private static let keptLimit = 32 << 20

    /// The objects of `repository`.
    public init(_ repository: GitRepository) throws { objects = try repository.objects() }

    /// How large an object is.
    ///
    /// - Throws: `Flaw` when it is not there or of another kind.
    public func size(of id: GitID, _ kind: Kind) throws(Flaw) -> Int {
        do {
            let header = try objects.header(of: id)
            guard header.kind == Self.type(kind) else { throw Flaw.wrongKind }
            return header.size
        } catch let flaw as Flaw {
            throw flaw
        } catch {
            throw Self.flaw(error)
        }
    }

    /// The object's bytes.
    ///
    /// - Throws: `Flaw`.
    public func content(of id: GitID, _ kind: Kind, limit: Int) throws(Flaw) -> [UInt8] {
        guard try size(of: id, kind) <= limit else { throw .tooLarge(limit: limit) }
        do {
            return try objects.content(of: id, Self.type(kind))
        } catch {
            throw Self.flaw(error)
        }
    }

    /// The bytes of a folder, which are kept for a while: most are those of the next commit too.
    func folder(_ id: GitID, limit: Int) throws(Flaw) -> [UInt8] {
        if let bytes = kept[id] { return bytes }
        let bytes = try content(of: id, .folder, limit: limit)
        if keptSize > Self.keptLimit {
            kept = [:]
            keptSize = 0
        }
        kept[id] = bytes
        keptSize += bytes.count
        return bytes
    }

    /// What a commit says of itself.
    ///
    /// - Throws: `Flaw`.
    public func commit(_ id: GitID, limit: Int) throws(Flaw) -> CommitObject {
        guard let commit = CommitObject(try content(of: id, .commit, limit: limit)) else {
            throw .damaged
        }
        return commit
    }

    private static func type(_ kind: Kind) -> git_object_t {
        switch kind {
        case .commit: GIT_OBJECT_COMMIT
        case .folder: GIT_OBJECT_TREE
        case .file: GIT_OBJECT_BLOB
        }
    }

    private static func flaw(_ error: any Error) -> Flaw {
        (error as? GitProblem)?.code == GIT_ENOTFOUND.rawValue ? .missing : .damaged
    }
}
