/// Somebody with a home, a git identity and a keyring of their own.
struct Person {
    let home: String
    /// The keys in the keyring, in the order in which they came.
    private(set) var keys: [Key] = []
    private var ring = KeyForge.KeyringFiles(keybox: [], trust: [])
    /// The git identity's name; its address is `NAME@example.org` in lower case.
    let name: String
    /// Whether they have a store of their own, and learn nobody else's key by themselves.
    let isApart: Bool

    init(home: String, name: String = "Tester", isApart: Bool = false) {
        self.home = home
        self.name = name
        self.isApart = isApart
    }

    var gnupgHome: String { home + "/.gnupg" }
    var store: String { home + "/.password-store" }

    /// Makes the home.
    func settle() throws {
        try KeyForge.prepare(home: gnupgHome)
        try Disk.write(
            """
            [user]
            \tname = \(name)
            \temail = \(name.lowercased())@example.org
            [init]
            \tdefaultBranch = master
            [gc]
            \tauto = 0

            """, to: home + "/.gitconfig")
    }

    /// Adds a key to the keyring, trusted, and its secret half if it is this person's.
    mutating func learn(_ key: Key, withSecret: Bool) throws {
        if !keys.contains(key) {
            let keybox = gnupgHome + "/pubring.kbx"
            let trust = gnupgHome + "/trustdb.gpg"
            let untouched =
                (Disk.read(keybox) ?? []) == ring.keybox && (Disk.read(trust) ?? []) == ring.trust
            keys.append(key)
            if untouched {
                ring = try KeyForge.shared.keyring(of: keys)
                try Disk.write(ring.keybox, to: Bytes(keybox.utf8))
                try Disk.write(ring.trust, to: Bytes(trust.utf8))
            } else {
                try KeyForge.shared.addPublicHalf(of: key, to: gnupgHome)
            }
        }
        if withSecret { try KeyForge.shared.addSecretHalf(of: key, to: gnupgHome) }
    }
}
