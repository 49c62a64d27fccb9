import PasselTesting

extension Desk {
    /// Alice's store before anything happens: what she has acknowledged, and entries.
    ///
    /// Bob reads all of it but for `ops` (Carol), `own` (nobody) and, in a store with a roster, `ci`
    /// (a machine).
    static func template(_ workshop: KeyWorkshop, _ kind: StoreKind) throws -> Desk {
        let desk = try Desk(workshop, kind)
        try desk.importsAnew("alice", "bob", "carol", "mallory", "robot")
        switch kind {
        case .bare:
            try desk.passel("init", "$alice", "$bob")
            try desk.passel("git", "init")
            try desk.passel("init", "--path=ops", "$alice", "$carol")
            try desk.passel("init", "--path=own", "$alice")
        case .roster:
            try desk.passel("init", "$alice")
            try desk.passel("git", "init")
            try desk.passel("recipients", "add", "--yes", "$bob")
            try desk.passel(
                "recipients", "set", "--yes", "--path", "ops", "--role", "signer", "$alice",
                "$carol")
            try desk.passel("recipients", "set", "--yes", "--path", "own", "$alice")
            try desk.passel("recipients", "set", "--yes", "--path", "ci", "$alice")
            try desk.passel(
                "recipients", "add", "--yes", "--path", "ci", "--role", "machine", "--until",
                workshop.robotsLastDayText, "$robot")
        }
        for entry in ["web/shop", "ops/server", "own/diary"] + (kind == .roster ? ["ci/token"] : [])
        { try desk.passel("insert", "-e", entry, input: "secret\n") }
        Disk.remove(desk.box.gnupgHome + "/random_seed")
        try desk.settle()
        return desk
    }
}
