import PasselCore
import Testing

@testable import PasselStore

struct FilePolicyTests {
    @Test(arguments: [
        "*.gpg diff=gpg\n", "", "# a comment\n\n*.gpg merge=passel diff=passel\n",
        "*.gpg\tdiff=gpg  -text\r\n", "*.gpg binary",
    ])
    func `Lines that only show and merge entries are harmless`(text: String) {
        #expect(FilePolicy.flaw(of: Array(text.utf8), .attributes) == nil)
    }

    @Test(arguments: [
        "*.gpg text eol=crlf", "* -text", "*.gpg filter=lfs", "*.gpg diff=gpg ident",
        "*.gpg merge=union", "[attr]x diff=gpg", "*.gpg working-tree-encoding=UTF-16",
        "*.gpg diff=gpg\n* export-subst", "*.gpg diff=other", "\"*.gpg\" diff=gpg",
        "*.gpg !diff", "web/*.gpg diff=gpg",
    ])
    func `Lines by which git would act are not`(text: String) {
        #expect(FilePolicy.flaw(of: Array(text.utf8), .attributes)?.rule == .attributes)
    }

    @Test func `A name says what a file is`() {
        let kinds: [(String, FilePolicy.Kind)] = [
            ("a.gpg", .entry), ("web/a.gpg", .entry), (".gpg", .entry), (".gpg-id", .list),
            ("web/.gpg-id", .list), ("web/.gpg-id.sig", .list), (".passel/roster", .roster),
            (".passel/roster.sig", .list), (".public-keys/x.gpg", .list), (".passel", .plain),
            ("web/.passel/roster", .plain), ("README.md", .plain),
            ("x/.gitattributes", .attributes),
            (".extensions/x.bash", .extension), (".Extensions/x.bash", .extension),
            ("a.GPG", .plain), (".passel/log/x", .event), (".passel/log", .list),
        ]
        for (name, kind) in kinds { #expect(FilePolicy.kind(of: Array(name.utf8)) == kind) }
    }

    @Test func `An entry and an event are one message encrypted to keys`() throws {
        let message = try MemoryCipher().encrypt(
            Secret(plain: "x"), to: [Recipient("ann".utf8)])
        #expect(FilePolicy.flaw(of: message, .entry) == nil)
        #expect(FilePolicy.flaw(of: message, .event) == nil)
        #expect(FilePolicy.flaw(of: Array("plain".utf8), .event)?.rule == .entry)
        for content in [[], Array("plain".utf8), message + message, Array(message.dropLast())] {
            #expect(FilePolicy.flaw(of: content, .entry)?.rule == .entry)
        }
    }
}
