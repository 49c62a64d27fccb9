extension RemoteCase {
    static let links: [RemoteCase] = [
        link("an entry that leads out of the store", "site.gpg", to: "/$ROOT/outside/file"),
        link("a folder that leads out of the store", "web", to: "/$ROOT/outside"),
        link("the list of recipients leads out of the store", ".gpg-id", to: "/$ROOT/outside/file"),
        link("a folder that leads into git's own", "hooks", to: ".git/hooks"),
        link("an entry that leads up", "up.gpg", to: "../../outside/file"),
        link("the team's folder leads out of the store", ".passel", to: "/$ROOT/outside"),
        link("one that leads to itself", "loop", to: "loop"),
        RemoteCase(.links, "a link and a folder of the same name", .refused(["object", "link"])) {
            let target = try $0.blob($0.root + "/outside")
            let folder = try $0.tree([.init("100644", "file", $0.message())])
            try $0.add(.init("120000", "web", target), .init("40000", "web", folder))
        },
    ]

    private static func link(_ what: String, _ name: String, to target: String) -> RemoteCase {
        RemoteCase(.links, what, .refused(["link"])) {
            let path = target.hasPrefix("/$ROOT") ? $0.root + target.dropFirst(6) : target
            try $0.add("120000", name, $0.blob(path))
        }
    }

    private static let modules = """
        [submodule "sub"]
        \tpath = sub
        \turl = ext::canary
        \tupdate = !canary

        """

    static let submodules: [RemoteCase] = [
        RemoteCase(.submodules, "a submodule", .refused(["submodule"])) {
            try $0.add("160000", "sub", $0.head())
        },
        RemoteCase(.submodules, "a submodule with an address", .refused(["submodule", "modules"])) {
            try $0.add(
                .init("160000", "sub", $0.head()), .init("100644", ".gitmodules", $0.blob(modules)))
        },
        RemoteCase(.submodules, "an address that runs a program", .refused(["modules"])) {
            try $0.add("100644", ".gitmodules", $0.blob(modules))
        },
        RemoteCase(.submodules, "a list that is a link", .refused(["link", "modules"])) {
            try $0.add("120000", ".gitmodules", $0.blob("outside"))
        },
        RemoteCase(.submodules, "in an entry's place", .refused(["submodule"])) {
            let site = Smith.Item("160000", "site.gpg", try $0.head())
            let web = try $0.items("web").filter { $0.name != site.name }
            try $0.add("40000", "web", $0.tree(web + [site]))
        },
        RemoteCase(.submodules, "a list that only another system sees", .refused(["modules"])) {
            try $0.add("100644", "gitmod~1", $0.blob(modules))
        },
    ]

    static let paths: [RemoteCase] = [
        hook("git's own folder", ".git"), hook("in capitals", ".GIT"),
        hook("with a code point that is ignored elsewhere", ".g\u{200c}it"),
        hook("as a short name", "git~1"), hook("with blanks and dots behind it", ".git . "),
        hook("as a stream", ".git::$INDEX_ALLOCATION"), hook("the folder above", ".."),
        RemoteCase(.paths, "a slash within a name", .refused(["git-name"])) {
            try $0.add("100644", "../../outside/new.gpg", $0.message())
        },
        RemoteCase(.paths, "backslashes", .refused(["git-name"])) {
            try $0.add("100644", "..\\..\\outside\\new.gpg", $0.message())
        },
        RemoteCase(.paths, "control characters", .refused(["name"])) {
            try $0.add("100644", "\u{1b}]0;pwned\u{7}\n.gpg", $0.message())
        },
    ]

    private static func hook(_ what: String, _ name: String) -> RemoteCase {
        RemoteCase(.paths, what, .refused(["git-name"])) {
            let program = try $0.blob("#!/bin/sh\nexec canary\n")
            let hooks = try $0.tree([.init("100755", "post-checkout", program)])
            try $0.add("40000", name, $0.tree([.init("40000", "hooks", hooks)]))
        }
    }

    static let attributes: [RemoteCase] = [
        attribute("other ends of lines", "*.gpg text eol=crlf"),
        attribute("a filter", "*.gpg filter=canary"), attribute("ident", "*.gpg ident"),
        attribute("a merge that joins both", "*.gpg merge=union"),
        attribute("another encoding", "*.gpg working-tree-encoding=UTF-16"),
        RemoteCase(.attributes, "in a folder below", .refused(["attributes"])) {
            let here = Smith.Item(
                "100644", ".gitattributes", try $0.blob("* filter=canary diff=canary\n"))
            try $0.add("40000", "web", $0.tree($0.items("web") + [here]))
        },
        attribute("a macro", "[attr]gpg filter=canary\n*.gpg gpg"),
        RemoteCase(.attributes, "under a name of another system", .refused(["attributes"])) {
            try $0.add("100644", "gitatt~1", $0.blob("*.gpg filter=canary\n"))
        },
    ]

    private static func attribute(_ what: String, _ line: String) -> RemoteCase {
        RemoteCase(.attributes, what, .refused(["attributes"])) {
            try $0.add("100644", ".gitattributes", $0.blob(line + "\n"))
        }
    }

    static let repositories: [RemoteCase] = [
        RemoteCase(.repositories, "a bare one in a folder", .refused(["repository"])) {
            try $0.add("40000", "bare", $0.tree(bare($0)))
        },
        RemoteCase(.repositories, "the store itself as a bare one", .refused(["repository"])) {
            try $0.publish($0.commit($0.tree($0.items() + bare($0)), on: [$0.head()]))
        },
        RemoteCase(.repositories, "a file that says where one is", .refused(["git-name"])) {
            try $0.add("100644", ".git", $0.blob("gitdir: \($0.root)/outside\n"))
        },
        RemoteCase(.repositories, "an extension of pass", .refused(["executable", "extension"])) {
            let program = try $0.blob("#!/bin/bash\ncanary\n")
            let folder = try $0.tree([.init("100755", "show.bash", program)])
            try $0.add("40000", ".extensions", folder)
        },
        RemoteCase(
            .repositories, "hooks and configuration in a folder below", .refused(["git-name"])
        ) {
            let config = try $0.folder("config", "[core]\n\tfsmonitor = canary\n")
            let git = Smith.Item("40000", ".git", config)
            try $0.add("40000", "web", $0.tree($0.items("web") + [git]))
        },
    ]

    private static func bare(_ smith: Smith) throws -> [Smith.Item] {
        [
            .init("100644", "HEAD", try smith.blob("ref: refs/heads/master\n")),
            .init(
                "100644", "config", try smith.blob("[core]\n\tbare = true\n\tfsmonitor = canary\n")),
            .init("40000", "objects", try smith.folder("keep", "")),
            .init("40000", "refs", try smith.folder("keep", "")),
        ]
    }
}
