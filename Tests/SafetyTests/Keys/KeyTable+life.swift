import PasselTesting

extension KeyCase {
    /// What a write says once somebody's key has expired.
    private static func ended(_ name: String) -> Verdict {
        .refused(
            bare: "Unusable public key", roster: "to \(name) <\(name)@example.org>: the key expired"
        )
    }
    private static let asBefore = KeyStep.write(.insert("web/new"), .accepted("alice", "bob"))

    /// KEY-41 to KEY-45: the keys of others come to their ends.
    static let ends = [
        KeyCase(
            41, "expires tomorrow",
            .both(
                "", .write(.insert("web/new"), .accepted("alice", "bob")),
                .clock(.days(-1), after: .bobExpires),
                .write(.insert("web/new"), .warned("bob", "alice", "bob")),
                .write(.edit("web/shop"), .warned("expires on", "alice", "bob")),
                .write(.insert("own/new"), .accepted("alice")))),
        KeyCase(
            42, "expires in 29 and in 31 days",
            .both(
                "in 31", .clock(.days(-31), after: .bobExpires), asBefore,
                .write(.edit("web/shop"), .accepted("alice", "bob"))),
            .both(
                "in 29", .clock(.days(-29), after: .bobExpires),
                .write(.insert("web/new"), .warned("expires on", "alice", "bob")))),
        KeyCase(
            43, "expired",
            .both(
                "", .clock(.hours(1), after: .bobExpires),
                .write(.insert("web/new"), ended("bob")),
                .write(.generate("web/new"), ended("bob")),
                .write(.edit("web/shop"), ended("bob")),
                .write(.copy("own/diary", "web/new"), ended("bob")),
                .write(.insert("own/new"), .accepted("alice"))),
            .roster(
                "and taken out", .clock(.hours(1), after: .bobExpires),
                .run(["recipients", "rm", "--yes", "$bob"], .done),
                .write(.insert("web/new"), .accepted("alice")))),
        KeyCase(
            44, "revoked",
            .roster(
                "",
                .happens("Bob publishes that his key is revoked") { desk in
                    try desk.keyArrives("bob-revoked", as: "bob")
                },
                .passel("recipients", "refresh", "--yes", verdict: .told("revoked")),
                .write(.insert("web/new"), .refused("bob <bob@example.org>: the key is revoked")),
                .write(.edit("web/shop"), .refused("revoked")),
                .write(.insert("own/new"), .accepted("alice")),
                .write(.insert("web/new", "--skip=$bob"), .accepted("alice")),
                .run(["recipients", "rm", "--yes", "$bob"], .done),
                .write(.insert("web/new"), .accepted("alice"))),
            .roster(
                "known to Alice's keyring",
                .happens("Alice imports it") { try $0.imports("bob-revoked") },
                .passel("recipients", "refresh", "--yes", verdict: .told("revoked")),
                .write(.insert("web/new"), .refused("revoked"))),
            .bare(
                "", .happens("Alice imports it") { try $0.imports("bob-revoked") },
                .write(.insert("web/new"), .refused("Unusable public key")),
                .write(.edit("web/shop"), .refused("Unusable public key")),
                .write(.insert("own/new"), .accepted("alice")))),
        KeyCase(
            45, "subkey expired while the primary key is good",
            .both(
                "", .clock(.hours(-1), after: .carolsSubkeyExpires),
                .write(.insert("ops/new"), .warned("expires on", "alice", "carol")),
                .clock(.hours(1), after: .carolsSubkeyExpires),
                .write(.insert("ops/new"), ended("carol")),
                .write(.edit("ops/server"), ended("carol")),
                .write(.move("own/diary", "ops/diary"), ended("carol")))),
    ]

    /// KEY-46 to KEY-49: the own key, and keys that are not for now.
    static let ownKeys = [
        KeyCase(
            46, "own secret key missing",
            .both(
                "", .happens("the card is not there") { try $0.losesSecrets() }, asBefore,
                .write(.generate("web/new"), .accepted("alice", "bob")),
                .write(.edit("web/shop"), .refused("")),
                .write(.generate("web/shop", "-i"), .refused("")),
                .run(
                    ["mv", "own/diary", "web/diary"],
                    Verdict(ending: .status(1), says: ["not encrypted anew"], mayWarn: true)),
                .passel(
                    "recipients", "add", "--yes", "--path", "own", "$bob",
                    verdict: .refused("none of your keys")))),
        KeyCase(
            47, "own key expired",
            .both(
                "", .clock(.hours(-1), after: .aliceExpires),
                .write(.insert("own/new"), .warned("expires on", "alice")),
                .clock(.hours(1), after: .aliceExpires),
                .write(.insert("own/new"), ended("alice")),
                .write(.edit("own/diary"), ended("alice"))),
            .roster(
                "and nothing is signed with it", .clock(.hours(1), after: .aliceExpires),
                .run(["recipients", "add", "--yes", "--path", "own", "$mallory"], .refused("")),
                .run(["recipients", "rm", "--yes", "$bob"], .refused("")))),
        KeyCase(
            48, "made in the future",
            .both(
                "", .clock(.days(1), after: .fayIsMade),
                .happens("Alice has Fay's key") { try $0.imports("fay") },
                .clock(.days(-1), after: .fayIsMade),
                .passel(
                    "recipients", "add", "--yes", "$fay", verdict: .refused("cannot encrypt to")),
                asBefore,
                .clock(.days(1), after: .fayIsMade), .acknowledged(["fay"], in: ""),
                .passel("recipients", "add", "--yes", "$fay", verdict: .done),
                .write(.insert("web/new"), .accepted("alice", "bob", "fay")),
                .clock(.days(-1), after: .fayIsMade),
                .write(.insert("web/new"), .refused("fay"))),
            .bare(
                "in a bare list", .clock(.days(1), after: .fayIsMade),
                .happens("Alice has Fay's key") { try $0.imports("fay") },
                .clock(.days(-1), after: .fayIsMade),
                .passel("init", "$alice", "$fay", verdict: .refused("")), asBefore,
                .clock(.days(1), after: .fayIsMade), .acknowledged(["fay"], in: ""),
                .passel("init", "$alice", "$fay", verdict: .done),
                .write(.insert("web/new"), .accepted("alice", "fay")))),
        KeyCase(
            49, "machine whose last day has passed",
            .roster(
                "", .clock(.hours(-1), after: .robotEnds),
                .write(.insert("ci/new"), .accepted("alice", "robot")),
                .clock(.hours(1), after: .robotEnds),
                .write(.insert("ci/new"), .refused("was to read until")),
                .write(.edit("ci/token"), .refused("robot")),
                .write(.insert("ci/new", "--skip=$robot"), .accepted("alice")),
                .run(["recipients", "rm", "--yes", "$robot"], .done),
                .write(.insert("ci/new"), .accepted("alice")))),
    ]

