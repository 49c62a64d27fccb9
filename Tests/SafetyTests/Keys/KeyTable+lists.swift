import PasselTesting

extension KeyCase {
    /// What a write says where a list is another than the acknowledged one.
    private static let unacknowledged = Verdict.refused(
        "not those that this machine has acknowledged")

    /// A changed list at the top of the store, accepted or refused by Alice.
    ///
    /// Any change of its bytes stops every write. Once she accepts, the readers are those that it
    /// names; once she refuses, those from before.
    private static func changedList(
        _ what: String, readers: [String] = ["alice", "bob"],
        _ change: @escaping @Sendable (Desk, String) throws -> String
    ) -> [KeyScene] {
        let arrives = KeyStep.happens(what) { desk in
            try desk.arrives { try desk.change(".gpg-id") { try change(desk, $0) } }
        }
        return [
            .both(
                "\(what), accepted", arrives, .everyWrite(below: "web", unacknowledged),
                .write(.insert("web/new", "--skip=$bob"), unacknowledged),
                .passel("recipients", "heal", "--yes", verdict: .ended),
                .write(.insert("ops/new"), .accepted("alice", "carol")),
                .acknowledged(readers, in: ""), .review("accept"),
                .write(.insert("web/new"), Verdict(readers: readers)),
                .write(.edit("web/shop"), Verdict(readers: readers)),
                .passel("recipients", "review", verdict: .told("as you have acknowledged it"))),
            .both(
                "\(what), refused", arrives, .write(.insert("web/new"), unacknowledged),
                .review("refuse"),
                .write(.insert("web/new"), .accepted("alice", "bob")),
                .passel("recipients", "review", verdict: .told("as you have acknowledged it"))),
        ]
    }

    /// The list's lines, each ended by a line feed.
    private static func lines(_ list: String) -> [String] {
        list.split(separator: "\n").map { $0 + "\n" }
    }

    private static let mallorysLine = KeyStep.happens("Mallory adds herself") { desk in
        try desk.arrives { try desk.change(".gpg-id") { try $0 + desk.list("$mallory").text } }
    }

    /// KEY-01 to KEY-09: the list at the top changes.
    static let changedLists = [
        KeyCase(
            1, "line added",
            scenes: changedList("Mallory adds herself", readers: ["alice", "bob", "mallory"]) {
                try $1 + $0.list("$mallory").text
            } + [
                .bare(
                    "Mallory adds herself, and Alice says anew who reads", mallorysLine,
                    .passel("init", "$alice", "$bob", verdict: .done),
                    .write(.insert("web/new"), .accepted("alice", "bob")),
                    .write(.edit("web/shop"), .accepted("alice", "bob"))),
                .roster(
                    "Mallory adds herself, and Alice says anew who reads", mallorysLine,
                    .passel("init", "$alice", "$bob", verdict: unacknowledged)),
            ]),
        KeyCase(
            2, "line removed",
            scenes: changedList("Bob's line goes", readers: ["alice"]) { desk, list in
                let bob = try desk.list("$bob").text
                return lines(list).filter { $0 != bob }.joined()
            }),
        KeyCase(
            3, "line replaced",
            scenes: changedList("Bob becomes Mallory", readers: ["alice", "mallory"]) {
                desk, list in
                try list.replacing(desk.list("$bob").text, with: desk.list("$mallory").text)
            }),
        KeyCase(
            4, "lines reordered",
            scenes: changedList("the lines change places") { lines($1).reversed().joined() }),
        KeyCase(
            5, "comment added",
            scenes: changedList("a comment behind each line") {
                lines($1).map { $0.replacing("\n", with: " # ours\n") }.joined()
            }),
        KeyCase(
            6, "fingerprints in lower case",
            scenes: changedList("spelled in small letters") { $1.lowercased() } + [
                .both(
                    "the list's name in capitals",
                    .happens("Mallory adds a list that is called .GPG-ID") { desk in
                        try desk.arrives {
                            try desk.write(desk.list("$mallory"), to: "web/.GPG-ID")
                        }
                    },
                    .write(.insert("web/new"), .accepted("alice", "bob")),
                    .write(.edit("web/shop"), .accepted("alice", "bob")))
            ]),
        KeyCase(
            7, "CRLF",
            scenes: changedList("lines end as on Windows") { $1.replacing("\n", with: "\r\n") }
                + changedList("a byte order mark") { "\u{feff}" + $1 }.prefix(1)
                + changedList("no line feed at the end") { String($1.dropLast()) }.prefix(1)),
        KeyCase(
            8, "line twice", scenes: changedList("each line comes twice") { $1 + $1 }),
        KeyCase(
            9, "user id instead of fingerprint",
            scenes: changedList("Bob's address for his fingerprint") { desk, list in
                try list.replacing(desk.workshop.fingerprint("bob"), with: "bob@example.org")
            }),
    ]

