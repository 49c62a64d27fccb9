import PasselCore
import PasselGit
import PasselTesting
import Testing

@testable import PasselStore

@Suite struct JournalTests {
    private let box: Sandbox
    private let folder: Path

    init() throws {
        box = try Sandbox()
        folder = Path(box.root + "/tmp")
    }

    private func id(_ text: String) -> GitID { GitID(ofFile: Array(text.utf8)) }

    @Test func `what is written is read back`() throws {
        let odd = Path([0x2F, 0xFF, 0x0A, 0x20, 0x27])
        let journal = Journal(
            commits: [
                .init(workTree: "/s", id: id("1"), parent: id("0")),
                .init(workTree: odd, id: id("2"), parent: nil),
            ],
            steps: [
                .init(kind: .place(temporary: "/s/.git/tmp"), path: odd, before: nil),
                .init(kind: .remove(withFolders: false), path: "/s/a.gpg", before: id("a")),
                .init(kind: .move(from: "/s/old"), path: "/s/new", before: nil),
                .init(kind: .link(target: [0x2E, 0xFE]), path: "/s/l", before: id("l")),
                .init(kind: .link(target: []), path: "/s/empty", before: nil),
            ])
        try journal.write(in: folder)
        let read = try #require(try Journal.read(in: folder))
        #expect(String(describing: read) == String(describing: journal))
        #expect(Disk.names(in: folder.bytes).map(\.text) == ["passel-journal"])
        #expect(Disk.facts(folder.repaired + "/passel-journal")?.mode == 0o600)
    }

    @Test func `a second journal takes the place of the first`() throws {
        try Journal(steps: [.init(kind: .remove(withFolders: false), path: "/a", before: nil)])
            .write(in: folder)
        try Journal(steps: [.init(kind: .remove(withFolders: false), path: "/b", before: nil)])
            .write(in: folder)
        #expect(try Journal.read(in: folder)?.steps.map(\.path) == ["/b"])
    }

    @Test func `relative paths are written as absolute ones`() throws {
        try Journal(steps: [.init(kind: .move(from: "old"), path: "new/x", before: nil)])
            .write(in: folder)
        let step = try #require(try Journal.read(in: folder)?.steps.first)
        #expect(step.path.isAbsolute && step.path.name == Array("x".utf8))
    }

    @Test func `no journal is nothing`() throws {
        #expect(try Journal.read(in: folder) == nil)
        #expect(try Journal.read(in: folder / "none") == nil)
    }

    @Test(arguments: [
        "", "x", "passel-journal 2\0", "passel-journal", "passel-journal 1\0X\0/a\0\0\0",
        "passel-journal 1\0C\0/a\0not an id\0\0",
    ]) func `what is no journal of ours is left alone`(text: String) throws {
        try Disk.write(text, to: folder.repaired + "/passel-journal")
        let journal = try Journal.read(in: folder)
        #expect(journal == nil || journal?.steps.isEmpty == true)
    }

    @Test func `a journal cut off anywhere never traps`() throws {
        try Journal(
            commits: [.init(workTree: "/s", id: id("1"), parent: id("0"))],
            steps: [.init(kind: .place(temporary: "/s/t"), path: "/s/x", before: id("x"))]
        ).write(in: folder)
        let content = try #require(Disk.read(folder.repaired + "/passel-journal"))
        for length in content.indices {
            try Disk.write(
                Bytes(content[..<length]), to: folder.bytes + Bytes("/passel-journal".utf8))
            _ = try Journal.read(in: folder)
        }
    }
}
