/// A pair of things that two people did at the same time, and what comes of it.
struct MergeCase: Sendable {
    let name: String
    var base: [Edit] = []
    let ours: [Edit]
    let theirs: [Edit]
    /// Whether our change is the later one.
    var oursIsNewer = false
    /// Entries and files afterwards; `*` for the digits of a kept copy.
    let after: [String]
    /// What is told of it.
    let told: [String]
}

/// The table of passel-sync(7): every pair of changes, and the documented outcome.
enum MergeTable {
    static let cases: [MergeCase] = edits + removals + renames + additions + others

    private static let web: [Edit] = [.put("web", "one\nuser: ann\nurl: a\n")]

    // MARK: Both changed the entry

    static let edits: [MergeCase] = [
        MergeCase(
            name: "different fields", base: web,
            ours: [.put("web", "one\nuser: eve\nurl: a\n")],
            theirs: [.put("web", "one\nuser: ann\nurl: b\n")],
            after: ["web = one | user: eve | url: b"], told: ["web: merged"]),
        MergeCase(
            name: "the secret and a field", base: web,
            ours: [.put("web", "two\nuser: ann\nurl: a\n")],
            theirs: [.put("web", "one\nuser: ann\nurl: b\n")],
            after: ["web = two | user: ann | url: b"], told: ["web: merged"]),
        MergeCase(
            name: "the secret, theirs later", base: web,
            ours: [.put("web", "two\nuser: ann\nurl: a\n")],
            theirs: [.put("web", "three\nuser: ann\nurl: a\n")],
            after: [
                "web = three | user: ann | url: a", "web.conflict-* = two | user: ann | url: a",
            ],
            told: ["web: conflict in secret"]),
        MergeCase(
            name: "the secret, ours later", base: web,
            ours: [.put("web", "two\nuser: ann\nurl: a\n")],
            theirs: [.put("web", "three\nuser: ann\nurl: a\n")], oursIsNewer: true,
            after: [
                "web = two | user: ann | url: a", "web.conflict-* = three | user: ann | url: a",
            ],
            told: ["web: conflict in secret"]),
        MergeCase(
            name: "the secret, and each another field", base: web,
            ours: [.put("web", "two\nuser: eve\nurl: a\n")],
            theirs: [.put("web", "three\nuser: ann\nurl: b\n")],
            after: [
                "web = three | user: eve | url: b", "web.conflict-* = two | user: eve | url: a",
            ],
            told: ["web: conflict in secret"]),
        MergeCase(
            name: "the same field differently", base: web,
            ours: [.put("web", "one\nuser: eve\nurl: a\n")],
            theirs: [.put("web", "one\nuser: bob\nurl: a\n")],
            after: ["web = one | user: bob | url: a", "web.conflict-* = one | user: eve | url: a"],
            told: ["web: conflict in user"]),
        MergeCase(
            name: "the same change", base: web,
            ours: [.put("web", "two\nuser: ann\nurl: a\n")],
            theirs: [.put("web", "two\nuser: ann\nurl: a\n")],
            after: ["web = two | user: ann | url: a"], told: []),
        MergeCase(
            name: "a field added on each side", base: web,
            ours: [.put("web", "one\nuser: ann\nurl: a\nmail: m\n")],
            theirs: [.put("web", "one\nuser: ann\nurl: a\nphone: p\n")],
            after: ["web = one | user: ann | url: a | mail: m | phone: p"], told: ["web: merged"]),
        MergeCase(
            name: "a field taken out, another changed", base: web,
            ours: [.put("web", "one\nurl: a\n")],
            theirs: [.put("web", "one\nuser: ann\nurl: b\n")],
            after: ["web = one | url: b"], told: ["web: merged"]),
        MergeCase(
            name: "encrypted anew, and changed", base: web, ours: [.recrypt("web")],
            theirs: [.put("web", "two\nuser: ann\nurl: a\n")],
            after: ["web = two | user: ann | url: a"], told: ["web: changed"]),
        MergeCase(
            name: "encrypted anew on both sides", base: web, ours: [.recrypt("web")],
            theirs: [.recrypt("web")], after: ["web = one | user: ann | url: a"], told: []),
        MergeCase(
            name: "bytes that are no text", base: [.put("key", "a\0b")],
            ours: [.put("key", "c\0d")], theirs: [.put("key", "e\0f")],
            after: ["key = c\0d", "key.conflict-* = e\0f"],
            told: ["key: kept both, it is no text"]),
        MergeCase(
            name: "theirs cannot be read here", base: web,
            ours: [.put("web", "two\n")], theirs: [.put("web", "locked\n")],
            after: ["web = two", "web.conflict-* = unreadable"],
            told: ["web: kept both, their version: it cannot be decrypted"]),
        MergeCase(
            name: "ours cannot be read here", base: web,
            ours: [.put("web", "locked\n")], theirs: [.put("web", "two\n")],
            after: ["web = unreadable", "web.conflict-* = two"],
            told: ["web: kept both, the version here: it cannot be decrypted"]),
    ]

