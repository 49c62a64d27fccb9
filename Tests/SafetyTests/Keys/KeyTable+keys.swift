import PasselTesting

extension KeyCase {
    private static let reviewed = Verdict.refused("this machine has not acknowledged that")
    /// Alice's team writes to those to whom it wrote before.
    private static let asBefore = KeyStep.write(.insert("web/new"), .accepted("alice", "bob"))

    /// KEY-25 and KEY-26: keys that look like others.
    static let lookAlikes = [
        KeyCase(
            25, "equal user ids",
            .bare(
                "a second key with Bob's address",
                .happens("the list names Bob by his address, as Alice wants it") { desk in
                    try desk.passel("init", "$alice", "bob@example.org")
                },
                asBefore, .happens("Alice gets the other key") { try $0.imports("double") },
                .write(.insert("web/new"), reviewed), .write(.edit("web/shop"), reviewed),
                .happens("Alice says which") { try $0.passel("init", "$alice", "$bob") },
                asBefore),
            .bare(
                "a second key with Bob's address, from the beginning",
                .happens("Alice has the other key") { try $0.imports("double") },
                .passel(
                    "init", "--path=own", "$alice", "bob@example.org",
                    verdict: .refused("means more than one key")),
                .write(.insert("own/new"), .accepted("alice"))),
            .both(
                "lists of fingerprints",
                .happens("Alice gets the other key") { try $0.imports("double") }, asBefore,
                .write(.edit("web/shop"), .accepted("alice", "bob")),
                .passel(
                    "recipients", "add", "--yes", "--path", "own", "bob@example.org",
                    verdict: .refused("means more than one key"))),
            .both(
                "the other key lies in the store",
                .happens("Mallory publishes it") { try $0.keyArrives("double", as: "double") },
                asBefore,
                .passel(
                    "recipients", "add", "--yes", "--path", "own", "bob@example.org",
                    verdict: .refused("means more than one key")))),
        KeyCase(
            26, "look-alikes of key ids",
            .bare(
                "a short id of two keys",
                .happens("the list names Shay by a short id, as Alice wants it") { desk in
                    try desk.imports("shay")
                    try desk.passel("init", "$alice", "%shay")
                },
                .acknowledged(["shay"], in: ""),
                .write(.insert("web/new"), .accepted("alice", "shay")),
                .happens("Alice's keyring has the other one first") { desk in
                    try desk.importsAnew("alice", "shea", "shay", "bob", "carol")
                },
                .write(.insert("web/new"), reviewed)),
            .bare(
                "a short id of two keys, from the beginning",
                .happens("Alice has both") { try $0.imports("shay", "shea") },
                .passel(
                    "init", "--path=own", "$alice", "%shay",
                    verdict: .refused("means more than one key"))
            ),
            .both(
                "a short id as a recipient",
                .happens("Alice has both") { try $0.imports("shay", "shea") },
                .passel(
                    "recipients", "add", "--yes", "%shay",
                    verdict: .refused("means more than one key"))),
            .both(
                "a key that carries Bob's encryption subkey",
                .happens("it is first in Alice's keyring") { desk in
                    try desk.importsAnew("alice", "thief", "bob", "carol", "mallory")
                },
                asBefore, .write(.insert("ops/new"), .accepted("alice", "carol"))),
            .bare(
                "the long id of Bob's encryption subkey",
                .happens("it is first in Alice's keyring") { desk in
                    try desk.importsAnew("alice", "thief", "bob", "carol", "mallory")
                },
                .passel(
                    "init", "--path=own", "$alice", "&bob",
                    verdict: .refused("more than one key"))),
            .bare(
                "a key that carries Bob's primary key as a subkey, in the place of his",
                .happens("Alice has it, so that gpg does not take Bob's") { desk in
                    try desk.importsAnew("alice", "poser", "bob", "carol", "mallory")
                },
                .write(.insert("web/new"), .refused("to another key than")),
                .write(.edit("web/shop"), .refused("to another key than"))),
            .both(
                "a key that carries Bob's primary key as a subkey, beside his",
                .happens("Alice gets it") { try $0.imports("poser") }, asBefore,
                .write(.edit("web/shop"), .accepted("alice", "bob"))),
            .roster(
                "a key that carries Bob's primary key as a subkey, in the place of his",
                .happens("it is first in Alice's keyring") { desk in
                    try desk.importsAnew("alice", "poser", "bob", "carol", "mallory")
                },
                asBefore, .write(.edit("web/shop"), .accepted("alice", "bob"))),
            .bare(
                "the same, in a folder that is new",
                .happens("it is first in Alice's keyring") { desk in
                    try desk.importsAnew("alice", "poser", "bob", "carol", "mallory")
                },
                .passel("init", "--path=own", "$alice", "$bob", verdict: .refused("another key")),
                .write(.insert("own/new"), .accepted("alice"))),
            .roster(
                "the same, as a new recipient",
                .happens("it is first in Alice's keyring") { desk in
                    try desk.importsAnew("alice", "poser", "bob", "carol", "mallory")
                },
                .passel(
                    "recipients", "set", "--yes", "--path", "own", "$alice", "$bob",
                    verdict: .refused("more than one key")),
                .write(.insert("own/new"), .accepted("alice")))),
    ]