    /// KEY-50 to KEY-52: what to do about it.
    static let remedies = [
        KeyCase(
            50, "--skip of somebody whose key has expired",
            .both(
                "", .clock(.hours(1), after: .bobExpires),
                .write(.insert("web/new", "--skip=$bob"), .accepted("alice")),
                .happens("the commit says it") { desk in
                    let message = try desk.run("git", "-C", desk.store, "show", "--no-patch")
                    let trailer = try "Skipped-recipient: " + desk.workshop.fingerprint("bob")
                    guard message.stdout.text.contains(trailer) else {
                        throw TestingProblem("no trailer: \(message.stdout.text)")
                    }
                },
                .passel("recipients", "check", verdict: .attention("web/new")),
                .write(.generate("web/new", "-i", "--skip=$bob"), .accepted("alice")),
                .write(.edit("web/shop", "--skip=$bob"), .accepted("alice")),
                .write(.insert("web/new", "--skip=bob@example.org"), .accepted("alice")),
                .write(.insert("web/new", "--skip=$carol"), .refused("")))),
        KeyCase(
            51, "--skip of somebody whose key can be used",
            .both(
                "", .write(.insert("web/new", "--skip=$bob"), .refused("can be used")),
                .write(.generate("web/new", "--skip=$bob"), .refused("can be used")),
                .write(.edit("web/shop", "--skip=bob@example.org"), .refused("can be used")),
                .clock(.hours(1), after: .bobExpires),
                .write(.insert("web/new", "--skip=$alice"), .refused("")),
                .write(
                    .insert("web/new", "--skip=$alice", "--skip=$bob"), .refused("can be used")))),
        KeyCase(
            52, "after prolonging, everything works again",
            .roster(
                "published in the store", .clock(.hours(1), after: .bobExpires),
                .write(.insert("web/new"), .refused("expired")),
                .write(.insert("web/new", "--skip=$bob"), .accepted("alice")),
                .happens("Bob prolongs his key and publishes it") { desk in
                    try desk.keyArrives("bob-prolonged", as: "bob")
                },
                .write(.insert("web/new"), .refused("expired")),
                .passel("recipients", "refresh", "--yes", verdict: .told("expires")),
                .write(.insert("web/new"), .accepted("alice", "bob")),
                .write(.edit("web/shop"), .accepted("alice", "bob")),
                .passel("recipients", "heal", "--yes", verdict: .done)),
            .roster(
                "imported", .clock(.hours(1), after: .carolsSubkeyExpires),
                .write(.insert("ops/new"), .refused("expired")),
                .happens("Alice imports Carol's and Bob's prolonged keys") { desk in
                    try desk.imports("carol-prolonged", "bob-prolonged")
                },
                .passel("recipients", "refresh", "--yes", verdict: .told("expires")),
                .write(.insert("ops/new"), .accepted("alice", "carol")), asBefore),
            .bare(
                "imported", .clock(.days(-1), after: .bobExpires),
                .write(.insert("web/new"), .warned("expires on", "alice", "bob")),
                .happens("Alice imports Bob's prolonged key") { try $0.imports("bob-prolonged") },
                .write(.insert("web/new"), .accepted("alice", "bob")),
                .clock(.hours(1), after: .bobExpires), asBefore,
                .write(.edit("web/shop"), .accepted("alice", "bob"))),
            .bare(
                "imported too late", .clock(.hours(1), after: .bobExpires),
                .write(.insert("web/new"), ended("bob")),
                .happens("Alice imports Bob's prolonged key") { try $0.imports("bob-prolonged") },
                .write(.insert("web/new"), .accepted("alice", "bob")),
                .write(.edit("web/shop"), .accepted("alice", "bob")))),
    ]
}
