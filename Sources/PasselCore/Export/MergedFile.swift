/// A kind of file of which a part is ours and the rest is somebody else's.
///
/// Every change keeps all bytes that are not ours.
public protocol MergedFile: Sendable {
    /// What tells the part of an item from the other parts of the file, such as a section's name.
    func mark(of item: ExportItem) throws -> Text

    /// The file with the parts of these items, each in the place of what it had there before.
    ///
    /// - Throws: a `Problem` when the format or those who read it cannot hold an item, or the file
    ///   is not what it should be.
    func merging(_ items: [ExportItem], into content: Secret) throws -> Secret

    /// The bytes of a part; nothing when the file has none of this mark.
    func part(_ mark: Text, of content: Secret) throws -> Secret?

    /// The file without a part; empty when nothing else is in it.
    func removing(_ mark: Text, from content: Secret) throws -> Secret
}

extension MergedFile {
    /// As `merging`, and read again: a file that is not what it should be, such as one with a quote
    /// that is never closed, can swallow what is added to it.
    ///
    /// - Throws: as `merging`; a `Problem` when a part is not found again, or would be added a
    ///   second time.
    public func content(with items: [ExportItem], in content: Secret) throws -> Secret {
        let merged = try merging(items, into: content)
        let isFound = try items.allSatisfy { item in
            try part(mark(of: item), of: merged)?.isEmpty == false
        }
        guard try isFound && merging(items, into: merged) == merged else {
            throw Problem(
                "the file is not well-formed: what is put into it could not be found again",
                hints: ["mend it, or write to another one: --output FILE"])
        }
        return merged
    }
}
