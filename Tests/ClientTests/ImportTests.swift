import PasselTesting
import Testing

/// pass-import, as the program pimport and as the extension that its package contains.
@Suite struct ImportTests {
    private let columns = ["--cols", "title,password,login,url,comments,group"]
    private let file = """
        title,password,login,url,comments,group
        shop,correct horse,zed,https://shop.example,note,imp
        bank,battery staple,yan,https://bank.example,,imp/deep
        """

    @Test func `pimport fills a store and commits each entry`() throws {
        let home = try home()
        let imported = try home.run(
            "pimport", "pass", "csv", home.path("in.csv"), columns[0], columns[1], "--out",
            home.sandbox.store)
        #expect(imported.status == 0)
        try expectEntries(in: home, below: "")
        #expect(
            try home.subjects(2) == [
                "Add given password for imp/deep/bank to store.",
                "Add given password for imp/shop to store.",
            ])
        #expect(try home.status() == "")
    }

    @Test func `pimport reads a store`() throws {
        let home = try home()
        try home.insert("web/site", "hunter2\nlogin: alice\n")
        let exported = try home.run(
            "pimport", "csv", "pass", home.sandbox.store, "--out", home.path("out.csv"))
        #expect(exported.status == 0)
        #expect(home.read("out.csv")?.contains("alice") == true)
        #expect(home.read("out.csv")?.contains("hunter2") == true)
    }

    @Test func `pass import is the same as an extension`() throws {
        let home = try home()
        let libraries = Source.root + "/.build-clients/lib"
        let folders = Disk.names(in: Bytes(libraries.utf8)).map(\.text)
        let script = folders.lazy.compactMap { folder in
            Disk.read(
                "\(libraries)/\(folder)/site-packages/usr/lib/password-store/extensions/import.bash"
            )
        }.first
        try home.addExtension("import", #require(script).text)
        let imported = try home.run(
            "pass", "import", "csv", home.path("in.csv"), columns[0], columns[1], "-p", "ext")
        #expect(imported.status == 0)
        try expectEntries(in: home, below: "ext/")
        #expect(try home.subjects(1) == ["Add given password for ext/imp/deep/bank to store."])

        let refused = try home.run("pass", "import", "no-such-manager", home.path("in.csv"))
        #expect(refused.status != 0)
    }

    private func expectEntries(in home: ClientHome, below folder: String) throws {
        #expect(
            try home.show(folder + "imp/shop")
                == "correct horse\nlogin: zed\nurl: https://shop.example\ncomments: note\n")
        #expect(
            try home.show(folder + "imp/deep/bank")
                == "battery staple\nlogin: yan\nurl: https://bank.example\n")
    }

    private func home() throws -> ClientHome {
        try ClientHome.require("pimport")
        let home = try ClientHome()
        try home.preferClients()
        try home.write(file, to: "in.csv")
        return home
    }
}