    // MARK: One removed the entry

    static let removals: [MergeCase] = [
        MergeCase(
            name: "removed here, changed there", base: web, ours: [.rm("web.gpg")],
            theirs: [.put("web", "two\n")], after: ["web = two"],
            told: ["web: stays, removed by ours"]),
        MergeCase(
            name: "changed here, removed there", base: web, ours: [.put("web", "two\n")],
            theirs: [.rm("web.gpg")], after: ["web = two"], told: ["web: stays, removed by theirs"]),
        MergeCase(
            name: "removed on both sides", base: web, ours: [.rm("web.gpg")],
            theirs: [.rm("web.gpg")], after: [], told: []),
        MergeCase(
            name: "removed, and encrypted anew", base: web, ours: [.recrypt("web")],
            theirs: [.rm("web.gpg")], after: [], told: ["web: removed"]),
    ]

    // MARK: One renamed the entry

    static let renames: [MergeCase] = [
        MergeCase(
            name: "renamed there, changed here", base: web, ours: [.put("web", "two\n")],
            theirs: [.mv("web.gpg", "site.gpg")], after: ["site = two"],
            told: ["site: under its new name, was web"]),
        MergeCase(
            name: "renamed here, changed there", base: web, ours: [.mv("web.gpg", "site.gpg")],
            theirs: [.put("web", "two\n")], after: ["site = two"],
            told: ["site: under its new name, was web"]),
        MergeCase(
            name: "renamed and encrypted anew, changed there", base: web,
            ours: [.mv("web.gpg", "team/web.gpg"), .recrypt("team/web")],
            theirs: [.put("web", "two\n")], after: ["team/web = two"],
            told: ["team/web: under its new name, was web"]),
        MergeCase(
            name: "renamed and then changed, changed there", base: web,
            ours: [
                .mv("web.gpg", "site.gpg"), .commit, .put("site", "one\nuser: eve\nurl: a\n"),
            ],
            theirs: [.put("web", "one\nuser: ann\nurl: b\n")],
            after: ["site = one | user: eve | url: b"],
            told: ["site: under its new name, was web"]),
        MergeCase(
            name: "renamed here, removed there", base: web, ours: [.mv("web.gpg", "site.gpg")],
            theirs: [.rm("web.gpg")], after: ["site = one | user: ann | url: a"], told: []),
        MergeCase(
            name: "renamed alike", base: web, ours: [.mv("web.gpg", "site.gpg")],
            theirs: [.mv("web.gpg", "site.gpg")], after: ["site = one | user: ann | url: a"],
            told: []),
        MergeCase(
            name: "renamed alike, each with a change", base: web,
            ours: [.mv("web.gpg", "site.gpg"), .commit, .put("site", "two\nuser: ann\nurl: a\n")],
            theirs: [
                .mv("web.gpg", "site.gpg"), .commit, .put("site", "one\nuser: ann\nurl: b\n"),
            ],
            after: ["site = two | user: ann | url: b"], told: ["site: merged"]),
        MergeCase(
            name: "renamed to two names", base: web, ours: [.mv("web.gpg", "left.gpg")],
            theirs: [.mv("web.gpg", "right.gpg")],
            after: ["left = one | user: ann | url: a", "right = one | user: ann | url: a"],
            told: ["right: came", "web: renamed apart, left and right"]),
        MergeCase(
            name: "only the case of the name changed, changed there", base: web,
            ours: [.mv("web.gpg", "Web.gpg")], theirs: [.put("web", "two\n")],
            after: ["Web = two"], told: ["Web: under its new name, was web"]),
    ]

