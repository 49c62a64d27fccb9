/// Whatever the team's files hold: no trap, and what is understood is spelled in one way only.
func fuzzTeam(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let roster = try? Roster(bytes) {
        precondition(roster.content == bytes)
        for folder in roster.folders.keys {
            precondition(roster.governing(folder) == folder && roster.list(of: folder) != nil)
            precondition(!folder.isAbsolute && !folder.components.contains([0x2E, 0x2E]))
        }
        precondition(!roster.follows(roster, signedBy: Set(roster.keys.keys)))
    }
    if let request = try? RequestFile(bytes) {
        precondition((try? RequestFile(request.content)) == request)
    }
    if let list = try? OffboardingList(bytes, path: OffboardingList.folder) {
        precondition((try? OffboardingList(list.content, path: list.file)) == list)
        var updated = list
        updated.update(with: list.items, keyIDs: list.keyIDs)
        precondition(updated == list)
    }
    if let decoded = PercentEncoding.decode(bytes[...]) {
        precondition(PercentEncoding.decode(PercentEncoding.encode(decoded)[...]) == decoded)
    }
    return 0
}
