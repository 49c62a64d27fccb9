extension Roster {
    /// The digests of the rosters that it was made from: one, or two where a signer merged what
    /// others had signed at the same time.
    public var parents: [Digest] { [previous, merged].compactMap(\.self) }

    /// Whether it may follow `old` when it is signed by `signer`: made from it, of a later
    /// generation, and signed by somebody who may change every folder that differs.
    ///
    /// The generation is the next one; a roster made of two may be further on.
    public func follows(_ old: Roster, signedBy signer: Set<Fingerprint>) -> Bool {
        guard parents.contains(old.digest) else { return false }
        guard merged == nil ? generation == old.generation + 1 : generation > old.generation else {
            return false
        }
        return isChange(of: old, allowedTo: signer)
    }

    /// Whether one of these may change every folder whose readers are others than in `old`.
    public func isChange(of old: Roster, allowedTo signer: Set<Fingerprint>) -> Bool {
        let changed = Set(folders.keys).union(old.folders.keys).filter {
            folders[$0] != old.folders[$0]
        }
        // Keys alone may be brought up to date by any signer.
        let everywhere = Set(
            old.folders.values.flatMap { $0.filter { $1.role == .signer }.map(\.key) })
        guard !signer.isDisjoint(with: everywhere) else { return false }
        return changed.allSatisfy { !old.signers(of: $0).isDisjoint(with: signer) }
    }
}