    /// KEY-27 to KEY-33: key files in the store that are not what they seem.
    static let keyFiles = [
        KeyCase(
            27, "key file replaced by another person's key",
            .both(
                "of somebody who reads",
                .happens("Bob's file holds Mallory's key") {
                    try $0.keyArrives("mallory", as: "bob")
                },
                asBefore, .passel("recipients", "refresh", "--yes", verdict: .done), asBefore,
                .write(.edit("web/shop"), .accepted("alice", "bob"))),
            .roster(
                "of somebody who reads, whom Alice's own keyring lacks",
                .happens("Bob's file holds Mallory's key") { desk in
                    try desk.importsAnew("alice", "mallory")
                    try desk.keyArrives("mallory", as: "bob")
                },
                asBefore, .passel("recipients", "refresh", "--yes", verdict: .done), asBefore),
            .both(
                "of a newcomer",
                .happens("Dave's file holds Mallory's key") {
                    try $0.keyArrives("mallory", as: "dave")
                },
                .passel(
                    "recipients", "add", "--yes", "$dave", verdict: .refused("there is no key")),
                asBefore)),
        KeyCase(
            28, "key with replaced encryption subkey",
            .roster(
                "Mallory's, not signed by Bob",
                .happens("Bob's file has Mallory's subkey") {
                    try $0.keyArrives("bob-stolen", as: "bob")
                },
                asBefore, .passel("recipients", "refresh", "--yes", verdict: .done), asBefore),
            .both(
                "Mallory's, in Alice's keyring",
                .happens("Alice imports it") { try $0.imports("bob-stolen") }, asBefore,
                .write(.edit("web/shop"), .accepted("alice", "bob"))),
            .both(
                "Mallory's, of a newcomer",
                .happens("Dave's file has Mallory's subkey") {
                    try $0.keyArrives("dave-stolen", as: "dave")
                },
                .passel(
                    "recipients", "add", "--yes", "$dave",
                    verdict: .refused("cannot encrypt to dave")),
                asBefore),
            .bare(
                "Bob's own new one",
                .happens("Alice imports it") { try $0.imports("bob-new") },
                .write(.insert("web/new"), .accepted("alice", "bob-new")),
                .write(.edit("web/shop"), .accepted("alice", "bob-new"))),
            .roster(
                "Bob's own new one",
                .happens("Bob publishes it") { try $0.keyArrives("bob-new", as: "bob") }, asBefore,
                .passel("recipients", "refresh", "--yes", verdict: .told("new subkey")),
                .write(.insert("web/new"), .accepted("alice", "bob-new")))),
        KeyCase(
            29, "two encryption subkeys",
            .both(
                "", .happens("Alice has Tom's key") { try $0.imports("tom") },
                .acknowledged(["tom"], in: ""),
                .run(
                    ["recipients", "add", "--yes", "$tom"], .done),
                .write(.insert("web/new"), .accepted("alice", "bob", "tom-new"))),
            .bare(
                "in a bare list",
                .happens("Alice has Tom's key") { try $0.imports("tom") },
                .acknowledged(["tom"], in: ""), .passel("init", "$alice", "$tom", verdict: .done),
                .write(.insert("web/new"), .accepted("alice", "tom-new")))),
        KeyCase(
            30, "key in the store differing from the keyring",
            .roster(
                "newer in the keyring", .happens("Alice imports it") { try $0.imports("bob-new") },
                asBefore, .passel("recipients", "refresh", "--yes", verdict: .told("new subkey")),
                .write(.insert("web/new"), .accepted("alice", "bob-new"))),
            .roster(
                "newer in the store, then older again",
                .happens("Bob publishes it") { try $0.keyArrives("bob-new", as: "bob") }, asBefore,
                .passel("recipients", "refresh", "--yes", verdict: .told("new subkey")),
                .happens("Mallory puts the old one back") { try $0.keyArrives("bob", as: "bob") },
                .write(.insert("web/new"), .accepted("alice", "bob-new")),
                .passel("recipients", "refresh", "--yes", verdict: .told("newest that is known")),
                .write(.insert("web/new"), .accepted("alice", "bob-new"))),
            .bare(
                "newer in the store",
                .happens("Bob publishes it") { try $0.keyArrives("bob-new", as: "bob") },
                asBefore, .write(.edit("web/shop"), .accepted("alice", "bob")))),
        KeyCase(
            31, "forged end of a key",
            scenes: ["bob-forged", "bob-unsigned"].flatMap { file -> [KeyScene] in
                let what = file == "bob-forged" ? "with wrong signatures" : "in the unsigned part"
                return [
                    .roster(
                        what, .happens("it arrives") { try $0.keyArrives(file, as: "bob") },
                        .passel(
                            "recipients", "refresh", "--yes",
                            verdict: .told("newest that is known")),
                        .clock(.days(1), after: .bobExpires),
                        .write(.insert("web/new"), .refused("expired")),
                        .passel("recipients", "refresh", "--yes", verdict: .done),
                        .write(.insert("web/new"), .refused("expired"))),
                    .bare(
                        what, .happens("Alice imports it") { try $0.imports(file) },
                        .clock(.days(1), after: .bobExpires),
                        .write(.insert("web/new"), .refused("Unusable public key"))),
                ]
            }),
        KeyCase(
            32, "broken self-signatures",
            .roster(
                "of somebody who reads",
                .happens("they arrive") { try $0.keyArrives("bob-broken", as: "bob") }, asBefore,
                .passel("recipients", "refresh", "--yes", verdict: .done), asBefore),
            .both(
                "of a newcomer",
                .happens("they arrive") { try $0.keyArrives("dave-broken", as: "dave") },
                .passel("recipients", "add", "--yes", "$dave", verdict: .refused("")), asBefore),
            .bare(
                "in Alice's keyring",
                .happens("Alice imports them") { try $0.imports("bob-broken") },
                asBefore)),
        KeyCase(
            33, "two keys in one key file",
            .both(
                "of a newcomer",
                .happens("Dave's file holds Mallory's key, too") { desk in
                    try desk.keyArrives("dave-and-mallory", as: "dave")
                },
                .passel(
                    "recipients", "add", "--yes", "$dave",
                    verdict: .refused("not hold exactly one public key")),
                asBefore),
            .roster(
                "of somebody who reads",
                .happens("Carol's file holds Mallory's key, too") { desk in
                    try desk.keyArrives("carol-and-mallory", as: "carol")
                },
                .write(.insert("ops/new"), .accepted("alice", "carol")),
                .passel("recipients", "refresh", "--yes", verdict: .done),
                .write(.insert("ops/new"), .accepted("alice", "carol")))),
    ]

