import PasselTesting

extension KeyCase {
    /// What a write says while the roster is another than the acknowledged one.
    private static let another = Verdict.refused(
        "the roster of the team is not the one that this machine has acknowledged")
    private static let asBefore = KeyStep.write(.insert("web/new"), .accepted("alice", "bob"))

    /// A roster that nobody may accept: every write is refused, so is accepting, and refusing puts
    /// the good one back.
    private static func bad(
        _ what: String, because why: String, _ writes: Verdict = another, prepare: KeyStep? = nil,
        _ change: @escaping @Sendable (Desk) throws -> Void
    ) -> KeyScene {
        KeyScene(
            name: what, kinds: [.roster],
            steps: (prepare.map { [$0] } ?? []) + [
                .happens(what, change), .everyWrite(below: "web", writes),
                .write(.insert("own/new"), writes),
                .run(["recipients", "add", "--yes", "$dave"], .refused("")),
                .run(["recipients", "refresh", "--yes"], .refused("")),
                .run(["recipients", "heal", "--yes"], .ended),
                .review("accept", .refused(why)), .write(.insert("web/new"), writes),
                .review("refuse"), asBefore, .write(.edit("web/shop"), .accepted("alice", "bob")),
            ])
    }

    /// KEY-37 to KEY-40: rosters that are not the team's.
    static let rosters = [
        KeyCase(
            37, "tampered roster, roster whose key digest does not match",
            bad("Mallory among the readers", because: "not newer") { desk in
                try desk.rosterArrives(signedBy: nil) { try $0.add("mallory") }
            },
            bad("Bob with Mallory's key", because: "not newer") { desk in
                try desk.rosterArrives(signedBy: nil) { try $0.know("bob", by: "mallory") }
            },
            bad("the next generation with the old signature", because: "no good signature") {
                desk in
                let signature = try desk.read(".passel/roster.sig")
                try desk.rosterArrives(signedBy: "alice") { try $0.add("mallory") }
                try desk.arrives { try desk.write(signature, to: ".passel/roster.sig") }
            },
            bad(
                "signed, but the file of Bob's key is another",
                because: "the key of bob <bob@example.org> in the store is not the one"
            ) { desk in
                try desk.rosterArrives(signedBy: "alice") { try $0.know("bob", by: "bob-new") }
            },
            bad("signed, but Bob's file holds Mallory's key", because: "holds another key") {
                desk in
                try desk.rosterArrives(signedBy: "alice") { draft in
                    try draft.know("bob", by: "mallory")
                    try desk.keyArrives("mallory", as: "bob")
                }
            }),
        KeyCase(
            38, "roster signed by a non-signer",
            bad("a member lets Mallory in", because: "signed by somebody who may not change it") {
                try $0.rosterArrives(signedBy: "bob") { try $0.add("mallory") }
            },
            bad("a stranger lets herself in", because: "signed by somebody who may not change it") {
                try $0.rosterArrives(signedBy: "mallory") { draft in
                    try draft.add("mallory", as: "signer")
                }
            },
            bad("who signs for ops lets Mallory into all", because: "may not change it") {
                try $0.rosterArrives(signedBy: "carol") { try $0.add("mallory") }
            },
            .bare(
                "a stranger brings the first roster",
                .happens("a first roster arrives") { desk in
                    try desk.rosterArrives(signedBy: "mallory") { draft in
                        try draft.add("mallory", as: "signer")
                        try draft.add("alice")
                        try draft.add("bob")
                    }
                },
                .everyWrite(below: "web", another), .write(.insert("ops/new"), another),
                .run(["recipients", "add", "--yes", "$carol"], .refused("")),
                .run(["recipients", "heal", "--yes"], .ended), .review("refuse"), asBefore,
                .write(.edit("web/shop"), .accepted("alice", "bob"))),
            .roster(
                "who signs for ops lets Dave into it",
                .happens("a new roster arrives") { desk in
                    try desk.rosterArrives(signedBy: "carol") { draft in
                        try draft.add("dave", to: "ops")
                    }
                },
                .everyWrite(below: "ops", .refused("that this machine has acknowledged")),
                .write(.insert("web/new"), another),
                .acknowledged(["dave"], in: "ops"), .review("accept"),
                .write(.insert("ops/new"), .accepted("alice", "carol", "dave")), asBefore)),
        KeyCase(
            39, "rolled-back roster",
            bad(
                "the generation with Mallory comes back", because: "is not newer than roster",
                prepare: .happens("Mallory joins, and leaves") { desk in
                    try desk.passel("recipients", "add", "--yes", "$mallory")
                    try desk.passel("recipients", "rm", "--yes", "$mallory")
                }
            ) { desk in
                try desk.arrives {
                    try desk.git(
                        "checkout", "--quiet", "HEAD~1", "--", ".gpg-id", ".passel", ".public-keys")
                }
            },
            bad(
                "one beside the present one, by a member", because: "is not newer than roster",
                prepare: .happens("Dave joins") { desk in
                    try desk.imports("dave")
                    try desk.passel("recipients", "add", "--yes", "--path", "own", "$dave")
                    try desk.passel("recipients", "rm", "--yes", "$dave")
                }
            ) { desk in
                try desk.arrives {
                    try desk.git("checkout", "--quiet", "HEAD~2", "--", ".passel", "own/.gpg-id")
                }
                try desk.rosterArrives(signedBy: "bob") { try $0.add("mallory") }
            }),
        KeyCase(
            40, "roster removed",
            bad(
                "and Mallory in the list", because: "a signed roster can only be followed",
                .refused("the roster of the team is gone")
            ) { desk in
                try desk.arrives {
                    desk.remove(".passel")
                    desk.remove(".public-keys")
                    try desk.change(".gpg-id") { try $0 + desk.list("$mallory").text }
                }
            },
            bad(
                "alone", because: "a signed roster can only be followed",
                .refused("the roster of the team is gone")
            ) { desk in try desk.arrives { desk.remove(".passel/roster") } },
            .roster(
                "its signature alone removed",
                .happens("it is gone") { desk in
                    try desk.arrives { desk.remove(".passel/roster.sig") }
                },
                asBefore, .write(.edit("web/shop"), .accepted("alice", "bob")))),
    ]
}
