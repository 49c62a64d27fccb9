import PasselTesting

extension KeyCase {
    private static let unacknowledged = Verdict.refused(
        "not those that this machine has acknowledged")
    private static let reviewed = Verdict.refused("this machine has not acknowledged that")

    /// KEY-14 and KEY-15: lists that were signed, but not for here, or not for now.
    static let signedLists = [
        KeyCase(
            14, "valid file and signature copied from another folder",
            .both(
                "", .happens("Alice signs her lists") { try $0.signsLists() },
                .write(.insert("ops/new"), .accepted("alice", "carol")),
                .happens("ops gets the list and the signature of the top") { desk in
                    try desk.arrives {
                        for file in [".gpg-id", ".gpg-id.sig"] {
                            try desk.write(desk.read(file), to: "ops/" + file)
                        }
                    }
                },
                .everyWrite(below: "ops", unacknowledged), .review("refuse"),
                .write(.insert("web/new"), .accepted("alice", "bob"))),
            .both(
                "and a list that is not signed",
                .happens("Alice signs her lists") { try $0.signsLists() },
                .happens("Mallory adds herself") { desk in
                    try desk.arrives {
                        try desk.change("ops/.gpg-id") { try $0 + desk.list("$mallory").text }
                    }
                },
                .write(.insert("ops/new"), .refused("Signature for")),
                .everyWrite(below: "ops", .refused("")))),
        KeyCase(
            15, "older signed version replayed",
            .both(
                "", .happens("Alice signs her lists") { try $0.signsLists() },
                .happens("Mallory joins, and leaves") { desk in
                    let words = ["$alice", "$bob", "$mallory"]
                    if desk.kind == .bare {
                        try desk.passel("init", words[0], words[1], words[2])
                    } else {
                        try desk.passel("recipients", "add", "--yes", words[2])
                    }
                    try desk.write(desk.read(".gpg-id"), to: "../old-list")
                    try desk.write(desk.read(".gpg-id.sig"), to: "../old-signature")
                    if desk.kind == .bare {
                        try desk.passel("init", words[0], words[1])
                    } else {
                        try desk.passel("recipients", "rm", "--yes", words[2])
                    }
                },
                .write(.insert("web/new"), .accepted("alice", "bob")),
                .happens("the list with Mallory comes back, with its signature") { desk in
                    try desk.arrives {
                        try desk.write(desk.read("../old-list"), to: ".gpg-id")
                        try desk.write(desk.read("../old-signature"), to: ".gpg-id.sig")
                    }
                },
                .everyWrite(below: "web", unacknowledged))),
    ]

    /// KEY-16 to KEY-18: what comes with something else.
    static let companions = [
        KeyCase(
            16, "in the same pull as a legitimate edit",
            .both(
                "",
                .happens("Bob changes an entry and Mallory the list, and Alice pulls") { desk in
                    try desk.pulls { clone in
                        let sealed = try desk.workshop.message("new\n", for: ["alice", "bob"])
                        try Disk.write(sealed, to: Bytes((clone + "/web/shop.gpg").utf8))
                        let list = try desk.read(".gpg-id") + desk.list("$mallory")
                        try Disk.write(list, to: Bytes((clone + "/.gpg-id").utf8))
                    }
                },
                .passel("show", "web/shop", verdict: .told("new")),
                .everyWrite(below: "web", unacknowledged), .review("refuse"),
                .write(.edit("web/shop"), .accepted("alice", "bob")))),
        KeyCase(
            17, "during edit",
            .both(
                "the list that holds",
                .write(
                    .edit(
                        "web/shop",
                        by:
                            "echo more >> \"$1\"; cd \"$PASSWORD_STORE_DIR\"; head -1 ops/.gpg-id >> .gpg-id"
                    ),
                    .refused(
                        "not those that this machine has acknowledged", changing: [".gpg-id"])),
                .review("refuse"), .write(.edit("web/shop"), .accepted("alice", "bob"))),
            .both(
                "a new list that comes to hold",
                .write(
                    .edit(
                        "web/shop",
                        by: "echo more >> \"$1\"; cd \"$PASSWORD_STORE_DIR\"; cp own/.gpg-id web/"),
                    .refused(
                        "not those that this machine has acknowledged", changing: ["web/.gpg-id"]))),
            .both(
                "the list is gone",
                .write(
                    .edit(
                        "ops/server",
                        by: "echo more >> \"$1\"; cd \"$PASSWORD_STORE_DIR\"; rm ops/.gpg-id"),
                    .refused(
                        "not those that this machine has acknowledged", changing: ["ops/.gpg-id"])))
        ),
        KeyCase(
            18, "PASSWORD_STORE_KEY set",
            .both(
                "", .happens("Alice says for whom") { try $0.sets("PASSWORD_STORE_KEY", "$carol") },
                .acknowledged(["carol"], in: "web"), .write(.insert("web/new"), .accepted("carol")),
                .happens("Mallory adds herself to the list") { desk in
                    try desk.arrives {
                        try desk.change(".gpg-id") { try $0 + desk.list("$mallory").text }
                    }
                },
                .write(.insert("web/new"), .accepted("carol")),
                .happens("Alice says nothing any more") { try $0.sets("PASSWORD_STORE_KEY", nil) },
                .write(.insert("web/new"), unacknowledged))),
    ]

