public import PasselCore

extension ImportFormat {
    /// What is in a file, be it packed, or encrypted under a password.
    ///
    /// - Parameter password: asked for only where one is needed.
    /// - Throws: a `Problem` when the file is of another form, damaged, or under another password.
    public func items(
        inSource source: Secret, password: () throws -> Secret
    ) throws -> ImportedItems {
        guard self == .bitwarden, BitwardenEnvelope.isOne(source) else {
            return try items(source, inflater: Zlib())
        }
        guard let content = try BitwardenEnvelope(source).opened(with: password()) else {
            throw Problem("this is not its password")
        }
        return try items(content, inflater: Zlib())
    }
}
