public import PasselCore

extension Store {
    /// The file in which a secret key is to be kept.
    ///
    /// - Throws: a `Problem` where something is in its place unless it may be replaced, in the store,
    ///   and in a git work tree that does not ignore it.
    public func placeForKey(
        _ path: Path, replacing isReplaced: Bool, _ consent: ExportConsent
    ) throws -> PlaintextFile {
        let file = try PlaintextFile(path)
        guard file.content == nil || isReplaced else {
            throw Problem(
                "\(path) exists already", hints: ["replace it: \(consent.command("--force"))"])
        }
        try refuseUnignored(file, consent)
        return file
    }
}