    // MARK: Both added a name

    static let additions: [MergeCase] = [
        MergeCase(
            name: "the same entry added", ours: [.put("web", "one\n")],
            theirs: [.put("web", "one\n")], after: ["web = one"], told: []),
        MergeCase(
            name: "an entry added with the same secret", ours: [.put("web", "one\nuser: ann\n")],
            theirs: [.put("web", "one\nurl: a\n")], after: ["web = one | user: ann | url: a"],
            told: ["web: merged"]),
        MergeCase(
            name: "an entry added with another secret", ours: [.put("web", "one\n")],
            theirs: [.put("web", "two\n")], after: ["web = two", "web.conflict-* = one"],
            told: ["web: conflict in secret"]),
        MergeCase(
            name: "an entry, and a folder of its name", ours: [.put("web", "one\n")],
            theirs: [.put("web.gpg/in", "two\n")],
            after: ["web.conflict-* = one", "web.gpg/in = two"],
            told: ["web: kept both, a folder has its name", "web.gpg/in: came"]),
        MergeCase(
            name: "names that differ in case", ours: [.put("web", "one\n")],
            theirs: [.put("Web", "two\n")], after: ["Web = two", "web = one"],
            told: ["Web: came", "Web: twin of web"]),
    ]

    // MARK: What is no entry

    static let others: [MergeCase] = [
        MergeCase(
            name: "a recipient added, and the entry changed",
            base: web + [.file("team/.gpg-id", "ann\n"), .put("team/web", "one\nuser: ann\n")],
            ours: [
                .file("team/.gpg-id", "ann\nbob\n"), .recrypt("team/web", for: ["ann", "bob"]),
            ],
            theirs: [.put("team/web", "two\nuser: ann\n")],
            after: [
                "team/.gpg-id: ann\nbob\n", "team/web = two | user: ann",
                "web = one | user: ann | url: a",
            ], told: ["team/web: changed"]),
        MergeCase(
            name: "a recipient added on each side, one taken out",
            base: [.file("team/.gpg-id", "ann\nbob\n")],
            ours: [.file("team/.gpg-id", "ann\nbob\ncarol\n")],
            theirs: [.file("team/.gpg-id", "ann\ndora\n")],
            after: ["team/.gpg-id: ann\ncarol\ndora\n"], told: ["team: merged"]),
        MergeCase(
            name: "a signed list changed on both sides",
            base: [.file("team/.gpg-id", "ann\n"), .file("team/.gpg-id.sig", "0")],
            ours: [.file("team/.gpg-id", "ann\nbob\n"), .file("team/.gpg-id.sig", "1")],
            theirs: [.file("team/.gpg-id", "ann\ncarol\n"), .file("team/.gpg-id.sig", "2")],
            after: ["team/.gpg-id: ann\nbob\ncarol\n"], told: ["team: unsigned"]),
        MergeCase(
            name: "events of the security log",
            base: [.file(".passel/log/a", "a"), .file(".passel/log/b", "b")],
            ours: [.rm(".passel/log/a"), .file(".passel/log/c", "c")],
            theirs: [
                .rm(".passel/log/b"), .file(".passel/log/c", "d"), .file(".passel/log/e", "e"),
            ],
            after: [
                ".passel/log/a: a", ".passel/log/b: b", ".passel/log/c: c", ".passel/log/e: e",
            ], told: []),
        MergeCase(
            name: "any other file", base: [.file("README", "0")], ours: [.file("README", "1")],
            theirs: [.file("README", "2")], after: ["README.conflict-*: 2", "README: 1"],
            told: ["README: kept both, both sides changed it"]),
    ]
}