    /// KEY-10 to KEY-13: the list of a folder comes, goes or is something else.
    static let nestedLists = [
        KeyCase(
            10, "nested list added",
            .both(
                "accepted",
                .happens("web gets a list with Mallory") { desk in
                    try desk.arrives {
                        try desk.write(desk.list("$alice", "$mallory"), to: "web/.gpg-id")
                    }
                },
                .everyWrite(below: "web", unacknowledged),
                .write(.insert("own/new"), .accepted("alice")),
                .acknowledged(["alice", "mallory"], in: "web"), .review("accept"),
                .write(.insert("web/new"), .accepted("alice", "mallory"))),
            .bare(
                "and Alice says anew who reads all of it",
                .happens("web gets a list with Mallory") { desk in
                    try desk.arrives {
                        try desk.write(desk.list("$alice", "$mallory"), to: "web/.gpg-id")
                    }
                }, .passel("init", "$alice", "$bob", verdict: unacknowledged)),
            .both(
                "refused",
                .happens("web gets a list with Mallory") { desk in
                    try desk.arrives {
                        try desk.write(desk.list("$alice", "$mallory"), to: "web/.gpg-id")
                    }
                },
                .review("refuse"), .write(.insert("web/new"), .accepted("alice", "bob"))),
            .both(
                "and a line added to one",
                .happens("Mallory adds herself to the list of ops") { desk in
                    try desk.arrives {
                        try desk.change("ops/.gpg-id") { try $0 + desk.list("$mallory").text }
                    }
                },
                .everyWrite(below: "ops", unacknowledged),
                .write(.insert("web/new"), .accepted("alice", "bob")), .review("refuse"),
                .write(.move("ops/server", "ops/moved"), .accepted("alice", "carol")))),
        KeyCase(
            11, "nested list deleted",
            .both(
                "accepted",
                .happens("ops falls back to the top") { desk in
                    try desk.arrives { desk.remove("ops/.gpg-id") }
                },
                .everyWrite(below: "ops", unacknowledged),
                .write(.insert("web/new"), .accepted("alice", "bob")),
                .acknowledged(["bob"], in: "ops"), .review("accept"),
                .write(.insert("ops/new"), .accepted("alice", "bob"))),
            .both(
                "refused",
                .happens("ops falls back to the top") { desk in
                    try desk.arrives { desk.remove("ops/.gpg-id") }
                },
                .review("refuse"), .write(.insert("ops/new"), .accepted("alice", "carol")))),
        KeyCase(
            12, "nested list replaced by a link",
            .both(
                "to another list",
                .happens("the list of ops is a link to one with Mallory") { desk in
                    try desk.arrives {
                        try desk.write(desk.list("$alice", "$mallory"), to: "web/deep/list")
                        try desk.link("ops/.gpg-id", to: "../web/deep/list")
                    }
                },
                .everyWrite(below: "ops", unacknowledged), .review("refuse"),
                .write(.insert("ops/new"), .accepted("alice", "carol"))),
            .bare(
                "to another list, accepted",
                .happens("the list of ops is a link to the one of own") { desk in
                    try desk.arrives { try desk.link("ops/.gpg-id", to: "../own/.gpg-id") }
                },
                .write(.insert("ops/new"), unacknowledged), .review("accept"),
                .write(.insert("ops/new"), .accepted("alice"))),
            .both(
                "to a list with the same lines",
                .happens("the list of ops is a link to a copy of it") { desk in
                    try desk.arrives {
                        try desk.write(desk.read("ops/.gpg-id"), to: "web/deep/list")
                        try desk.link("ops/.gpg-id", to: "../web/deep/list")
                    }
                },
                .write(.insert("ops/new"), .accepted("alice", "carol")),
                .happens("the copy changes") { desk in
                    try desk.arrives { try desk.write(desk.list("$mallory"), to: "web/deep/list") }
                },
                .write(.insert("ops/new"), unacknowledged)),
            .both(
                "to nothing",
                .happens("the list of ops is a link that leads nowhere") { desk in
                    try desk.arrives { try desk.link("ops/.gpg-id", to: "gone") }
                },
                .everyWrite(below: "ops", unacknowledged)),
            .both(
                "and its folder, too",
                .happens("ops is a link to a folder with another list") { desk in
                    try desk.arrives {
                        try desk.write(desk.list("$alice", "$mallory"), to: "web/deep/.gpg-id")
                        desk.remove("ops")
                        try desk.link("ops", to: "web/deep")
                    }
                },
                .write(.insert("ops/new"), unacknowledged))),
        KeyCase(
            13, "nested list replaced by a folder",
            .both(
                "",
                .happens("the list of ops is a folder") { desk in
                    try desk.arrives {
                        desk.remove("ops/.gpg-id")
                        try desk.write(desk.list("$mallory"), to: "ops/.gpg-id/.gpg-id")
                    }
                },
                .everyWrite(below: "ops", unacknowledged),
                .review("accept", .refused("ops/.gpg-id is a folder")),
                .review("refuse", .refused("ops/.gpg-id is a folder")),
                .happens("Alice does what she is told") { $0.remove("ops/.gpg-id") },
                .review("refuse"), .write(.insert("ops/new"), .accepted("alice", "carol")))),
    ]
}