    /// KEY-19 to KEY-24: what the user's settings for gpg do.
    static let settings = [
        KeyCase(
            19, "group names",
            .bare(
                "a group that gets a member",
                .happens("the list names a group, as Alice wants it") { desk in
                    try desk.configures("group crew = $alice $bob")
                    try desk.passel("init", "crew")
                },
                .write(.insert("web/new"), .accepted("alice", "bob")),
                .happens("the group changes") { desk in try desk.configures("group crew = $mallory")
                },
                .write(.insert("web/new"), reviewed), .write(.edit("web/shop"), reviewed),
                .acknowledged(["mallory"], in: ""), .review("accept"),
                .write(.insert("web/new"), .accepted("alice", "bob", "mallory"))),
            .bare(
                "a group with another member",
                .happens("the list names a group, as Alice wants it") { desk in
                    try desk.configures("group crew = $alice $bob")
                    try desk.passel("init", "crew")
                },
                .write(.insert("web/new"), .accepted("alice", "bob")),
                .happens("the group changes") { desk in
                    try desk.configuresAnew("group crew = $alice $mallory")
                },
                .write(.insert("web/new"), reviewed)),
            .bare(
                "a group that comes with a changed list",
                .happens("Alice has a group, and a list comes to name it") { desk in
                    try desk.configures("group crew = $alice $mallory")
                    try desk.arrives { try desk.write(desk.list("crew"), to: ".gpg-id") }
                },
                .everyWrite(below: "web", unacknowledged)),
            .bare(
                "a group that is called like Bob's key",
                .happens("gpg takes Bob's fingerprint for Mallory") { desk in
                    try desk.configures("group $bob = $mallory")
                },
                .write(.insert("web/new"), .refused("to another key than"))),
            .roster(
                "a group that is called like Bob's key",
                .happens("gpg takes Bob's fingerprint for Mallory") { desk in
                    try desk.configures("group $bob = $mallory")
                },
                .write(.insert("web/new"), .accepted("alice", "bob"))),
            .roster(
                "a group as a recipient",
                .happens("Alice has a group") { desk in
                    try desk.configures("group crew = $alice $bob")
                },
                .passel(
                    "recipients", "add", "--yes", "crew", verdict: .refused("no key for crew")))),
        KeyCase(20, "encrypt-to", ignored("encrypt-to $mallory")),
        KeyCase(21, "hidden-encrypt-to", ignored("hidden-encrypt-to $mallory")),
        KeyCase(
            22, "default-recipient",
            .both(
                "",
                .happens("gpg.conf") { desk in
                    try desk.configures("default-recipient $mallory")
                    try desk.configures("default-key $alice")
                },
                .write(.insert("web/new"), .accepted("alice", "bob")),
                .write(.edit("ops/server"), .accepted("alice", "carol")))),
        KeyCase(23, "throw-keyids in gpg.conf", ignored("throw-keyids")),
        KeyCase(24, "options of PASSWORD_STORE_GPG_OPTS", scenes: options),
    ]

    /// A line of gpg.conf that has no say in who reads, nor in how that is shown.
    private static func ignored(_ line: String) -> KeyScene {
        .both(
            "", .happens("gpg.conf") { try $0.configures(line) },
            .write(.insert("web/new"), .accepted("alice", "bob")),
            .write(.generate("web/shop", "-i"), .accepted("alice", "bob")),
            .write(.edit("ops/server"), .accepted("alice", "carol")),
            .write(.copy("own/diary", "web/copy"), .accepted("alice", "bob")))
    }

    /// What the options do: of bare lists, no more than was acknowledged; of a roster, nothing.
    private static let options: [KeyScene] =
        [
            ("-r $mallory", reviewed), ("--encrypt-to $mallory", .accepted("alice", "bob")),
            ("--hidden-encrypt-to $mallory", .accepted("alice", "bob")),
            ("--hidden-recipient $mallory", reviewed), ("-R $mallory", reviewed),
            ("--throw-keyids -r $mallory", reviewed),
            ("--throw-keyids", .accepted("hidden", "hidden")),
        ].flatMap { (options: String, verdict: Verdict) -> [KeyScene] in
            let set = KeyStep.happens(options) { try $0.sets("PASSWORD_STORE_GPG_OPTS", options) }
            return [
                .bare(options, set, .write(.insert("web/new"), verdict)),
                .roster(
                    options, set, .write(.insert("web/new"), .accepted("alice", "bob")),
                    .write(.generate("web/shop", "-i"), .accepted("alice", "bob"))),
            ]
        } + [
            .bare(
                "--throw-keyids, and a name that means somebody else now",
                .happens("the list names a group, as Alice wants it") { desk in
                    try desk.configures("group crew = $alice $bob")
                    try desk.passel("init", "crew")
                },
                .write(.insert("web/new"), .accepted("alice", "bob")),
                .happens("the group changes, and ids are hidden") { desk in
                    try desk.configuresAnew("group crew = $alice $mallory")
                    try desk.sets("PASSWORD_STORE_GPG_OPTS", "--throw-keyids")
                },
                .write(.insert("web/new"), reviewed))
        ]
}
