import PasselCore
import PasselTesting
import Testing

@testable import PasselGit

/// Objects whose files are not as git wrote them.
@Suite struct DamagedObjectTests {
    /// libgit2 1.5 writes what is too long behind the memory that it took for it.
    @Test func `an object that is longer than it says is damaged and damages nothing`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")], "First.")
        let repository = try box.open()
        let objects = try ForeignObjects(repository)
        var others: [[UInt8]] = []
        for number in 0..<200 {
            let said = number % 40
            // Behind what libgit2 takes for the header, and as much again as that.
            let body = [UInt8](repeating: 0xFF, count: number % 3 == 0 ? 50 : 5000)
            let content = Array("blob \(said)\0".utf8) + body
            let id = GitID(ofFile: Array("number \(number)".utf8))
            let folder = box.folder + "/.git/objects/\(id.hex.prefix(2))"
            try Disk.makeFolder(folder)
            try Disk.write(zlibStored(content), to: Bytes("\(folder)/\(id.hex.dropFirst(2))".utf8))
            #expect(throws: ForeignObjects.Flaw.damaged) {
                try objects.content(of: id, .file, limit: 1000)
            }
            // Neighbours of the memory that it had.
            others.append([UInt8](repeating: 1, count: said + 1))
        }
        #expect(others.allSatisfy { $0.allSatisfy { $0 == 1 } })
    }

    /// libgit2 1.5 asks zlib for the rest for ever.
    @Test func `an object whose stream does not end is damaged, and is given up`() throws {
        let box = try GitBox()
        try box.commit([file("a", "1")], "First.")
        let objects = try ForeignObjects(try box.open())
        let whole = zlibStored(Array("blob 50\0".utf8) + [UInt8](repeating: 0x61, count: 50))
        for count in 20..<whole.count - 4 {
            let id = GitID(ofFile: Array("cut off at \(count)".utf8))
            let folder = box.folder + "/.git/objects/\(id.hex.prefix(2))"
            try Disk.makeFolder(folder)
            try Disk.write(
                Array(whole.prefix(count)), to: Bytes("\(folder)/\(id.hex.dropFirst(2))".utf8))
            #expect(throws: ForeignObjects.Flaw.damaged) {
                try objects.content(of: id, .file, limit: 1000)
            }
        }
    }

    /// Each of them is unpacked in part only, in the same memory as the one before.
    @Test func `the sizes of many objects are read one after the other`() throws {
        let box = try GitBox()
        let names = (0..<200).map { "file \($0)" }
        try box.commit(
            names.map { file($0, $0 + String(repeating: "x", count: 300)) }, "Many.")
        let repository = try box.open()
        let objects = try ForeignObjects(repository)
        let head = try #require(try repository.headID())
        for name in names {
            let leaf = try #require(try repository.leaf(at: Array(name.utf8), in: head))
            #expect(try objects.size(of: leaf.id, .file) == name.utf8.count + 300)
        }
    }

    /// libgit2 1.5 reads there, where no memory is.
    @Test(arguments: [1, 2]) func `a list that leads past its pack is refused`(
        version: Int
    ) throws {
        let box = try GitBox()
        try box.commit([file("a", "1"), file("b/c", "2")], "First.")
        try box.git("repack", "-q", "-a", "-d")
        let folder = box.folder + "/.git/objects/pack"
        let names = Disk.names(in: Bytes(folder.utf8)).map(\.text)
        let pack = try #require(names.first { $0.hasSuffix(".pack") })
        let list = "\(folder)/\(pack.dropLast(5)).idx"
        Disk.remove(list)
        try box.git("index-pack", "--index-version=\(version)", "-o", list, "\(folder)/\(pack)")
        let whole = try #require(Disk.read(list))
        #expect(try box.open().headID() != nil)
        let count = 5
        for number in 0..<count {
            let place = version == 1 ? 1024 + 24 * number : 8 + 1024 + 24 * count + 4 * number
            for bit in [25, 20, 31] {
                var bytes = whole
                bytes[place + 3 - bit / 8] ^= 1 << UInt8(bit % 8)
                Disk.remove(list)
                try Disk.write(bytes, to: Bytes(list.utf8))
                let problem = #expect(throws: GitProblem.self) { try box.open() }
                #expect(problem?.message.hasSuffix("leads past the end of its pack") == true)
                #expect(problem?.hints == ["passel fsck --repair"])
            }
        }
    }

    /// RFC 1950 around one block of RFC 1951 that is not compressed.
    private func zlibStored(_ content: [UInt8]) -> [UInt8] {
        let count = UInt16(content.count)
        func lowFirst(_ number: UInt16) -> [UInt8] { [UInt8(number & 0xFF), UInt8(number >> 8)] }
        var (first, second): (UInt32, UInt32) = (1, 0)
        for byte in content {
            first = (first + UInt32(byte)) % 65521
            second = (second + first) % 65521
        }
        let checksum = second << 16 | first
        return [0x78, 0x01, 0x01] + lowFirst(count) + lowFirst(~count) + content
            + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(24 - 8 * $0)) }
    }
}
