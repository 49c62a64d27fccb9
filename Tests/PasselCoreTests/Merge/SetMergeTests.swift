import PasselCore
import Testing

@Suite struct SetMergeTests {
    private func lists(_ base: String?, _ ours: String?, _ theirs: String?) -> String? {
        func bytes(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }
        let merged = ListMerge.merging(
            base: bytes(base), ours: bytes(ours), theirs: bytes(theirs))
        let swapped = ListMerge.merging(
            base: bytes(base), ours: bytes(theirs), theirs: bytes(ours))
        #expect(merged == swapped)
        return merged.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `removals win and additions unite`() {
        #expect(lists("A\nB\n", "A\nB\nC\n", "B\nD\n") == "B\nC\nD\n")
        #expect(lists("A\nB\n", "A\n", "B\n") == "")
        #expect(lists("A\n", "B\n", "A\nC\n") == "B\nC\n")
        #expect(lists(nil, "A\nB\n", "B\nC\n") == "A\nB\nC\n")
        #expect(lists("A\n", nil, "A\nB\n") == "A\nB\n")
        #expect(lists("A\n", nil, "A\n") == nil)
        #expect(lists("A", "A\nB", "A\nC\r\n") == "A\nB\nC\n")
        #expect(lists("A # ann\n", "A # Ann\nB\n", "A # ann\nC\n") == "A # Ann\nB\nC\n")
    }

    @Test func `every law holds for all lists of three people`() {
        let people = ["A", "B", "C"]
        let all = (0..<8).map { set in
            people.indices.filter { set & 1 << $0 != 0 }.map { people[$0] }
        }
        func bytes(_ list: [String]) -> [UInt8] { list.flatMap { Array($0.utf8) + [10] } }
        for base in all {
            for ours in all {
                for theirs in all {
                    let merged = ListMerge.merging(
                        base: bytes(base), ours: bytes(ours), theirs: bytes(theirs))
                    let expected = people.filter { person in
                        let here = (ours.contains(person), theirs.contains(person))
                        return base.contains(person) ? here.0 && here.1 : here.0 || here.1
                    }
                    #expect(merged.map { Set($0.split(separator: 10)) }?.count == expected.count)
                    #expect(
                        Set(merged ?? []).subtracting([10])
                            == Set(bytes(expected)).subtracting([10]))
                }
            }
        }
    }

    private func roster(_ folders: [Path: [(Int, Role)]]) throws -> Roster {
        var roster = Roster()
        for (folder, readers) in folders {
            for (number, role) in readers {
                let print = try fingerprint(number)
                roster.folders[folder, default: [:]][print] = .init(role)
                roster.keys[print] = .init(digest: Digest(of: [UInt8(number)]), name: [65])
            }
        }
        return roster
    }

    private func fingerprint(_ number: Int) throws -> Fingerprint {
        try #require(Fingerprint(Array(String(repeating: "\(number)", count: 40).utf8)))
    }

    private func spelled(_ roster: Roster) -> String {
        roster.folders.sorted { $0.key.repaired < $1.key.repaired }.map { folder, readers in
            let people = readers.sorted { $0.key < $1.key }.map {
                "\($0.hex.prefix(1))\($1.role.rawValue.prefix(2))"
            }
            return "\(folder): " + people.joined(separator: " ")
        }.joined(separator: "; ")
    }

    @Test func `rosters merge as sets`() throws {
        let base = try roster([".": [(1, .signer), (2, .member)], "web": [(1, .signer)]])
        let ours = try roster([
            ".": [(1, .signer), (2, .member), (3, .member)], "web": [(1, .signer)],
        ])
        let theirs = try roster([".": [(1, .signer)], "web": [(1, .signer), (4, .machine)]])
        let merged = Roster.merging(base: base, ours: ours, theirs: theirs)
        #expect(spelled(merged) == ".: 1si 3me; web: 1si 4ma")
        #expect(merged.generation == 2)
        #expect(merged.previous == ours.digest && merged.merged == theirs.digest)
        #expect(merged.keys.count == 3)
        #expect(try Roster(merged.content) == merged)
        let swapped = Roster.merging(base: base, ours: theirs, theirs: ours)
        #expect(swapped.folders == merged.folders && swapped.keys == merged.keys)
    }

    @Test func `of two roles the lower one counts, and a folder given up stays so`() throws {
        let base = try roster([".": [(1, .signer), (2, .member)], "web": [(2, .member)]])
        let ours = try roster([".": [(1, .signer), (2, .signer)]])
        let theirs = try roster([
            ".": [(1, .signer), (2, .machine)], "web": [(2, .member), (1, .signer)],
        ])
        #expect(spelled(Roster.merging(base: base, ours: ours, theirs: theirs)) == ".: 1si 2ma")
        let alone = Roster.merging(base: nil, ours: ours, theirs: theirs)
        #expect(spelled(alone) == ".: 1si 2ma; web: 1si 2me")
    }

    @Test func `names of what is kept can be read back`() throws {
        let id = "1a2b3c4d5e6f"
        #expect(ConflictName(of: "web/shop", id: id).name == "web/shop.conflict-1a2b3c4d")
        let parsed = try #require(ConflictName.parse("web/shop.conflict-1a2b3c4d"))
        #expect(parsed.original == "web/shop" && parsed.shortID == "1a2b3c4d")
        for name in [
            "web/shop", ".conflict-1a2b3c4d", "a/.conflict-1a2b3c4d", "a.conflict-1a2b3c4",
            "a.conflict-1A2B3C4D", "a.conflict-1a2b3c4g",
        ] {
            #expect(ConflictName.parse(Path(name)) == nil, "\(name)")
        }
        let long = ConflictName(of: Path("d/" + String(repeating: "ü", count: 125)), id: id).name
        #expect(long.name.count <= 251 && ConflictName.parse(long) != nil)
        #expect(String(validating: long.bytes, as: UTF8.self) != nil)
        let again = ConflictName(of: "a.conflict-1a2b3c4d", id: "ffffffff").name
        #expect(ConflictName.parse(again)?.original == "a.conflict-1a2b3c4d")
    }
}
