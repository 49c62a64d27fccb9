import PasselTesting
import Testing

/// What KeePassXC exports, made by its own program.
@Suite struct KeePassTests {
    private let home: ClientHome

    init() throws { home = try ClientHome() }

    private func keepass(_ lines: String, _ arguments: String...) throws -> String {
        try home.sandbox.run(
            "keepassxc-cli", arguments,
            input: .bytes(Bytes(lines.utf8))
        ).demand().stdout.text
    }

    @Test func `groups, fields and attachments of a database become entries`() throws {
        let folder = home.sandbox.root
        let base = folder + "/a.kdbx"
        _ = try keepass("m\nm\n", "db-create", "-q", "-p", "-t", "100", base)
        _ = try keepass("m\n", "mkdir", "-q", base, "web")
        _ = try keepass("m\n", "mkdir", "-q", base, "web/inner")
        _ = try keepass(
            "m\np & \"<ü>\n", "add", "-q", "-u", "alice", "--url", "https://x.example", "--notes",
            "l1\nl2: x", "-p", base, "web/inner/site")
        _ = try keepass("m\nsecond\n", "add", "-q", "-u", "bob", "-p", base, "top")
        try Disk.write("attached\n", to: folder + "/attachment")
        _ = try keepass(
            "m\n", "attachment-import", "-q", base, "web/inner/site", "f.txt",
            folder + "/attachment")
        for form in ["xml", "csv"] {
            let export = try keepass("m\n", "export", "-q", "-f", form, base)
            try Disk.write(export, to: folder + "/export")
            _ = try home.sandbox.passel("import", "keepass", folder + "/export", "--into", form)
                .demand()
            #expect(
                try home.sandbox.passel("show", form + "/web/inner/site").demand().stdout.text
                    == "p & \"<ü>\nusername: alice\nurl: https://x.example\n\nl1\nl2: x\n")
            #expect(
                try home.sandbox.passel("show", form + "/top").demand().stdout.text
                    == "second\nusername: bob\n")
        }
        #expect(
            try home.sandbox.passel("show", "xml/web/inner/site/f.txt").demand().stdout.text
                == "attached\n")
    }
}
