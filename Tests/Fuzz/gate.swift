/// Whatever a folder, a name, a commit or attributes of a remote are: no trap, no look beyond the
/// end, and what is let through is what git itself would take for no harm.
func fuzzGate(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do throws(TreeObject.Flaw) {
        let summary = try TreeObject.check(bytes)
        // Every item has a mode, a blank, a name, a NUL and an id.
        precondition(summary.count * 28 <= count)
        // In order, and no name twice: what is appended to itself is neither.
        precondition(count == 0 || (try? TreeObject.check(bytes + bytes)) == nil)
        precondition((try? TreeObject.check(bytes, nameLimit: summary.count)) == summary)
    } catch {
        precondition(!error.description.bytes.isEmpty)
    }
    for part in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
        guard NamePolicy.flaw(ofPart: part) == nil else { continue }
        precondition(!part.isEmpty && part.count <= NamePolicy.partLimit)
        precondition(!part.contains { $0 < 0x20 || $0 == .slash })
        let lower = part.map(\.asciiLowercased)
        precondition(!lower.elementsEqual(".git".utf8) && !lower.elementsEqual("..".utf8))
        precondition(!lower.elementsEqual(".gitmodules".utf8))
        // Dots and blanks at the end are no way around.
        let trimmed = lower.reversed().drop { $0 == UInt8(ascii: ".") || $0 == 0x20 }.reversed()
        precondition(!trimmed.elementsEqual(".git".utf8))
    }
    if let commit = CommitObject(bytes) {
        precondition(commit.tree.count == 40 && commit.parents.allSatisfy { $0.count == 40 })
        precondition(commit.payload.count <= count)
        precondition(commit.signature != nil || bytes.count < 8 || !commit.payload.isEmpty)
        // What was signed carries no signature.
        precondition(CommitObject(commit.payload)?.signature == nil)
    }
    for kind in [FilePolicy.Kind.attributes, .entry, .list, .plain] {
        if let flaw = FilePolicy.flaw(of: bytes, kind) { precondition(!flaw.text.bytes.isEmpty) }
    }
    _ = FilePolicy.kind(of: bytes)
    return 0
}