    /// KEY-34 to KEY-36: keys that are not fit.
    static let unfitKeys = [
        KeyCase(
            34, "weak key",
            .both(
                "", .happens("Alice has it") { try $0.imports("weak") },
                .passel(
                    "recipients", "add", "--yes", "$weak", verdict: .refused("1024 bits of RSA")),
                asBefore, .acknowledged(["weak"], in: ""),
                .passel(
                    "recipients", "add", "--yes", "--force", "$weak",
                    verdict: .told("1024 bits of RSA")),
                .write(.insert("web/new"), .accepted("alice", "bob", "weak")))),
        KeyCase(
            35, "key without encryption subkey",
            .both(
                "", .happens("Alice has it") { try $0.imports("sam") },
                .passel(
                    "recipients", "add", "--yes", "--force", "$sam",
                    verdict: .refused("no part of the key encrypts")),
                asBefore),
            .bare(
                "in a bare list", .happens("Alice has it") { try $0.imports("sam") },
                .passel("init", "$alice", "$sam", verdict: .refused("")), asBefore)),
        KeyCase(
            36, "disabled key",
            .bare(
                "", .happens("Alice disables Bob's key") { try $0.disables("bob") },
                .write(.insert("web/new"), .refused("")), .write(.edit("web/shop"), .refused(""))),
            .roster(
                "of somebody in the roster",
                .happens("Alice disables Bob's key") { try $0.disables("bob") }, asBefore),
            .both(
                "of a newcomer",
                .happens("Alice has it, and disables it") { desk in
                    try desk.imports("dave")
                    try desk.disables("dave")
                },
                .passel(
                    "recipients", "add", "--yes", "$dave",
                    verdict: .refused("you disabled the key")),
                asBefore)),
    ]
}
