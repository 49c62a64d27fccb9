import CPosix
import Glibc
import PasselCore
import PasselPosix

/// The file `index` of the state folder as it lies on the disk.
///
///     15  `passel index 1` and a line feed
///      8  generation: how often it was written
///      4  length of the key message
///      *  key message: half of the index's key, encrypted to the user's own key
///      4  number of tags
///      8  each tag: see `MessageTag`
///      *  the rows, sealed
///     32  code over all of this under the secret of `index.local`
///
/// Numbers have their lowest byte first. With the tags it can be told without any key what is in it.
struct IndexFile {
    static let name: Path = "index"
    private static let head = Array("passel index 1\n".utf8)
    private static let codeLength = 32

    let generation: UInt64
    let keyMessage: [UInt8]
    let tags: [UInt64]
    private let box: [UInt8]
    /// Everything before the box, which belongs to it.
    private let context: [UInt8]

    /// Seals rows.
    init(
        generation: UInt64, keyMessage: [UInt8], tags: [UInt64], body: Secret, key: Secret
    ) {
        self.generation = generation
        self.keyMessage = keyMessage
        self.tags = tags
        context =
            Self.head + generation.bytesInFile + UInt32(keyMessage.count).bytesInFile + keyMessage
            + UInt32(tags.count).bytesInFile + tags.flatMap(\.bytesInFile)
        box = SecretBox.seal(body, key: key, context: context)
    }

    /// Reads a file; nothing for one that this machine did not make.
    init?(_ content: [UInt8], anchor: IndexAnchor) {
        guard content.count > Self.head.count + Self.codeLength,
            content.starts(with: Self.head)
        else { return nil }
        let end = content.count - Self.codeLength
        let code = content.withUnsafeBytes {
            Digest(code: UnsafeRawBufferPointer(rebasing: $0[..<end]), key: anchor.fileKey)
        }
        guard code.isSame(as: content[end...]),
            let parts = content.withUnsafeBytes({ Self.parts($0, end: end) })
        else { return nil }
        generation = parts.generation
        keyMessage = Array(content[parts.keyMessage])
        tags = parts.tags
        context = Array(content[..<parts.box])
        box = Array(content[parts.box..<end])
    }

    private static func parts(
        _ bytes: UnsafeRawBufferPointer, end: Int
    ) -> (generation: UInt64, keyMessage: Range<Int>, tags: [UInt64], box: Int)? {
        var place = head.count
        guard let generation = UInt64(bytes, at: place),
            let length = UInt32(bytes, at: place + 8)
        else { return nil }
        place += 12
        let keyMessage = place..<(place + Int(length))
        place = keyMessage.upperBound
        guard place + 4 <= end, let count = UInt32(bytes, at: place) else { return nil }
        place += 4
        guard Int(count) <= (end - place) / 8 else { return nil }
        let tags = (0..<Int(count)).compactMap { UInt64(bytes, at: place + 8 * $0) }
        return (generation, keyMessage, tags, place + 8 * Int(count))
    }

    /// The tags of the file in a folder, read without the rest of it and not checked: good for
    /// telling whether a row is worth to be added.
    static func uncheckedTags(in folder: StateFolder) throws -> [UInt64] {
        let path = folder.file(name)
        let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW
        let descriptor = path.withCString { passel_open($0, flags, 0) }
        guard descriptor >= 0 else { throw SystemError("read", path) }
        defer { close(descriptor) }
        func read(_ count: Int, at place: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            return pread(descriptor, &bytes, count, off_t(place)) == count ? bytes : nil
        }
        func number(at place: Int) -> Int? {
            read(4, at: place).flatMap { $0.withUnsafeBytes { UInt32($0, at: 0) } }.map(Int.init)
        }
        let keyMessage = head.count + 12
        guard let length = number(at: keyMessage - 4), length < 1 << 20,
            let count = number(at: keyMessage + length), count < 1 << 24,
            let tags = read(8 * count, at: keyMessage + length + 4)
        else { return [] }
        return tags.withUnsafeBytes { bytes in
            (0..<count).compactMap { UInt64(bytes, at: 8 * $0) }
        }
    }

    func content(_ anchor: IndexAnchor) -> [UInt8] {
        let bytes = context + box
        return bytes + bytes.withUnsafeBytes { Digest(code: $0, key: anchor.fileKey) }.bytes
    }

    /// The rows; nothing with another key.
    func rows(_ key: Secret) -> IndexRows? {
        SecretBox.open(box, key: key, context: context).flatMap { IndexRows($0) }
    }
}
