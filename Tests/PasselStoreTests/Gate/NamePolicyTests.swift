import Testing

@testable import PasselCore
@testable import PasselStore

struct NamePolicyTests {
    @Test(arguments: [
        ".git", ".GIT", ".Git", ".git ", ".git.", ".git. .", "git~1", "GIT~1", "git~1.", ".git:x",
        ".git::$INDEX_ALLOCATION", ".g\u{200c}it", "\u{feff}.git", ".gi\u{206f}t", "..", ".", "",
        "a/b", "..\\up.gpg", "x\\.git", "x\\git~1",
    ])
    func `What some system takes for git's folder or another one is refused`(name: String) {
        #expect(rule(name) == .gitName)
    }

    @Test(arguments: [
        ".gitmodules", ".GitModules", "gitmod~1", "GITMOD~4", "gi7eba~1", "gi7eb~12", "g~123456",
        ".gitmodules ", ".gitmodules::$DATA", ".gitmod\u{200d}ules", "x\\.gitmodules",
    ])
    func `What some system takes for the list of submodules is refused`(name: String) {
        #expect(rule(name) == .modules)
    }

    @Test(arguments: [
        ".GITATTRIBUTES", "gitatt~1", "gi7d29~1", ".gitattributes.", ".gitattributes ",
    ])
    func `What some system takes for attributes is refused`(name: String) {
        #expect(rule(name) == .attributes)
    }

    @Test(arguments: [
        "a\nb", "tab\t", "\u{1b}[31m", "\u{7f}", "\u{85}", String(repeating: "x", count: 256),
        ".passel-tmp-abc",
    ])
    func `Names that no entry can have are refused`(name: String) {
        #expect(rule(name) == .name)
    }

    @Test(arguments: [
        "a.gpg", ".gpg-id", ".gitattributes", ".gitignore", "git", "git~2", ".gitx", "gitmod~5",
        "gitmod", "..a", "...", "-rf", "a b", "caf\u{e9}.gpg", "cafe\u{301}.gpg", "gi7eba~0",
        "back\\slash.gpg", "a:b", String(repeating: "x", count: 255), "g~12345", "HEAD",
    ])
    func `Other names are fine`(name: String) { #expect(rule(name) == nil) }

    @Test func `Names need not be text`() {
        #expect(NamePolicy.flaw(ofPart: [0xff, 0xfe][...]) == nil)
        #expect(NamePolicy.flaw(ofPart: [0x2e, 0x67, 0xff, 0x69, 0x74][...]) == nil)
    }

    @Test func `What is plain needs no closer look`() {
        let pieces: [[UInt8]] = [
            ".", "git", "GIT", "gitmod", "modules", "gi7eba", "gitatt", "attributes", "~", "1", "4",
            ":", " ", "a", "\\", "/", "passel-tmp-", "\t", "\u{200c}", "\u{85}",
        ].map { Array(String($0).utf8) }
        var plain = 0
        func look(_ name: [UInt8], _ depth: Int) {
            if NamePolicy.isPlain(name[...]) {
                plain += 1
                #expect(NamePolicy.flaw(ofOddPart: name[...]) == nil, "\(Text(name))")
            }
            if depth < 4 { for piece in pieces { look(name + piece, depth + 1) } }
        }
        look([], 0)
        #expect(plain > 10_000)
    }

    private func rule(_ name: String) -> GateRule? {
        NamePolicy.flaw(ofPart: Array(name.utf8)[...])?.rule
    }
}
